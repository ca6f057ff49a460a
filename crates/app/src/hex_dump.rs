//! Bytes as people read them: where, which, and what of them is ASCII.

use std::fmt::Write;

/// Bytes of one line.
const LINE: usize = 16;

/// Lines of offset, sixteen bytes in two groups, and their printable ASCII. `from` is where the bytes begin.
pub(crate) fn hex_dump(bytes: &[u8], from: u64) -> String {
    let mut dump = String::with_capacity(bytes.len() * 5);
    for (number, line) in bytes.chunks(LINE).enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(dump, "{:08x} ", from + (number * LINE) as u64);
        for at in 0..LINE {
            let gap = if at % 8 == 0 { " " } else { "" };
            let _ = match line.get(at) {
                Some(byte) => write!(dump, "{gap}{byte:02x} "),
                None => write!(dump, "{gap}   "),
            };
        }
        dump.push_str(" |");
        dump.extend(line.iter().map(|&byte| {
            if byte.is_ascii_graphic() || byte == b' ' { char::from(byte) } else { '.' }
        }));
        dump.push_str("|\n");
    }
    dump
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_sixteen_bytes_and_their_letters() {
        let dump = hex_dump(b"\x7fELF\x02 0123456789\x00abc", 0);
        let lines: Vec<&str> = dump.lines().collect();
        assert_eq!(
            lines[0],
            "00000000  7f 45 4c 46 02 20 30 31  32 33 34 35 36 37 38 39  |.ELF. 0123456789|"
        );
        assert_eq!(lines[1], "00000010  00 61 62 63                                       |.abc|");
        assert_eq!(hex_dump(b"", 0), "");
        assert!(hex_dump(b"a", 0x1230).starts_with("00001230  61 "));
    }
}

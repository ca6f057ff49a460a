//! Which encoding a text has.

use serde::{Deserialize, Serialize};

/// The encoding of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, of which ASCII is a part.
    Utf8,
    /// UTF-8 after a byte order mark.
    Utf8Bom,
    /// UTF-16, little end first, after a byte order mark.
    Utf16Le,
    /// UTF-16, big end first, after a byte order mark.
    Utf16Be,
    /// Latin-1 or one near it: a guess.
    Latin1,
    /// EUC-KR or its extension CP949: a guess.
    EucKr,
}

/// The encoding of a text of which these are the first bytes; nothing if it is no text.
///
/// Without a byte order mark only UTF-8 is certain; Latin-1 and EUC-KR are told from which bytes stand side by side.
#[must_use]
pub fn encoding(head: &[u8]) -> Option<Encoding> {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => return Some(Encoding::Utf8Bom),
        [0xFF, 0xFE, 0, 0, ..] => return None,
        [0xFF, 0xFE, ..] => {
            return utf16(&head[2..], u16::from_le_bytes).then_some(Encoding::Utf16Le);
        }
        [0xFE, 0xFF, ..] => {
            return utf16(&head[2..], u16::from_be_bytes).then_some(Encoding::Utf16Be);
        }
        _ => {}
    }
    if head.iter().any(|byte| is_never_text(*byte)) {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(_) => return Some(Encoding::Utf8),
        // The head may end inside a character.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
            return Some(Encoding::Utf8);
        }
        Err(_) => {}
    }
    eight_bit(head)
}

/// Bytes that no text has: control characters other than tab, line ends, form feed, escape and backspace.
const fn is_never_text(byte: u8) -> bool {
    matches!(byte, 0..=6 | 14..=26 | 28..=31 | 127)
}

fn utf16(rest: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut known = char::decode_utf16(units).peekable();
    let mut last_bad = false;
    while let Some(character) = known.next() {
        let bad =
            character.is_err() || character.is_ok_and(|c| u8::try_from(c).is_ok_and(is_never_text));
        // Only the last one may be cut.
        if bad && known.peek().is_some() {
            return false;
        }
        last_bad = bad;
    }
    !last_bad || rest.len() > 2
}

/// EUC-KR where the bytes above ASCII come in pairs, and mostly pairs of the block of Hangul; else Latin-1 where they
/// are few and printable.
fn eight_bit(head: &[u8]) -> Option<Encoding> {
    let high = head.iter().filter(|byte| **byte >= 0x80).count();
    let mut at = 0;
    let (mut pairs, mut hangul, mut is_paired) = (0_usize, 0_usize, true);
    while at < head.len() {
        if head[at] < 0x80 {
            at += 1;
            continue;
        }
        let Some(second) = head.get(at + 1) else { break };
        is_paired &= matches!(head[at], 0x81..=0xFE)
            && matches!(second, 0x41..=0x5A | 0x61..=0x7A | 0x81..=0xFE);
        pairs += 1;
        hangul += usize::from(matches!(head[at], 0xB0..=0xC8) && *second >= 0xA1);
        at += 2;
    }
    if is_paired && pairs >= 2 && hangul * 10 >= pairs * 6 {
        return Some(Encoding::EucKr);
    }
    let controls = head.iter().filter(|byte| matches!(byte, 0x80..=0x9F)).count();
    (controls == 0 && high * 10 <= head.len() * 3).then_some(Encoding::Latin1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let utf16: Vec<u8> =
            "\u{feff}가나 ok\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}plain\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let cases: [(&[u8], Option<Encoding>); 9] = [
            (b"plain\n", Some(Encoding::Utf8)),
            ("한글 문서\n".as_bytes(), Some(Encoding::Utf8)),
            (b"\xEF\xBB\xBFx", Some(Encoding::Utf8Bom)),
            (&utf16, Some(Encoding::Utf16Le)),
            (&big, Some(Encoding::Utf16Be)),
            // "안녕하세요 세계" in EUC-KR.
            (b"\xBE\xC8\xB3\xE7\xC7\xCF\xBC\xBC\xBF\xE4 \xBC\xBC\xB0\xE8\n", Some(Encoding::EucKr)),
            (b"Copyright \xA9 J\xFCrgen M\xFCller, all rights\n", Some(Encoding::Latin1)),
            (b"a\0b", None),
            (b"\x80\x81\x90\x95\x9f\x8e", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(encoding(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_character_cut_by_the_end_of_the_head_is_no_mistake() {
        let text = "한글".as_bytes();
        for end in 4..text.len() {
            assert_eq!(encoding(&text[..end]), Some(Encoding::Utf8));
        }
    }
}

//! Names as they can be shown: what has no picture, or would change the picture of what follows, is written out.

/// `name` as text for a screen. Bytes that are not UTF-8 become `\xNN`; control characters, the marks that turn the
/// direction of writing, other invisible marks and the backslash itself become `\n`, `\u{202e}` and the like.
#[must_use]
pub fn escape(name: &[u8]) -> String {
    let mut shown = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '\\' => shown.push_str("\\\\"),
                _ if letter.is_control() || is_invisible(letter) => {
                    shown.extend(letter.escape_default());
                }
                _ => shown.push(letter),
            }
        }
        for byte in chunk.invalid() {
            shown.push_str(&format!("\\x{byte:02x}"));
        }
    }
    shown
}

/// Marks without width, directions, separators of lines, private and unassigned specials (Unicode general category
/// Cf, Zl, Zp), as far as they could make one name look like another.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
        assert_eq!(escape("층 layer é.txt".as_bytes()), "층 layer é.txt");
    }

    #[test]
    fn what_could_deceive_is_written_out() {
        assert_eq!(escape(b"a\nb\x1b[31m"), "a\\nb\\u{1b}[31m");
        assert_eq!(escape("gpj.\u{202e}exe".as_bytes()), "gpj.\\u{202e}exe");
        assert_eq!(escape(b"\xff\xfe"), "\\xff\\xfe");
        assert_eq!(escape(b"a\\xff"), "a\\\\xff");
    }
}

//! Patterns of `COPY` and `ADD`: Go's `filepath.Match`, over bytes.

/// Whether a text has a sign of a pattern; after a backslash there is none.
pub(crate) fn has_signs(text: &[u8]) -> bool {
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'*' | b'?' | b'[' => return true,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    false
}

/// One sign of a pattern.
enum Sign {
    Byte(u8),
    One,
    Any,
    Class { is_not: bool, ranges: Vec<(u8, u8)> },
}

/// A pattern for one component of a path.
pub(crate) struct Glob(Vec<Sign>);

impl Glob {
    /// Reads a pattern; none if it is malformed.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut signs = Vec::new();
        let mut rest = text;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            signs.push(match byte {
                b'*' => Sign::Any,
                b'?' => Sign::One,
                b'\\' => {
                    let (&next, after) = rest.split_first()?;
                    rest = after;
                    Sign::Byte(next)
                }
                b'[' => class(&mut rest)?,
                other => Sign::Byte(other),
            });
        }
        Some(Self(signs))
    }

    /// Whether all of a name matches.
    pub fn matches(&self, name: &[u8]) -> bool {
        let mut ends = vec![false; name.len() + 1];
        ends[0] = true;
        for sign in &self.0 {
            let mut next = vec![false; name.len() + 1];
            for at in 0..=name.len() {
                let one = at > 0 && ends[at - 1];
                next[at] = match sign {
                    Sign::Any => ends[at] || at > 0 && next[at - 1],
                    // A letter of more than one byte is one letter.
                    Sign::One => one || at > 0 && next[at - 1] && is_continued(name[at - 1]),
                    Sign::Byte(byte) => one && name[at - 1] == *byte,
                    Sign::Class { is_not, ranges } => {
                        let is_in =
                            |byte| ranges.iter().any(|&(from, to)| (from..=to).contains(&byte));
                        one && is_in(name[at - 1]) != *is_not
                    }
                };
            }
            ends = next;
        }
        ends[name.len()]
    }
}

fn is_continued(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// What follows `[`.
fn class(rest: &mut &[u8]) -> Option<Sign> {
    let is_not = rest.first() == Some(&b'^');
    if is_not {
        *rest = &rest[1..];
    }
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && rest.first() == Some(&b']') {
            *rest = &rest[1..];
            return Some(Sign::Class { is_not, ranges });
        }
        let from = bound(rest)?;
        let to = match rest.first() {
            Some(b'-') => {
                *rest = &rest[1..];
                bound(rest)?
            }
            _ => from,
        };
        ranges.push((from, to));
    }
}

fn bound(rest: &mut &[u8]) -> Option<u8> {
    let (&byte, after) = rest.split_first()?;
    *rest = after;
    match byte {
        b'-' | b']' => None,
        b'\\' => bound_after_escape(rest),
        other => Some(other),
    }
}

fn bound_after_escape(rest: &mut &[u8]) -> Option<u8> {
    let (&byte, after) = rest.split_first()?;
    *rest = after;
    Some(byte)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_match_as_in_go() {
        for (pattern, name, expected) in [
            ("*.txt", "a.txt", true),
            ("*", "", true),
            ("a?c", "abc", true),
            ("a?c", "aéc", true),
            ("a?c", "ac", false),
            ("[a-c]*", "bx", true),
            ("[^a]x", "ax", false),
            ("\\*x", "*x", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "aXcYb", false),
        ] {
            let glob = Glob::parse(pattern.as_bytes()).unwrap();
            assert_eq!(glob.matches(name.as_bytes()), expected, "{pattern} {name}");
        }
        for pattern in ["[a", "[]a]", "a\\", "[-x]"] {
            assert!(Glob::parse(pattern.as_bytes()).is_none(), "{pattern}");
        }
        assert!(has_signs(b"a*") && !has_signs(b"a\\*"));
    }
}

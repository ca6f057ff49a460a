//! One pattern of a `.dockerignore`.

#[derive(Debug, Clone, PartialEq, Eq)]
enum Sign {
    Letter(char),
    /// `?`: one letter, no slash.
    One,
    /// `*`: letters, no slash.
    Any,
    /// `**` or `**/` before something: nothing, or anything that ends with a slash.
    Folders,
    /// `**` at the end, or before a plain rest at the beginning: anything.
    All,
    /// `[a-z]`: one letter, with `^` one that is not in it.
    Class {
        is_not: bool,
        ranges: Vec<(char, char)>,
    },
}

/// A pattern to hold against whole paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Sign>);

impl Pattern {
    /// Reads a pattern; none if it is malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let mut signs = Vec::new();
        while let Some(letter) = rest.chars().next() {
            let before = rest;
            rest = &rest[letter.len_utf8()..];
            signs.push(match letter {
                '*' if rest.starts_with('*') => {
                    rest = &rest[1..];
                    let had_slash = rest.starts_with('/');
                    rest = rest.strip_prefix('/').unwrap_or(rest);
                    let is_suffix = before.len() == text.len()
                        && !had_slash
                        && !rest.contains(['*', '?', '[', ']', '\\']);
                    if rest.is_empty() || is_suffix { Sign::All } else { Sign::Folders }
                }
                '*' => Sign::Any,
                '?' => Sign::One,
                '\\' => Sign::Letter(letter_of(&mut rest)?),
                '[' => class(&mut rest)?,
                other => Sign::Letter(other),
            });
        }
        Some(Self(signs))
    }

    /// Whether the letters that begin and end it are those of the path: most paths are told by this alone.
    fn may_match(&self, path: &[char]) -> bool {
        let letter = |sign: &Sign| match sign {
            Sign::Letter(letter) => Some(*letter),
            _ => None,
        };
        let mut forwards = path.iter().copied();
        let mut backwards = path.iter().rev().copied();
        let mut first = self.0.iter().map_while(letter);
        let mut last = self.0.iter().rev().map_while(letter);
        first.all(|letter| forwards.next() == Some(letter))
            && last.all(|letter| backwards.next() == Some(letter))
    }

    /// Whether the whole of a path matches.
    pub fn matches(&self, path: &[char]) -> bool {
        if !self.may_match(path) {
            return false;
        }
        let mut ends = vec![false; path.len() + 1];
        ends[0] = true;
        for sign in &self.0 {
            let mut next = vec![false; path.len() + 1];
            // Whether the pattern so far ends somewhere before here.
            let mut seen = false;
            for at in 0..=path.len() {
                let last = at.checked_sub(1).map(|at| path[at]);
                let is_within = last.is_some_and(|letter| letter != '/');
                let one = at > 0 && ends[at - 1];
                next[at] = match sign {
                    Sign::Letter(letter) => one && last == Some(*letter),
                    Sign::One => one && is_within,
                    Sign::Any => ends[at] || (at > 0 && next[at - 1] && is_within),
                    Sign::Folders => ends[at] || (seen && last == Some('/')),
                    Sign::All => ends[at] || seen,
                    Sign::Class { is_not, ranges } => {
                        let is_in =
                            |letter| ranges.iter().any(|&(from, to)| (from..=to).contains(&letter));
                        one && last.is_some_and(|letter| is_in(letter) != *is_not)
                    }
                };
                seen |= ends[at];
            }
            ends = next;
        }
        ends[path.len()]
    }
}

fn letter_of(rest: &mut &str) -> Option<char> {
    let letter = rest.chars().next()?;
    *rest = &rest[letter.len_utf8()..];
    Some(letter)
}

/// What follows `[`.
fn class(rest: &mut &str) -> Option<Sign> {
    let is_not = rest.starts_with('^');
    if is_not {
        *rest = &rest[1..];
    }
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && rest.starts_with(']') {
            *rest = &rest[1..];
            return Some(Sign::Class { is_not, ranges });
        }
        let from = bound(rest)?;
        let to = match rest.strip_prefix('-') {
            Some(after) => {
                *rest = after;
                bound(rest)?
            }
            None => from,
        };
        ranges.push((from, to));
    }
}

/// One letter within brackets: a hyphen and a bracket need a backslash.
fn bound(rest: &mut &str) -> Option<char> {
    match letter_of(rest)? {
        '-' | ']' => None,
        '\\' => letter_of(rest),
        other => Some(other),
    }
}

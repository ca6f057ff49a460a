//! `--chmod`: a number, or clauses such as `u=rwX,go=rX`.

use crate::plan::Chmod;

/// One clause: whose bits, what is done with them, and which they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModeClause {
    /// A mask of those that are meant.
    who: u32,
    does: Does,
    /// Bits for one: 4 read, 2 write, 1 execute.
    bits: u32,
    /// `X`: execute, if it is a folder or somebody may execute it.
    has_conditional: bool,
    /// setuid, setgid, sticky.
    special: u32,
    /// Takes the bits of user, group or others.
    copied_from: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Set,
    Add,
    Remove,
}

const USER: u32 = 0o700;
const GROUP: u32 = 0o070;
const OTHERS: u32 = 0o007;

/// Reads a mode; none if it is none.
pub(crate) fn parse_chmod(text: &str) -> Option<Chmod> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let mode = u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o7777);
        return mode.map(Chmod::Octal);
    }
    let mut clauses = Vec::new();
    for clause in text.split(',') {
        clauses.extend(parse_clause(clause)?);
    }
    Some(Chmod::Symbolic(clauses))
}

/// A clause may have several operations: `u+r-w`.
fn parse_clause(text: &str) -> Option<Vec<ModeClause>> {
    let end = text.find(['=', '+', '-'])?;
    let mut who = 0;
    for letter in text[..end].chars() {
        who |= match letter {
            'u' => USER,
            'g' => GROUP,
            'o' => OTHERS,
            'a' => USER | GROUP | OTHERS,
            _ => return None,
        };
    }
    if who == 0 {
        who = USER | GROUP | OTHERS;
    }
    let mut clauses: Vec<ModeClause> = Vec::new();
    for letter in text[end..].chars() {
        let does = match letter {
            '=' => Does::Set,
            '+' => Does::Add,
            '-' => Does::Remove,
            other => {
                take(clauses.last_mut()?, other)?;
                continue;
            }
        };
        let (bits, special) = (0, 0);
        let empty =
            ModeClause { who, does, bits, has_conditional: false, special, copied_from: None };
        clauses.push(empty);
    }
    Some(clauses)
}

fn take(clause: &mut ModeClause, letter: char) -> Option<()> {
    match letter {
        'r' => clause.bits |= 4,
        'w' => clause.bits |= 2,
        'x' => clause.bits |= 1,
        'X' => clause.has_conditional = true,
        's' if clause.who & USER != 0 && clause.who & GROUP != 0 => clause.special |= 0o6000,
        's' if clause.who & USER != 0 => clause.special |= 0o4000,
        's' if clause.who & GROUP != 0 => clause.special |= 0o2000,
        't' => clause.special |= 0o1000,
        'u' => clause.copied_from = Some(6),
        'g' => clause.copied_from = Some(3),
        'o' => clause.copied_from = Some(0),
        _ => return None,
    }
    Some(())
}

impl Chmod {
    /// The mode of something that had this mode.
    pub fn of(&self, mode: u32, is_folder: bool) -> u32 {
        match self {
            Self::Octal(octal) => *octal,
            Self::Symbolic(clauses) => {
                clauses.iter().fold(mode & 0o7777, |mode, clause| clause.of(mode, is_folder))
            }
        }
    }
}

impl ModeClause {
    fn of(&self, mode: u32, is_folder: bool) -> u32 {
        let mut one = self.bits;
        if self.has_conditional && (is_folder || mode & 0o111 != 0) {
            one |= 1;
        }
        if let Some(shift) = self.copied_from {
            one |= mode >> shift & 0o7;
        }
        let bits = (one << 6 | one << 3 | one) & self.who | self.special;
        match self.does {
            Does::Set => {
                let special = match self.who {
                    USER => 0o4000,
                    GROUP => 0o2000,
                    _ => 0,
                };
                mode & !self.who & !special | bits
            }
            Does::Add => mode | bits,
            Does::Remove => mode & !bits,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn modes_are_changed_as_the_command_does() {
        for (text, mode, is_folder, expected) in [
            ("755", 0o600, false, 0o755),
            ("0640", 0o777, false, 0o640),
            ("u=rwX,go=rX", 0o600, false, 0o644),
            ("u=rwX,go=rX", 0o700, false, 0o755),
            ("u=rwX,go=rX", 0o600, true, 0o755),
            ("+x", 0o644, false, 0o755),
            ("go-rwx", 0o777, false, 0o700),
            ("a+rX", 0o600, false, 0o644),
            ("g=u", 0o640, false, 0o660),
            ("u+s,+t", 0o755, false, 0o5755),
            ("u+r-w", 0o200, false, 0o400),
        ] {
            assert_eq!(parse_chmod(text).unwrap().of(mode, is_folder), expected, "{text}");
        }
        for text in ["", "9", "77777", "u", "rwx", "u=q", "x+r"] {
            assert!(parse_chmod(text).is_none(), "{text}");
        }
    }
}

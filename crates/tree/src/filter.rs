//! What a person types to find files: a name, and conditions on owner, mode, size and change.

use crate::listed::Listed;
use crate::pattern::Pattern;
use crate::{Change, Node};

const SETUID: u32 = 0o4000;
const SETGID: u32 = 0o2000;
const STICKY: u32 = 0o1000;
const EXECUTE: u32 = 0o111;
const WRITABLE_BY_ALL: u32 = 0o002;
/// What a condition begins with.
const KEYS: [&str; 4] = ["owner", "mode", "size", "change"];
const CAPABILITY: &[u8] = b"security.capability";

/// A name and conditions, as they are typed into one field: `*.so owner:0 size:>1M`.
///
/// Words that are no condition are, together, the name. A word that looks like a condition and cannot be read is part
/// of the name too.
#[derive(Debug)]
pub(crate) struct Filter {
    /// None if there are conditions alone.
    pub name: Option<Pattern>,
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    /// `owner:1000`, `owner:1000:50`, `owner::50`.
    Owner { uid: Option<u64>, gid: Option<u64> },
    /// `mode:setuid,setgid`: one of them.
    Mode(Vec<ModeTest>),
    /// `size:>1M`, `size:<=20k`, `size:0`. Files only.
    Size { least: u64, most: u64 },
    /// `change:added,deleted`: one of them.
    Change(Vec<Change>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ModeTest {
    /// Exactly these bits.
    Exact(u32),
    /// One of these bits.
    Any(u32),
    /// It has capabilities.
    Capability,
}

/// The first word that is a condition by its beginning (`owner:`, `mode:`, `size:`, `change:`) and cannot be read as one.
/// A filter takes it for a part of a name; who types a whole filter at once may want to be told.
#[must_use]
pub fn unread_condition(text: &str) -> Option<&str> {
    text.split_whitespace().find(|word| {
        let key = word.split_once(':').map(|(key, _)| key);
        key.is_some_and(|key| KEYS.contains(&key)) && Condition::parse(word).is_none()
    })
}

impl Filter {
    pub fn new(text: &str) -> Self {
        let (mut name, mut conditions) = (Vec::new(), Vec::new());
        for word in text.split_whitespace() {
            match Condition::parse(word) {
                Some(condition) => conditions.push(condition),
                None => name.push(word),
            }
        }
        // A name may have spaces of its own, and many in a row.
        let name = if conditions.is_empty() { text.to_owned() } else { name.join(" ") };
        let name = (!name.is_empty()).then(|| Pattern::new(&name));
        Self { name, conditions }
    }

    /// Whether only the name counts.
    pub fn is_name_only(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Whether a row meets every condition; its name aside.
    pub fn admits(&self, record: &Listed, content: &Node<'_>) -> bool {
        self.conditions.iter().all(|condition| condition.admits(record, content))
    }
}

impl Condition {
    fn parse(word: &str) -> Option<Self> {
        let (key, value) = word.split_once(':')?;
        match key {
            "owner" => owner(value),
            "mode" => value.split(',').map(ModeTest::parse).collect::<Option<_>>().map(Self::Mode),
            "size" => size(value),
            "change" => value.split(',').map(change).collect::<Option<_>>().map(Self::Change),
            _ => None,
        }
    }

    fn admits(&self, record: &Listed, content: &Node<'_>) -> bool {
        let attributes = content.attributes();
        match self {
            Self::Owner { uid, gid } => {
                uid.is_none_or(|uid| uid == attributes.uid)
                    && gid.is_none_or(|gid| gid == attributes.gid)
            }
            Self::Mode(tests) => tests.iter().any(|test| test.admits(content)),
            Self::Size { least, most } => {
                !content.is_folder()
                    && !content.is_deleted()
                    && (*least..=*most).contains(&content.size())
            }
            // A folder of which only the time differs is no news: see `Counts`.
            Self::Change(wanted) => {
                let change = if record.counted { record.change } else { Change::Unchanged };
                wanted.contains(&change)
            }
        }
    }
}

impl ModeTest {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "setuid" => Self::Any(SETUID),
            "setgid" => Self::Any(SETGID),
            "sticky" => Self::Any(STICKY),
            "executable" => Self::Any(EXECUTE),
            "writable" => Self::Any(WRITABLE_BY_ALL),
            "capability" => Self::Capability,
            digits => {
                let bits = u32::from_str_radix(digits, 8).ok()?;
                (bits <= 0o7777 && digits.len() >= 3).then_some(Self::Exact(bits))?
            }
        })
    }

    fn admits(self, content: &Node<'_>) -> bool {
        let mode = content.attributes().mode;
        // A link's own bits say nothing.
        let is_link = content.kind() == strata_layer::EntryKind::Symlink;
        match self {
            Self::Exact(bits) => mode == bits,
            Self::Any(bits) => mode & bits != 0 && !is_link,
            Self::Capability => content.xattrs().iter().any(|(name, _)| *name == CAPABILITY),
        }
    }
}

fn owner(value: &str) -> Option<Condition> {
    let (uid, gid) = value.split_once(':').unwrap_or((value, ""));
    let number = |text: &str| match text {
        "" => Some(None),
        text => text.parse().ok().map(Some),
    };
    let (uid, gid) = (number(uid)?, number(gid)?);
    (uid.is_some() || gid.is_some()).then_some(Condition::Owner { uid, gid })
}

fn size(value: &str) -> Option<Condition> {
    let (compare, number) = value.split_at(value.find(|letter: char| letter.is_ascii_digit())?);
    let bytes = bytes(number)?;
    let (least, most) = match compare {
        "" | "=" => (bytes, bytes),
        ">" => (bytes.checked_add(1)?, u64::MAX),
        ">=" => (bytes, u64::MAX),
        "<" => (0, bytes.checked_sub(1)?),
        "<=" => (0, bytes),
        _ => return None,
    };
    Some(Condition::Size { least, most })
}

/// `20`, `20k`, `20MB`, `20MiB`: thousands, unless it says otherwise.
fn bytes(text: &str) -> Option<u64> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.to_ascii_lowercase();
    let (letter, rest) = unit.split_at(unit.chars().next().map_or(0, char::len_utf8));
    let power = match letter {
        "" => return number.parse().ok(),
        "b" if rest.is_empty() => return number.parse().ok(),
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return None,
    };
    let base: u64 = match rest {
        "" | "b" => 1000,
        "i" | "ib" => 1024,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(base.checked_pow(power)?)
}

fn change(word: &str) -> Option<Change> {
    Some(match word {
        "unchanged" => Change::Unchanged,
        "added" => Change::Added,
        "changed" => Change::Changed,
        "attributes" | "metadata" => Change::Metadata,
        "replaced" => Change::Replaced,
        "deleted" => Change::Deleted,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn conditions_are_read_as_they_are_typed() {
        let owner = |uid, gid| Condition::Owner { uid, gid };
        let size = |least, most| Condition::Size { least, most };
        for (word, expected) in [
            ("owner:1000", owner(Some(1000), None)),
            ("owner:1000:50", owner(Some(1000), Some(50))),
            ("owner::50", owner(None, Some(50))),
            (
                "mode:setuid,setgid",
                Condition::Mode(vec![ModeTest::Any(0o4000), ModeTest::Any(0o2000)]),
            ),
            ("mode:0755", Condition::Mode(vec![ModeTest::Exact(0o755)])),
            ("size:>1M", size(1_000_001, u64::MAX)),
            ("size:<=20KiB", size(0, 20_480)),
            ("size:0", size(0, 0)),
            ("size:<1k", size(0, 999)),
            ("change:added,deleted", Condition::Change(vec![Change::Added, Change::Deleted])),
            ("change:attributes", Condition::Change(vec![Change::Metadata])),
        ] {
            assert_eq!(Condition::parse(word), Some(expected), "{word}");
        }
    }

    #[test]
    fn a_condition_that_cannot_be_read_is_found_among_others() {
        assert_eq!(unread_condition("*.so mode:xyz size:>1"), Some("mode:xyz"));
        assert_eq!(unread_condition("a:b *.so mode:setuid size:>1"), None);
    }

    #[test]
    fn what_cannot_be_read_is_a_name() {
        for word in [
            "owner:",
            "owner::",
            "owner:root",
            "mode:",
            "mode:9",
            "mode:77777",
            "size:",
            "size:>",
            "size:1X",
            "size:<0",
            "size:~5",
            "size:99999999999999999999",
            "change:",
            "change:made",
            "a:b",
            "plain",
        ] {
            assert_eq!(Condition::parse(word), None, "{word}");
            assert!(Filter::new(word).is_name_only(), "{word}");
            assert_eq!(unread_condition(word).is_some(), !matches!(word, "a:b" | "plain"));
        }
        assert!(Filter::new("two  words").name.unwrap().fits(b"two  words"));
        let both = Filter::new("*.so size:>1 owner:0");
        assert!(both.name.unwrap().fits(b"lib.so"));
        assert_eq!(both.conditions.len(), 2);
        assert!(Filter::new("owner:0").name.is_none());
    }
}

//! Tags in the order in which people look for them: versions first and the newest of them first, then names.

use std::cmp::Reverse;

/// A tag that begins with a number, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Version<'a> {
    numbers: Vec<u64>,
    /// What comes after the numbers, with its separator.
    rest: &'a str,
}

/// Whether a tag begins with a number: `1.27.3-alpine`, `v2`, `20240101`. A commit's digits with letters among them do
/// not make one.
pub(crate) fn is_version(tag: &str) -> bool {
    version(tag).is_some()
}

fn version(tag: &str) -> Option<Version<'_>> {
    let text = tag.strip_prefix('v').unwrap_or(tag);
    let mut numbers = Vec::new();
    let mut rest = text;
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        // More digits than a number holds are no version.
        numbers.push(rest[..digits].parse().ok()?);
        rest = &rest[digits..];
        match rest.strip_prefix('.') {
            Some(after) if after.starts_with(|first: char| first.is_ascii_digit()) => rest = after,
            _ => break,
        }
    }
    let ends_well =
        rest.is_empty() || rest.starts_with(['-', '.', '_', '+']) || is_short_word(rest);
    ends_well.then_some(Version { numbers, rest })
}

/// `rc1`, `alpha`, `beta2` right after the numbers.
fn is_short_word(rest: &str) -> bool {
    let word = rest.trim_end_matches(|last: char| last.is_ascii_digit());
    matches!(word, "a" | "b" | "rc" | "alpha" | "beta" | "pre" | "dev")
}

/// Before what it announces: `-rc1`, `-beta`.
fn is_early(rest: &str) -> bool {
    let word = rest.trim_start_matches(['-', '.', '_']);
    ["rc", "alpha", "beta", "pre", "dev", "a", "b"].iter().any(|early| {
        let after = word.strip_prefix(early);
        after.is_some_and(|after| !after.starts_with(|next: char| next.is_ascii_alphabetic()))
    })
}

/// A tag as it is compared: a version before any name, the newest first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Version {
        numbers: Reverse<Vec<u64>>,
        is_early: bool,
        rest: &'a str,
        tag: &'a str,
    },
    /// `latest` is a name like any other, but the one that is looked for most.
    Name {
        is_other: bool,
        tag: &'a str,
    },
}

fn key(tag: &str) -> Key<'_> {
    match version(tag) {
        Some(Version { numbers, rest }) => {
            Key::Version { numbers: Reverse(numbers), is_early: is_early(rest), rest, tag }
        }
        None => Key::Name { is_other: tag != "latest", tag },
    }
}

/// Tags in order, each once. Each is taken apart once: there may be tens of thousands.
pub(crate) fn sorted(tags: &[String]) -> Vec<String> {
    let mut sorted: Vec<&str> = tags.iter().map(String::as_str).collect();
    sorted.sort_by_cached_key(|tag| key(tag));
    sorted.dedup();
    sorted.into_iter().map(str::to_owned).collect()
}

/// The tags of one image in the order of how much they tell, each once: `1.27.3` before `1.27.3-bookworm`, `1.27`, `1`
/// and `latest`.
pub(crate) fn most_telling_first(tags: &[String]) -> Vec<String> {
    let mut sorted = sorted(tags);
    sorted.sort_by_cached_key(|tag| {
        let found = version(tag);
        let length = found.as_ref().map_or(0, |version| version.numbers.len());
        (Reverse(length), found.is_some_and(|version| !version.rest.is_empty()))
    });
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_first_and_the_newest_of_them_first() {
        let tags = [
            "stable",
            "1.9",
            "1.27.3-alpine",
            "latest",
            "1.27",
            "1.27.3",
            "1.27.10",
            "v2",
            "1",
            "1.27.3-rc1",
            "edge",
            "deadbeef",
            "1.27.3-bookworm",
            "9f2c41d",
            "edge",
        ];
        assert_eq!(
            sorted(&tags.map(str::to_owned)),
            [
                "v2",
                "1.27.10",
                "1.27.3",
                "1.27.3-alpine",
                "1.27.3-bookworm",
                "1.27.3-rc1",
                "1.27",
                "1.9",
                "1",
                "latest",
                "9f2c41d",
                "deadbeef",
                "edge",
                "stable"
            ]
        );
    }

    #[test]
    fn of_one_image_the_longest_version_tells_the_most() {
        let tags = ["latest", "1", "1.27", "stable", "1.27.3-bookworm", "1.27.3", "1.27-bookworm"];
        assert_eq!(
            most_telling_first(&tags.map(str::to_owned)),
            ["1.27.3", "1.27.3-bookworm", "1.27", "1.27-bookworm", "1", "latest", "stable"]
        );
    }

    #[test]
    fn what_a_version_is() {
        for tag in ["1", "v1.2", "3.12-slim", "20240101", "1.0rc1", "1_2", "2.0.0-beta.1"] {
            assert!(is_version(tag), "{tag}");
        }
        for tag in ["latest", "v", "9f2c41d", "1abc", "99999999999999999999999999", "-1", "x1"] {
            assert!(!is_version(tag), "{tag}");
        }
    }
}

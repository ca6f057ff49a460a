//! Tags in the order in which people look for them: versions first and the newest of them first, then names.

use std::cmp::{Ordering, Reverse};

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

/// The order of two tags.
pub(crate) fn compare(one: &str, other: &str) -> Ordering {
    match (version(one), version(other)) {
        (Some(one_version), Some(other_version)) => {
            let key =
                |version: &Version<'_>| (Reverse(version.numbers.clone()), is_early(version.rest));
            let by_numbers = key(&one_version).cmp(&key(&other_version));
            let by_rest = || one_version.rest.cmp(other_version.rest);
            by_numbers.then_with(by_rest).then_with(|| one.cmp(other))
        }
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        // `latest` is a name like any other, but the one that is looked for most.
        (None, None) => (one != "latest", one).cmp(&(other != "latest", other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_first_and_the_newest_of_them_first() {
        let mut tags = [
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
        ];
        tags.sort_by(|one, other| compare(one, other));
        assert_eq!(
            tags,
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
    fn what_a_version_is() {
        for tag in ["1", "v1.2", "3.12-slim", "20240101", "1.0rc1", "1_2", "2.0.0-beta.1"] {
            assert!(is_version(tag), "{tag}");
        }
        for tag in ["latest", "v", "9f2c41d", "1abc", "99999999999999999999999999", "-1", "x1"] {
            assert!(!is_version(tag), "{tag}");
        }
    }
}

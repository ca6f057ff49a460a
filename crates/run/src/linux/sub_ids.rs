//! The ranges of ids that belong to a user, from `/etc/subuid` and `/etc/subgid`.

use std::fs;

/// A range of ids outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Its first id.
    pub first: u32,
    /// How many.
    pub count: u32,
}

/// The file with the users' ranges.
pub const SUBUID: &str = "/etc/subuid";
/// The file with the groups' ranges; users are named in it, too.
pub const SUBGID: &str = "/etc/subgid";

/// Whether the user who runs this has ranges of both.
pub fn are_there() -> bool {
    !of_this_user(SUBUID).is_empty() && !of_this_user(SUBGID).is_empty()
}

/// The ranges in a file that belong to the user who runs this.
pub fn of_this_user(file: &str) -> Vec<Range> {
    let uid = rustix::process::getuid().as_raw();
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let text = fs::read_to_string(file).unwrap_or_default();
    of(&text, uid, name_of(&passwd, uid))
}

/// The name of a user.
pub fn name_of(passwd: &str, uid: u32) -> Option<&str> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then_some(name)
    })
}

/// Lines count by name and by number, and several add up.
fn of(text: &str, uid: u32, name: Option<&str>) -> Vec<Range> {
    let range = |line: &str| {
        let mut fields = line.trim().split(':');
        let who = fields.next()?;
        if Some(who) != name && who.parse() != Ok(uid) {
            return None;
        }
        let (first, count) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        (count > 0).then_some(Range { first, count })
    };
    text.lines().filter_map(range).collect()
}

/// A name for a mapping: what is on disk under one has other owners under another.
pub fn name_of_mapping(own: u32, ranges: &[Range]) -> String {
    let mut name = format!("ids-{own}");
    for range in ranges {
        name.push_str(&format!("-{}x{}", range.first, range.count));
    }
    name
}

/// The arguments of `newuidmap` after the process: the user itself as root, its ranges behind it.
pub fn mapping(own: u32, ranges: &[Range]) -> Vec<String> {
    let mut arguments = vec!["0".to_owned(), own.to_string(), "1".to_owned()];
    let mut inside = 1;
    for range in ranges {
        arguments.extend([inside, range.first, range.count].map(|number| number.to_string()));
        inside += range.count;
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_by_name_and_number_and_add_up() {
        let text = "ann:100000:65536\nbob:200000:10\n1000:300000:5\n# x\nann:1:0\nann:x:y\n";
        let found = of(text, 1000, Some("ann"));
        let firsts: Vec<_> = found.iter().map(|range| (range.first, range.count)).collect();
        assert_eq!(firsts, [(100_000, 65536), (300_000, 5)]);
        assert_eq!(mapping(1000, &found).join(" "), "0 1000 1 1 100000 65536 65537 300000 5");
        assert_eq!(name_of("root:x:0:0::/:/b\nann:x:1000:1000::/:/b\n", 1000), Some("ann"));
    }
}

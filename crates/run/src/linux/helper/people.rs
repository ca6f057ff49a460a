//! Users and groups as the image knows them.

use std::io::Read;

use rustix::fs::{CWD, FileType, Mode, OFlags, fstat, openat};

use crate::{Failure, Reason};

/// A hostile image's list of users is not read further.
const FILE_BYTES: u64 = 16 << 20;

/// Who a command runs as.
#[derive(Debug, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// All groups that list the user.
    pub groups: Vec<u32>,
    /// The home folder, if the image names one.
    pub home: Option<String>,
}

/// Finds who `USER` means, in the root that this process is in.
pub fn find(user: &str) -> Result<Person, Failure> {
    look_up(user, &read("/etc/passwd"), &read("/etc/group"))
        .ok_or_else(|| Failure::new("find the user", user, libc::ENOENT, Reason::UserUnknown))
}

/// A file of the image; a pipe or a device in its place counts as none.
fn read(path: &str) -> String {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut bytes = Vec::new();
    if let Ok(file) = openat(CWD, path, flags, Mode::empty()) {
        let is_file = fstat(&file)
            .is_ok_and(|about| FileType::from_raw_mode(about.st_mode) == FileType::RegularFile);
        if is_file {
            let _ = std::fs::File::from(file).take(FILE_BYTES).read_to_end(&mut bytes);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn look_up(user: &str, passwd: &str, group: &str) -> Option<Person> {
    let (who, of_group) = match user.split_once(':') {
        Some((who, group)) => (who, Some(group).filter(|group| !group.is_empty())),
        None => (user, None),
    };
    let who = if who.is_empty() { "0" } else { who };
    let number = who.parse().ok();
    let lines = || passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let line = lines()
        .find(|fields| fields.len() > 3 && fields[0] == who)
        .or_else(|| lines().find(|fields| fields.len() > 3 && number == fields[2].parse().ok()));
    let uid = match &line {
        Some(fields) => fields[2].parse().ok()?,
        None => number?,
    };
    let gid = match (of_group, &line) {
        (Some(name), _) => group_id(name, group)?,
        (None, Some(fields)) => fields[3].parse().ok()?,
        (None, None) => 0,
    };
    let home = line.as_ref().and_then(|fields| fields.get(5)).map(|home| (*home).to_owned());
    // Whoever names a group means that one alone.
    let groups = match (&line, of_group) {
        (Some(fields), None) => groups_of(fields[0], gid, group),
        _ => vec![gid],
    };
    Some(Person { uid, gid, groups, home: home.filter(|home| !home.is_empty()) })
}

fn group_id(name: &str, group: &str) -> Option<u32> {
    let by_name = group.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then(|| fields.nth(1)?.parse().ok())?
    });
    by_name.or_else(|| name.parse().ok())
}

fn groups_of(user: &str, gid: u32, group: &str) -> Vec<u32> {
    let mut found = vec![gid];
    for line in group.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        let lists = fields.get(3).is_some_and(|users| users.split(',').any(|one| one == user));
        let number: Option<u32> = fields.get(2).and_then(|number| number.parse().ok());
        found.extend(number.filter(|number| lists && !found.contains(number)));
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nann:x:1000:100::/people/ann:/bin/sh\n";
    const GROUP: &str = "root:x:0:\nusers:x:100:\naudio:x:29:bob,ann\nann:x:1000:\n";

    fn found(user: &str) -> Option<(u32, u32, Vec<u32>, Option<String>)> {
        let person = look_up(user, PASSWD, GROUP)?;
        Some((person.uid, person.gid, person.groups, person.home))
    }

    #[test]
    fn a_user_is_found_by_name_and_by_number() {
        let ann = Some((1000, 100, vec![100, 29], Some("/people/ann".to_owned())));
        assert_eq!(found("ann"), ann);
        assert_eq!(found("1000"), ann);
        assert_eq!(found(""), Some((0, 0, vec![0], Some("/root".to_owned()))));
        assert_eq!(found("ann:audio").unwrap().1, 29);
        assert_eq!(found("ann:7").unwrap().2, [7]);
        assert_eq!(found("4242"), Some((4242, 0, vec![0], None)));
        assert_eq!(found("bob"), None);
        assert_eq!(found("ann:nobody"), None);
    }
}

//! Users and groups, by number or by the names that an image knows.

use super::StackFiles;
use crate::{BuildError, RunUser, Stop};

/// The largest `/etc/passwd` that is read, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// Whom files belong to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Owner {
    pub uid: u32,
    pub gid: u32,
}

/// Finds names in an image.
struct Names<'a> {
    files: &'a StackFiles,
    line: usize,
    stop: &'a Stop,
}

/// Whom `--chown`, or `USER` for folders that are made, means. A number alone is the group's too.
pub(crate) fn owner_of(
    text: &str,
    files: &StackFiles,
    line: usize,
    stop: &Stop,
) -> Result<Owner, BuildError> {
    let (uid, gid, _) = Names { files, line, stop }.resolved(text, true)?;
    Ok(Owner { uid, gid })
}

/// As whom `USER` lets a command run. A number alone is of the group that the image knows for it, or of root's.
pub(crate) fn run_user(
    text: &str,
    files: &StackFiles,
    line: usize,
    stop: &Stop,
) -> Result<RunUser, BuildError> {
    if text.is_empty() {
        return Ok(RunUser::default());
    }
    let names = Names { files, line, stop };
    let (uid, gid, name) = names.resolved(text, false)?;
    let groups = match (name, text.contains(':')) {
        (Some(name), false) => names.groups_of(&name)?,
        _ => Vec::new(),
    };
    Ok(RunUser { uid, gid, groups })
}

impl Names<'_> {
    fn table(&self, path: &str) -> Result<Vec<Vec<String>>, BuildError> {
        let bytes = self.files.text(path.as_bytes(), MAX_BYTES, self.stop)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let rows = text.lines().map(|line| line.split(':').map(str::to_owned).collect());
        Ok(rows.collect())
    }

    /// User, group, and the user's name if the image knows one.
    fn resolved(
        &self,
        text: &str,
        is_group_too: bool,
    ) -> Result<(u32, u32, Option<String>), BuildError> {
        let (user, group) = text.split_once(':').unwrap_or((text, ""));
        let number = user.parse::<u32>().ok();
        let (uid, own, name) = match number {
            // Nothing of the image is needed for what numbers say.
            Some(uid) if is_group_too || !group.is_empty() => (uid, uid, None),
            Some(uid) => {
                let passwd = self.table("etc/passwd")?;
                let row = passwd.iter().find(|row| field(row, 2) == Some(uid));
                let own = row.and_then(|row| field(row, 3)).unwrap_or(0);
                (uid, own, row.and_then(|row| row.first().cloned()))
            }
            None if user.is_empty() => (0, 0, None),
            None => {
                let passwd = self.table("etc/passwd")?;
                let row = passwd.iter().find(|row| row.first().is_some_and(|name| name == user));
                let known = row.and_then(|row| Some((field(row, 2)?, field(row, 3)?)));
                let (uid, gid) = known.ok_or_else(|| self.unknown("user", user))?;
                (uid, gid, Some(user.to_owned()))
            }
        };
        let gid = match group {
            "" => own,
            group => match group.parse() {
                Ok(gid) => gid,
                Err(_) => self.group(group)?,
            },
        };
        Ok((uid, gid, name))
    }

    fn group(&self, name: &str) -> Result<u32, BuildError> {
        let groups = self.table("etc/group")?;
        let row = groups.iter().find(|row| row.first().is_some_and(|known| known == name));
        row.and_then(|row| field(row, 2)).ok_or_else(|| self.unknown("group", name))
    }

    /// The groups that list a user.
    fn groups_of(&self, user: &str) -> Result<Vec<u32>, BuildError> {
        let groups = self.table("etc/group")?;
        let lists = |row: &&Vec<String>| {
            row.get(3).is_some_and(|members| members.split(',').any(|member| member == user))
        };
        Ok(groups.iter().filter(lists).filter_map(|row| field(row, 2)).collect())
    }

    fn unknown(&self, kind: &'static str, name: &str) -> BuildError {
        BuildError::UserUnknown { line: self.line, kind, name: name.to_owned() }
    }
}

fn field(row: &[String], at: usize) -> Option<u32> {
    row.get(at)?.parse().ok()
}

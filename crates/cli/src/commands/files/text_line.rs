//! A file as one line for people, much as `ls -l` has it.

use std::io::{self, Write};

use strata_app::api::{Change, FileKind};
use strata_app::{FileEntry, escape};

use crate::commands::minute;

/// Stands where nothing is known.
const UNKNOWN: &str = "-";

/// The attribute that holds capabilities.
const CAPABILITIES: &[u8] = b"security.capability";

/// Lines whose columns widen as they must: the list is not known before it is over.
#[derive(Debug, Default)]
pub struct TextLines {
    layer: usize,
    owner: usize,
    size: usize,
}

impl TextLines {
    /// Writes one line.
    pub fn write(&mut self, out: &mut dyn Write, entry: &FileEntry) -> io::Result<()> {
        let layer = entry.layer.to_string();
        let known = |text: String| if entry.of_nothing { UNKNOWN.to_owned() } else { text };
        let owner = known(format!("{}/{}", entry.uid, entry.gid));
        let size = match entry.device {
            Some((major, minor)) => format!("{major},{minor}"),
            None => known(entry.size_bytes.to_string()),
        };
        self.layer = self.layer.max(layer.len());
        self.owner = self.owner.max(owner.len());
        self.size = self.size.max(size.len());
        let mark = mark(entry.change);
        let mode = known(mode(entry.kind, entry.mode));
        let (layer_width, owner_width, size_width) = (self.layer, self.owner, self.size);
        let modified = known(minute(Some(&entry.modified)));
        write!(
            out,
            "{mark} {layer:>layer_width$} {mode:<10} {owner:<owner_width$} {size:>size_width$} {modified:<16} {}",
            escape(&entry.path)
        )?;
        match &entry.target {
            Some(target) if entry.kind == FileKind::Hardlink => {
                write!(out, " = {}", escape(target))?;
            }
            Some(target) => write!(out, " -> {}", escape(target))?,
            None => {}
        }
        let special = special(entry);
        if !special.is_empty() {
            write!(out, "  [{}]", special.join(", "))?;
        }
        writeln!(out)
    }
}

/// Capabilities, and the names of other extended attributes.
fn special(entry: &FileEntry) -> Vec<String> {
    let is_told = |name: &[u8]| entry.capabilities.is_some() && name == CAPABILITIES;
    let names = entry.xattrs.iter().map(|(name, _)| name).filter(|name| !is_told(name));
    entry.capabilities.iter().cloned().chain(names.map(|name| escape(name))).collect()
}

/// What happened, as one letter.
const fn mark(change: Change) -> char {
    match change {
        Change::Unchanged => '.',
        Change::Added => 'A',
        Change::Changed => 'C',
        Change::Metadata => 'M',
        Change::Replaced => 'R',
        Change::Deleted => 'D',
    }
}

/// Kind and permission bits as `ls -l` writes them.
fn mode(kind: FileKind, mode: u32) -> String {
    let mut text = String::with_capacity(10);
    text.push(match kind {
        FileKind::File | FileKind::Hardlink => '-',
        FileKind::Directory => 'd',
        FileKind::Symlink => 'l',
        FileKind::CharDevice => 'c',
        FileKind::BlockDevice => 'b',
        FileKind::Fifo => 'p',
    });
    for (class, (special, letter)) in
        [(0o4000, 's'), (0o2000, 's'), (0o1000, 't')].iter().enumerate()
    {
        let bits = mode >> (6 - 3 * class);
        let is_special = mode & special != 0;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (is_special, bits & 1 != 0) {
            (true, true) => *letter,
            (true, false) => letter.to_ascii_uppercase(),
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::commands::files::json_line::tests::entry;

    #[test]
    fn modes_are_written_as_ls_does() {
        assert_eq!(mode(FileKind::File, 0o4755), "-rwsr-xr-x");
        assert_eq!(mode(FileKind::Directory, 0o1777), "drwxrwxrwt");
        assert_eq!(mode(FileKind::File, 0o7000), "---S--S--T");
        assert_eq!(mode(FileKind::Fifo, 0o2750), "prwxr-s---");
    }

    #[test]
    fn a_deletion_of_nothing_says_only_that() {
        let mut text = Vec::new();
        let mut gone = entry(b"never");
        (gone.of_nothing, gone.change) = (true, Change::Deleted);
        TextLines::default().write(&mut text, &gone).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text, format!("D 2 {:<10} - - {:<16} never\n", "-", "-"));
    }

    #[test]
    fn attributes_and_capabilities_stand_behind_the_name() {
        let mut text = Vec::new();
        let mut ping = entry(b"ping");
        ping.capabilities = Some("cap_net_raw+ep".to_owned());
        ping.xattrs = vec![
            (b"security.capability".to_vec(), b"\x01".to_vec()),
            (b"user.foo".to_vec(), b"bar".to_vec()),
        ];
        TextLines::default().write(&mut text, &ping).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.ends_with(" ping  [cap_net_raw+ep, user.foo]\n"), "{text}");
    }

    #[test]
    fn a_name_cannot_make_a_line_of_its_own() {
        let mut text = Vec::new();
        let mut lines = TextLines::default();
        let mut link = entry(b"a\nb");
        link.kind = FileKind::Symlink;
        link.target = Some(b"\x1b[2J".to_vec());
        lines.write(&mut text, &link).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "A 2 lrw-r--r-- 0/3000000 12 2024-02-29 12:34 a\\nb -> \\u{1b}[2J\n"
        );
    }
}

//! A file as one line for people, much as `ls -l` has it.

use std::io::{self, Write};

use strata_app::api::{Change, FileKind};
use strata_app::{FileEntry, escape};

use crate::commands::minute;

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
        let owner = format!("{}/{}", entry.uid, entry.gid);
        let size = match entry.device {
            Some((major, minor)) => format!("{major},{minor}"),
            None => entry.size_bytes.to_string(),
        };
        self.layer = self.layer.max(layer.len());
        self.owner = self.owner.max(owner.len());
        self.size = self.size.max(size.len());
        let (mark, mode) = (mark(entry.change), mode(entry.kind, entry.mode));
        let (layer_width, owner_width, size_width) = (self.layer, self.owner, self.size);
        let modified = minute(Some(&entry.modified));
        write!(
            out,
            "{mark} {layer:>layer_width$} {mode} {owner:<owner_width$} {size:>size_width$} {modified} {}",
            escape(&entry.path)
        )?;
        match &entry.target {
            Some(target) if entry.kind == FileKind::Hardlink => {
                writeln!(out, " = {}", escape(target))
            }
            Some(target) => writeln!(out, " -> {}", escape(target)),
            None => writeln!(out),
        }
    }
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

//! A folder before it is built from: what is sent, what is kept out and by which rule, what rarely belongs there.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use strata_build::{BuildError, IgnoreRules};

use crate::api::{ContextFile, ContextLook, ContextWarning, KeptOut};

/// No more entries than this are looked at.
const MAX_ENTRIES: u64 = 500_000;
/// How many of the largest files are told.
const LARGEST: usize = 20;
/// How many warnings of one kind are told.
const MAX_WARNINGS: usize = 5;
/// A file is told to be large from this size on: 100 MB.
const LARGE_BYTES: u64 = 100_000_000;
/// Folders that rarely belong into an image, with the codes of their warnings.
const FOLDERS: [(&str, &str); 2] = [(".git", "git"), ("node_modules", "nodeModules")];

/// Looks at a folder. Links are counted and not followed.
pub(super) fn look(folder: &Path, dockerfile: Option<&Path>) -> Result<ContextLook, BuildError> {
    let rules = IgnoreRules::of_folder(folder, dockerfile)?;
    let mut looking = Looking {
        lets_in: rules.rules.lets_in(),
        rules,
        look: empty(folder),
        kept_out: BTreeMap::new(),
        folders: BTreeMap::new(),
        left: MAX_ENTRIES,
    };
    looking.folder(folder, "", &Mood::default())?;
    Ok(looking.done())
}

fn empty(folder: &Path) -> ContextLook {
    ContextLook {
        path: folder.display().to_string(),
        files: 0,
        bytes: 0,
        ignore_file: None,
        kept_out_files: 0,
        kept_out_bytes: 0,
        kept_out: Vec::new(),
        largest: Vec::new(),
        warnings: Vec::new(),
    }
}

struct Looking {
    rules: IgnoreRules,
    lets_in: bool,
    look: ContextLook,
    /// By the rule's line: its text, files and bytes.
    kept_out: BTreeMap<usize, (String, u64, u64)>,
    /// Files and bytes of folders that rarely belong into an image, by code and path.
    folders: BTreeMap<(String, String), (u64, u64)>,
    left: u64,
}

/// What holds for all that is in a folder.
#[derive(Debug, Clone, Default)]
struct Mood {
    /// The rule that keeps all of it out.
    out: Option<(String, usize)>,
    /// The folder that rarely belongs into an image.
    odd: Option<(String, String)>,
}

impl Looking {
    fn folder(&mut self, folder: &Path, inside: &str, mood: &Mood) -> Result<(), BuildError> {
        let unread = |source| unread(folder, source);
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(unread)? {
            entries.push(entry.map_err(unread)?);
        }
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            if self.left == 0 {
                return Ok(());
            }
            self.left -= 1;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let path =
                if inside.is_empty() { name.to_string() } else { format!("{inside}/{name}") };
            // What has gone meanwhile is not there.
            let Ok(facts) = entry.metadata() else { continue };
            let out = match &mood.out {
                Some(rule) => Some(rule.clone()),
                None => self.rules.keeping_out(&path),
            };
            if facts.is_dir() {
                let mood = self.mood(mood, out, &name, &path);
                self.folder(&entry.path(), &path, &mood)?;
            } else {
                self.file(&path, &name, facts.len(), out, mood);
            }
        }
        Ok(())
    }

    fn mood(&self, above: &Mood, out: Option<(String, usize)>, name: &str, path: &str) -> Mood {
        // A rule that lets something in again may speak of what is in a folder that is kept out.
        let out = out.filter(|_| !self.lets_in);
        let odd = FOLDERS.iter().find(|(odd, _)| *odd == name);
        let odd = odd.map(|(_, code)| ((*code).to_owned(), path.to_owned()));
        Mood { out, odd: above.odd.clone().or(odd) }
    }

    fn file(
        &mut self,
        path: &str,
        name: &str,
        bytes: u64,
        out: Option<(String, usize)>,
        mood: &Mood,
    ) {
        if let Some((rule, line)) = out {
            let (_, files, all) = self.kept_out.entry(line).or_insert((rule, 0, 0));
            (*files, *all) = (*files + 1, *all + bytes);
            return;
        }
        self.look.files += 1;
        self.look.bytes += bytes;
        self.largest(path, bytes);
        if let Some(odd) = &mood.odd {
            let (files, all) = self.folders.entry(odd.clone()).or_default();
            (*files, *all) = (*files + 1, *all + bytes);
        } else if let Some(code) = odd_file(name, bytes) {
            let of_kind = self.look.warnings.iter().filter(|known| known.code == code);
            if of_kind.count() < MAX_WARNINGS {
                let (code, path) = (code.to_owned(), path.to_owned());
                self.look.warnings.push(ContextWarning { code, path, files: 1, bytes });
            }
        }
    }

    fn largest(&mut self, path: &str, bytes: u64) {
        let largest = &mut self.look.largest;
        let at = largest.partition_point(|known| known.bytes >= bytes);
        if at < LARGEST {
            largest.insert(at, ContextFile { path: path.to_owned(), bytes });
            largest.truncate(LARGEST);
        }
    }

    fn done(mut self) -> ContextLook {
        for ((code, path), (files, bytes)) in self.folders {
            let of_kind = self.look.warnings.iter().filter(|known| known.code == code);
            if of_kind.count() < MAX_WARNINGS {
                self.look.warnings.push(ContextWarning { code, path, files, bytes });
            }
        }
        for (line, (rule, files, bytes)) in self.kept_out {
            self.look.kept_out_files += files;
            self.look.kept_out_bytes += bytes;
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            self.look.kept_out.push(KeptOut { rule, line, files, bytes });
        }
        self.look.kept_out.sort_by_key(|kept| std::cmp::Reverse((kept.files, kept.bytes)));
        let name = self.rules.name;
        self.look.ignore_file = Some(name).filter(|name| !name.is_empty());
        self.look
    }
}

/// A file that rarely belongs into an image.
fn odd_file(name: &str, bytes: u64) -> Option<&'static str> {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if name == ".env" || name.starts_with(".env.") && !ends(&[".example", ".sample", ".template"]) {
        return Some("env");
    }
    if matches!(name, "id_rsa" | "id_ed25519" | "id_ecdsa" | "id_dsa") || ends(&[".pem", ".p12"]) {
        return Some("keys");
    }
    (bytes >= LARGE_BYTES).then_some("large")
}

fn unread(path: &Path, source: io::Error) -> BuildError {
    BuildError::File { doing: "read the folder", path: PathBuf::from(path), source }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_sent_and_what_is_kept_out_by_which_rule_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, bytes: usize| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, vec![b'x'; bytes]).unwrap();
        };
        for (path, bytes) in [
            ("Dockerfile", 10),
            ("app/main.py", 30),
            ("app/.env", 5),
            ("logs/a.log", 100),
            ("logs/keep.log", 7),
            ("node_modules/x/a.js", 3),
            ("node_modules/x/b.js", 3),
            (".git/HEAD", 2),
            (".git/objects/1", 8),
        ] {
            write(path, bytes);
        }
        write(".dockerignore", 0);
        fs::write(folder.path().join(".dockerignore"), "# no\n.git\n*.tmp\nlogs\n!logs/keep.log\n")
            .unwrap();
        let found = look(folder.path(), None).unwrap();
        let ignore_bytes = 36;
        assert_eq!(found.ignore_file.as_deref(), Some(".dockerignore"));
        assert_eq!((found.files, found.bytes), (7, 10 + 30 + 5 + 7 + 6 + ignore_bytes));
        assert_eq!((found.kept_out_files, found.kept_out_bytes), (3, 110));
        let rules: Vec<_> =
            found.kept_out.iter().map(|kept| (kept.rule.as_str(), kept.line, kept.files)).collect();
        assert_eq!(rules, [(".git", 2, 2), ("logs", 4, 1)]);
        assert_eq!(found.largest[0].path, ".dockerignore");
        let warned: Vec<_> = found
            .warnings
            .iter()
            .map(|one| (one.code.as_str(), one.path.as_str(), one.files))
            .collect();
        assert_eq!(warned, [("env", "app/.env", 1), ("nodeModules", "node_modules", 2)]);
    }
}

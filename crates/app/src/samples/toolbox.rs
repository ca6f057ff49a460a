//! A sample that can run: this machine's own shell and a few programs, with the libraries that they load.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::recipe::{Content, Recipe, SampleFile, add, file, step};
use super::{base, recipe};

/// The programs that are taken, where this machine has them.
const PROGRAMS: [&str; 10] =
    ["cat", "cp", "env", "head", "id", "ls", "mkdir", "rm", "sleep", "uname"];
/// Where they may be.
const FOLDERS: [&str; 2] = ["/bin", "/usr/bin"];

/// The sample; none where there is no Linux, no shell, or nobody who knows its libraries.
pub(super) fn toolbox() -> Option<Recipe> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    Some(Recipe {
        title: "toolbox",
        tag: "1.0",
        command: &["/bin/sh"],
        steps: vec![
            base(),
            recipe::Step { instruction: "ADD shell.tar /", files: Some(shell()?) },
            add(
                "COPY welcome.sh /usr/local/bin/welcome",
                vec![
                    file("usr/local/bin/welcome", include_str!("../../samples/welcome.sh"))
                        .runnable(),
                    file("etc/motd", "This toolbox is a copy of tools of this very machine.\n"),
                ],
            ),
            step("ENV PS1=toolbox$"),
            step("CMD [\"/bin/sh\"]"),
        ],
    })
}

/// The shell, the programs, and each library once.
fn shell() -> Option<Vec<SampleFile>> {
    let mut files = vec![program("sh")?];
    files.extend(PROGRAMS.iter().filter_map(|name| program(name)));
    let mut libraries = BTreeSet::new();
    for file in &files {
        if let Content::Copy(source) = &file.content {
            libraries.extend(loaded_by(source)?);
        }
    }
    for library in libraries {
        let path = library.to_str()?.trim_start_matches('/').to_owned().into();
        let content = Content::Copy(fs::canonicalize(&library).ok()?);
        files.push(SampleFile { path, content, mode: 0o755 });
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Some(files)
}

fn program(name: &str) -> Option<SampleFile> {
    let found =
        FOLDERS.iter().find_map(|folder| fs::canonicalize(Path::new(folder).join(name)).ok())?;
    Some(SampleFile {
        path: format!("bin/{name}").into(),
        content: Content::Copy(found),
        mode: 0o755,
    })
}

/// The libraries that a program of this machine loads, as its own loader says; nothing for one that loads none.
fn loaded_by(program: &Path) -> Option<Vec<PathBuf>> {
    let output = Command::new("ldd")
        .arg(program)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    Some(libraries(&String::from_utf8_lossy(&output.stdout)))
}

/// Reads `name => /path (address)` and `/path (address)`.
fn libraries(printed: &str) -> Vec<PathBuf> {
    let path = |line: &str| {
        let line = line.rsplit_once(" (").map_or(line, |(before, _)| before);
        let path = line.rsplit_once("=> ").map_or(line, |(_, after)| after).trim();
        path.starts_with('/').then(|| PathBuf::from(path))
    };
    printed.lines().filter_map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_loader_prints() {
        let printed = "\tlinux-vdso.so.1 (0x00007ffd)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n\tlibgone.so => not found\n";
        assert_eq!(
            libraries(printed),
            [
                Path::new("/lib/x86_64-linux-gnu/libc.so.6"),
                Path::new("/lib64/ld-linux-x86-64.so.2")
            ]
        );
        assert_eq!(libraries("\tstatically linked\n"), Vec::<PathBuf>::new());
    }
}

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file that belongs to the repository, relative to its root: tracked ones, and new ones that are not ignored.
/// Without git (as from an archive), the folders themselves are walked.
pub fn files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output();
    let mut files = match listed {
        Ok(output) if output.status.success() && !output.stdout.is_empty() => output
            .stdout
            .split(|byte| *byte == 0)
            .filter(|name| !name.is_empty())
            .map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned()))
            .collect(),
        _ => walked(),
    };
    files.retain(|file| root().join(file).is_file());
    assert!(files.len() > 20, "only {} files found: the list cannot be right", files.len());
    files
}

/// The files with one of these endings, with their text.
pub fn texts(endings: &[&str]) -> Vec<(PathBuf, String)> {
    files()
        .into_iter()
        .filter(|file| {
            file.extension().is_some_and(|found| endings.iter().any(|ending| found == *ending))
        })
        .filter_map(|file| Some((file.clone(), std::fs::read_to_string(root().join(&file)).ok()?)))
        .collect()
}

/// Whether a file is made by a program.
pub fn is_generated(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "generated" || part.as_os_str() == "gen")
}

fn walked() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "node_modules", "dist", ".git"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found
}

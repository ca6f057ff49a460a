//! Dockerfiles to begin with: they stand on the practice images, and need no network.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::api::{BuildExample, UserError};
use crate::app::{App, on_thread};
use crate::error::AppError;

/// What stands in the Dockerfiles for the practice registry's address.
const REGISTRY: &str = "{REGISTRY}";

/// An example: its code, and its files by their names.
struct Example {
    code: &'static str,
    files: &'static [(&'static str, &'static str)],
}

const EXAMPLES: [Example; 4] = [
    Example {
        code: "first",
        files: &[
            ("Dockerfile", include_str!("../../samples/builds/first/Dockerfile")),
            ("message.txt", include_str!("../../samples/builds/first/message.txt")),
        ],
    },
    Example {
        code: "cache",
        files: &[
            ("Dockerfile", include_str!("../../samples/builds/cache/Dockerfile")),
            ("notes.txt", include_str!("../../samples/builds/cache/notes.txt")),
        ],
    },
    Example {
        code: "stages",
        files: &[("Dockerfile", include_str!("../../samples/builds/stages/Dockerfile"))],
    },
    Example {
        code: "mistake",
        files: &[("Dockerfile", include_str!("../../samples/builds/mistake/Dockerfile"))],
    },
];

impl App {
    /// Dockerfiles to begin with, in folders of their own beside the store. What a person has changed in them stays.
    ///
    /// # Errors
    /// If the folders cannot be written.
    pub async fn build_examples(&self) -> Result<Vec<BuildExample>, UserError> {
        let status = self.practice_status();
        let address = status
            .address
            .unwrap_or_else(|| format!("localhost:{}", self.inner.paths.practice_port));
        let folder = self.inner.paths.examples();
        on_thread("examples", move || {
            let written = |example: &Example| {
                let path = folder.join(example.code);
                write(example, &path, &address)
                    .map_err(|source| AppError::DockerfileUnread { path: path.clone(), source })?;
                let path = path.display().to_string();
                Ok(BuildExample { code: example.code.to_owned(), path })
            };
            EXAMPLES.iter().map(written).collect()
        })
        .await
    }
}

/// Writes what is missing. A Dockerfile that nobody has changed but for the practice registry's address gets today's.
fn write(example: &Example, folder: &Path, address: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, text) in example.files {
        let path: PathBuf = folder.join(name);
        let is_ours = match fs::read_to_string(&path) {
            Ok(found) => is_unchanged(&found, text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            // What is no text is none of ours.
            Err(_) => false,
        };
        if is_ours {
            fs::write(&path, text.replace(REGISTRY, address))?;
        }
    }
    Ok(())
}

/// Whether a text is the template with some address in it.
fn is_unchanged(found: &str, template: &str) -> bool {
    let mut rest = found;
    let mut parts = template.split(REGISTRY);
    let first = parts.next().unwrap_or_default();
    let Some(after) = rest.strip_prefix(first) else { return false };
    rest = after;
    parts.all(|part| {
        let end = rest.find('/').unwrap_or(0);
        let after = rest[end..].strip_prefix(part);
        rest = after.unwrap_or_default();
        after.is_some()
    }) && rest.is_empty()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn examples_follow_the_registry_and_keep_what_a_person_changed() {
        let folder = tempfile::tempdir().unwrap();
        for example in &EXAMPLES {
            let path = folder.path().join(example.code);
            write(example, &path, "localhost:5150").unwrap();
            write(example, &path, "localhost:5151").unwrap();
            let text = fs::read_to_string(path.join("Dockerfile")).unwrap();
            assert!(text.contains("localhost:5151/practice/") && !text.contains("5150"), "{text}");
            assert!(!text.contains(REGISTRY));
            fs::write(path.join("Dockerfile"), format!("{text}# mine\n")).unwrap();
            write(example, &path, "localhost:5152").unwrap();
            let kept = fs::read_to_string(path.join("Dockerfile")).unwrap();
            assert!(kept.ends_with("# mine\n") && kept.contains("5151"));
        }
    }
}

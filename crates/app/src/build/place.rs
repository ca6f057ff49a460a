//! What a dropped path is: which Dockerfile, and which files go with it.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use strata_build::{ContextSource, DockerfileText};

use crate::error::AppError;

/// The names that a Dockerfile has in a folder, the usual first.
const NAMES: [&str; 4] = ["Dockerfile", "dockerfile", "Containerfile", "containerfile"];
/// A Dockerfile is at most so large.
const MAX_TEXT_BYTES: u64 = 4 << 20;

/// A Dockerfile and the files that it copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub dockerfile: DockerfileText,
    pub context: ContextSource,
}

impl Place {
    /// Finds out what a path is: a folder with a Dockerfile, a Dockerfile in the folder that it copies from, or an
    /// archive. `file` is the Dockerfile's path, within the folder or anywhere. Blocks.
    pub fn find(path: &Path, file: Option<&Path>) -> Result<Self, AppError> {
        let path = fs::canonicalize(path).map_err(unread(path))?;
        let is_folder = fs::metadata(&path).map_err(unread(&path))?.is_dir();
        if !is_folder && file.is_none() && !is_archive(&path)? {
            let folder = path.parent().unwrap_or(&path).to_owned();
            return Self::with(&path, &folder, ContextSource::Folder(folder.clone()));
        }
        if !is_folder {
            let name = file.unwrap_or(Path::new(NAMES[0])).to_string_lossy().into_owned();
            let dockerfile = DockerfileText { text: String::new(), name, path: None };
            return Ok(Self { dockerfile, context: ContextSource::Archive(path) });
        }
        let found = match file {
            Some(file) => path.join(file),
            None => NAMES
                .iter()
                .map(|name| path.join(name))
                .find(|file| file.is_file())
                .ok_or_else(|| AppError::DockerfileMissing { path: path.clone() })?,
        };
        Self::with(&found, &path, ContextSource::Folder(path.clone()))
    }

    fn with(file: &Path, folder: &Path, context: ContextSource) -> Result<Self, AppError> {
        let name = file.strip_prefix(folder).unwrap_or(file).to_string_lossy().into_owned();
        let text = read_text(file)?;
        let dockerfile = DockerfileText { text, name, path: Some(file.to_owned()) };
        Ok(Self { dockerfile, context })
    }

    /// The folder or archive whose files are copied, for people.
    pub fn context_shown(&self) -> Option<String> {
        match &self.context {
            ContextSource::Empty => None,
            ContextSource::Folder(path) | ContextSource::Archive(path) => {
                Some(path.display().to_string())
            }
        }
    }

    /// The Dockerfile, for people: its whole path, or its name within an archive.
    pub fn file_shown(&self) -> String {
        let name = || self.dockerfile.name.clone();
        self.dockerfile.path.as_ref().map_or_else(name, |path| path.display().to_string())
    }

    /// A name for the image, made of the folder's: in small letters, with nothing that a repository may not have.
    pub fn suggested_tag(&self) -> String {
        let of = match &self.context {
            ContextSource::Folder(path) | ContextSource::Archive(path) => path.file_name(),
            ContextSource::Empty => None,
        };
        let name = of.map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let name = match &self.context {
            ContextSource::Archive(_) => name.split(".t").next().unwrap_or_default(),
            _ => &name,
        };
        let mut tag = String::new();
        for sign in name.chars() {
            match sign {
                'a'..='z' | '0'..='9' => tag.push(sign),
                _ if !tag.is_empty() && !tag.ends_with('-') => tag.push('-'),
                _ => {}
            }
        }
        let tag = tag.trim_end_matches('-');
        format!("{}:latest", if tag.is_empty() { "image" } else { tag })
    }
}

/// The text of a Dockerfile. What is not UTF-8 in it is shown as such.
pub(super) fn read_text(path: &Path) -> Result<String, AppError> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(AppError::DockerfileMissing { path: path.to_owned() });
        }
        Err(error) => return Err(unread(path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_TEXT_BYTES + 1).read_to_end(&mut bytes).map_err(unread(path))?;
    if bytes.len() as u64 > MAX_TEXT_BYTES {
        let source = io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 4 MiB");
        return Err(AppError::DockerfileUnread { path: path.to_owned(), source });
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a file begins as gzip, zstd, bzip2, xz or tar do.
fn is_archive(path: &Path) -> Result<bool, AppError> {
    let mut start = Vec::new();
    let file = fs::File::open(path).map_err(unread(path))?;
    file.take(512).read_to_end(&mut start).map_err(unread(path))?;
    let packed = [&b"\x1f\x8b"[..], b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ"];
    Ok(packed.iter().any(|magic| start.starts_with(magic)) || start.get(257..262) == Some(b"ustar"))
}

fn unread(path: &Path) -> impl FnOnce(io::Error) -> AppError {
    let path: PathBuf = path.to_owned();
    move |source| AppError::DockerfileUnread { path, source }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_folder_a_file_and_an_archive_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        let missing = Place::find(&root, None).unwrap_err();
        assert!(matches!(missing, AppError::DockerfileMissing { .. }));
        fs::write(root.join("Containerfile"), "FROM scratch\n").unwrap();
        let by_folder = Place::find(&root, None).unwrap();
        assert_eq!(by_folder.dockerfile.name, "Containerfile");
        assert_eq!(by_folder.dockerfile.text, "FROM scratch\n");
        assert_eq!(by_folder.context, ContextSource::Folder(root.clone()));
        assert_eq!(Place::find(&root.join("Containerfile"), None).unwrap(), by_folder);
        fs::write(root.join("other"), "FROM b\n").unwrap();
        let other = Place::find(&root, Some(Path::new("other"))).unwrap();
        assert_eq!(
            (other.dockerfile.name.as_str(), other.dockerfile.text.as_str()),
            ("other", "FROM b\n")
        );
        fs::write(root.join("all.tar.gz"), b"\x1f\x8b\x08rest").unwrap();
        let archive = Place::find(&root.join("all.tar.gz"), None).unwrap();
        assert_eq!(archive.context, ContextSource::Archive(root.join("all.tar.gz")));
        assert!(Place::find(&root.join("nowhere"), None).is_err());
    }

    #[test]
    fn a_name_is_made_of_the_folder_s() {
        let named = |name: &str| Place {
            dockerfile: DockerfileText::default(),
            context: ContextSource::Folder(Path::new("/srv").join(name)),
        };
        assert_eq!(named("My Shop (2)").suggested_tag(), "my-shop-2:latest");
        assert_eq!(named("가게").suggested_tag(), "image:latest");
        let archive = ContextSource::Archive("/srv/shop-1.2.tar.gz".into());
        let archive = Place { dockerfile: DockerfileText::default(), context: archive };
        assert_eq!(archive.suggested_tag(), "shop-1-2:latest");
        assert_eq!(named("__x..y").suggested_tag(), "x-y:latest");
    }
}

//! Which ignore rules hold for a context.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use strata_dockerfile::{Ignore, Rule};

use crate::BuildError;

/// The largest ignore file that is read, in bytes.
pub(super) const MAX_BYTES: u64 = 1 << 20;
/// What the ignore file of a context is called, and how that of a Dockerfile ends.
pub(super) const NAME: &str = ".dockerignore";

/// The rules of a context.
#[derive(Debug, Clone, Default)]
pub struct IgnoreRules {
    /// The rules.
    pub rules: Ignore,
    /// The file, for people; empty if there is none.
    pub name: String,
}

impl IgnoreRules {
    /// Those of `<Dockerfile>.dockerignore` if there is one, else of the folder.
    ///
    /// # Errors
    /// [`BuildError::Ignore`] or [`BuildError::File`].
    pub fn of_folder(folder: &Path, dockerfile: Option<&Path>) -> Result<Self, BuildError> {
        if let Some(beside) = Self::beside(dockerfile)? {
            return Ok(beside);
        }
        let path = folder.join(NAME);
        match read(&path)? {
            Some(text) => Self::parse(&text, NAME.to_owned()),
            None => Ok(Self::default()),
        }
    }

    /// Those of a Dockerfile of its own.
    pub(crate) fn beside(dockerfile: Option<&Path>) -> Result<Option<Self>, BuildError> {
        let Some(dockerfile) = dockerfile else { return Ok(None) };
        let mut path = dockerfile.as_os_str().to_owned();
        path.push(NAME);
        let path = PathBuf::from(path);
        let Some(text) = read(&path)? else { return Ok(None) };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self::parse(&text, name).map(Some)
    }

    pub(crate) fn parse(text: &str, name: String) -> Result<Self, BuildError> {
        match Ignore::parse(text) {
            Ok(rules) => Ok(Self { rules, name }),
            Err(source) => Err(BuildError::Ignore { name, source }),
        }
    }

    /// The rule that keeps a path out, as it stands there, with its line.
    #[must_use]
    pub fn keeping_out(&self, path: &str) -> Option<(String, usize)> {
        let rule: &Rule = self.rules.rule_for(path)?;
        (!rule.lets_in).then(|| (rule.pattern.clone(), rule.line))
    }
}

fn read(path: &Path) -> Result<Option<String>, BuildError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(BuildError::File { doing: "read", path: path.to_owned(), source }),
    }
}

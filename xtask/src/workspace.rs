//! Where the repository and its outputs stand.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::TaskError;

/// The repository's folders, and how to call the tools in it.
pub struct Workspace {
    /// The repository's root.
    pub root: PathBuf,
    /// Cargo's output folder; everything that tasks make goes into it.
    pub target: PathBuf,
}

impl Workspace {
    /// Finds the repository from the place that this crate was built in, or else from the current folder.
    pub fn find() -> Result<Self, TaskError> {
        let built_in = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let start = match built_in {
            Some(folder) => folder,
            None => env::current_dir().map_err(|source| TaskError::File {
                doing: "find the current folder",
                path: PathBuf::from("."),
                source,
            })?,
        };
        let root = start.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
        let Some(root) = root else {
            return Err(TaskError::Missing {
                what: "this is not inside the repository".to_owned(),
                remedy: "change to the folder that holds Cargo.lock".to_owned(),
            });
        };
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        Ok(Self { root: root.to_owned(), target })
    }

    /// Cargo, as it was called for this task, in the root.
    pub fn cargo(&self) -> Command {
        let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// A program that a debug build has made.
    pub fn built(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// The folder of the window's sources.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Makes a folder below the output folder.
    pub fn output_folder(&self, name: &str) -> Result<PathBuf, TaskError> {
        let path = self.target.join(name);
        std::fs::create_dir_all(&path).map_err(|source| TaskError::File {
            doing: "create folder",
            path: path.clone(),
            source,
        })?;
        Ok(path)
    }
}

/// Reads a file as text.
pub fn read_text(path: &Path) -> Result<String, TaskError> {
    std::fs::read_to_string(path).map_err(|source| TaskError::File {
        doing: "read",
        path: path.to_owned(),
        source,
    })
}

/// Writes a file.
pub fn write_text(path: &Path, text: &str) -> Result<(), TaskError> {
    std::fs::write(path, text).map_err(|source| TaskError::File {
        doing: "write",
        path: path.to_owned(),
        source,
    })
}

/// The full path of a program that stands on `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

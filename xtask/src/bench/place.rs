//! Where the pulled bytes go: memory, so that no disk is measured, and nothing that an earlier run left behind.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::TaskError;
use crate::process;
use crate::workspace::Workspace;

/// What the largest image needs, several times over.
const NEEDED_BYTES: u64 = 6 << 30;
const MEMORY: &str = "/dev/shm";

/// A folder for the runs; it goes with this value.
#[derive(Debug)]
pub struct Place {
    /// The folder.
    pub path: PathBuf,
    /// What it lies on, for the report.
    pub kind: &'static str,
    mounted: bool,
}

impl Place {
    /// A folder in memory; where that is too small a new ext4 in a file, as a used one may be slow at creating files.
    pub fn make(workspace: &Workspace) -> Result<Self, TaskError> {
        let name = format!("strata-bench-{}", std::process::id());
        if free_bytes(MEMORY) > NEEDED_BYTES {
            let path = Path::new(MEMORY).join(name);
            make_folder(&path)?;
            return Ok(Self { path, kind: "tmpfs", mounted: false });
        }
        let image = workspace.output_folder("bench")?.join("disk.img");
        let path = workspace.output_folder("bench")?.join("disk");
        make_folder(&path)?;
        process::run(Command::new("truncate").arg("--size=12G").arg(&image))?;
        process::run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image))?;
        process::run(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(&path))?;
        Ok(Self { path, kind: "loop-mounted ext4", mounted: true })
    }

    /// An empty folder below, whatever was there before.
    pub fn empty(&self, name: &str) -> Result<PathBuf, TaskError> {
        let path = self.path.join(name);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(|source| TaskError::File {
                doing: "remove",
                path: path.clone(),
                source,
            })?;
        }
        Ok(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.mounted {
            process::succeeds(Command::new("umount").arg(&self.path));
        } else {
            fs::remove_dir_all(&self.path).ok();
        }
    }
}

/// Makes a folder, and those above it.
pub fn make_folder(path: &Path) -> Result<(), TaskError> {
    fs::create_dir_all(path).map_err(|source| TaskError::File {
        doing: "create folder",
        path: path.to_owned(),
        source,
    })
}

/// What all files below a folder take of the disk.
pub fn disk_bytes(path: &Path) -> u64 {
    const BLOCK: u64 = 512;
    let Ok(data) = fs::symlink_metadata(path) else { return 0 };
    if !data.is_dir() {
        return data.blocks() * BLOCK;
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| disk_bytes(&entry.path())).sum()
}

fn free_bytes(path: &str) -> u64 {
    let output = Command::new("df").args(["--output=avail", "--block-size=1", path]).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    text.ok().and_then(|text| text.lines().last()?.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_files_of_a_folder_are_added_up() {
        let path = std::env::temp_dir().join(format!("strata-place-{}", std::process::id()));
        make_folder(&path.join("deep")).unwrap();
        fs::write(path.join("deep/file"), vec![1; 10_000]).unwrap();
        assert!((10_000..100_000).contains(&disk_bytes(&path)));
        fs::remove_dir_all(&path).unwrap();
    }
}

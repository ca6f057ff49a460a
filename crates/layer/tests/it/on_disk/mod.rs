//! Layers unpacked into folders, laid on each other by the kernel, and captured again.

mod attacks;
mod lowers;
mod overlay;
mod round_trip;
mod vectors;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use strata_layer::{
    CaptureOptions, Captured, Entry, OverlayMarks, Owners, TarWriter, UnpackError, UnpackOptions,
    Unpacked, capture, unpack,
};
use strata_testkit::Layer;
use tempfile::TempDir;

use crate::read;

/// A folder with layers in it, each unpacked above those before.
struct Site {
    folder: TempDir,
    /// The topmost first.
    layers: Vec<PathBuf>,
}

impl Site {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), layers: Vec::new() }
    }

    fn options(&self) -> UnpackOptions {
        let is_root = is_root();
        UnpackOptions {
            lowers: self.layers.clone(),
            owners: if is_root { Owners::Keep } else { Owners::IgnoreErrors },
            marks: if is_root { OverlayMarks::Trusted } else { OverlayMarks::User },
            ..UnpackOptions::default()
        }
    }

    /// Unpacks a layer above those that are there.
    fn unpack(&mut self, tar: &[u8]) -> Result<Unpacked, UnpackError> {
        let into = self.folder.path().join(format!("layer{}", self.layers.len()));
        let unpacked = unpack(tar, &into, &self.options())?;
        self.layers.insert(0, into);
        Ok(unpacked)
    }

    /// The topmost layer.
    fn top(&self) -> &Path {
        &self.layers[0]
    }

    /// What all layers are together, as the kernel sees it; none, with a word, where it does not let us.
    fn mounted(&self) -> Option<Mounted> {
        let (at, empty) = (self.folder.path().join("merged"), self.folder.path().join("empty"));
        fs::create_dir_all(&at).unwrap();
        fs::create_dir_all(&empty).unwrap();
        let mut lowers: Vec<String> =
            self.layers.iter().map(|path| path.display().to_string()).collect();
        lowers.push(empty.display().to_string());
        let data = std::ffi::CString::new(format!("lowerdir={}", lowers.join(":"))).unwrap();
        match mount("overlay", &at, "overlay", MountFlags::RDONLY, Some(&*data)) {
            Ok(()) => Some(Mounted(at)),
            Err(error) => {
                println!("skipped: no overlay can be mounted here ({error})");
                None
            }
        }
    }

    /// The topmost layer, captured.
    fn capture(&self, options: &CaptureOptions) -> (Captured, Vec<Entry>) {
        let mut tar = TarWriter::new(Vec::new());
        let captured = capture(self.top(), &self.layers[1..], &mut tar, options).unwrap();
        let (_, entries) = read(&tar.finish().unwrap()).unwrap();
        (captured, entries)
    }
}

/// An overlay, as long as this lives.
struct Mounted(PathBuf);

impl Mounted {
    /// The paths in it, sorted, as `path`, `path/` for folders, and `path -> target` for links.
    fn paths(&self) -> Vec<String> {
        paths(&self.0)
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        unmount(&self.0, UnmountFlags::DETACH).ok();
    }
}

/// Whether we are the system's root, and not that of a user namespace.
fn is_root() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let is_whole = map.split_whitespace().eq(["0", "0", "4294967295"]);
    rustix::process::geteuid().is_root() && is_whole
}

/// False, with a word, where only root can do what a test needs.
fn needs_root() -> bool {
    if !is_root() {
        println!("skipped: only root may make devices and give files away");
    }
    is_root()
}

fn paths(root: &Path) -> Vec<String> {
    fn walk(root: &Path, at: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let data = fs::symlink_metadata(&path).unwrap();
            if data.is_dir() {
                found.push(format!("{name}/"));
                walk(root, &path, found);
            } else if data.is_symlink() {
                found.push(format!("{name} -> {}", fs::read_link(&path).unwrap().display()));
            } else {
                found.push(name);
            }
        }
    }
    let mut found = Vec::new();
    walk(root, root, &mut found);
    found.sort();
    found
}

fn inode(path: &Path) -> u64 {
    fs::symlink_metadata(path).unwrap().ino()
}

/// A layer's bytes, with folders made of paths that end in a slash.
fn layer(paths: &[&str]) -> Layer {
    paths.iter().fold(Layer::new(), |layer, path| match path.strip_suffix('/') {
        Some(folder) => layer.dir(folder),
        None => layer.file(path, path),
    })
}

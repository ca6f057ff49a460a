//! A file or folder of an image put into a folder of this machine, from the window.

use std::io::Write;
use std::path::{Path, PathBuf};

use strata_tree::Change;

use crate::api::{FileAt, FileSave, FileSaved, SbomFormat, SbomSave, UserError};
use crate::app::{App, Inner, on_thread};
use crate::error::AppError;
use crate::escape::escape;
use crate::export::ExportRequest;
use crate::file_rows::list_key;
use crate::images::manifest_digest;
use crate::stored_image::StoredImage;

/// How many names are tried beside one that is taken.
const MOST_TRIES: usize = 1000;

impl App {
    /// Saves a file, or a folder with all below it, into a folder. What is there is never written over: a name that is
    /// taken gets a number. Something that a layer deleted is saved as it was below.
    ///
    /// # Errors
    /// If there is no such image or row, the store is damaged, or the folder cannot be written.
    pub async fn file_save(&self, wanted: FileSave) -> Result<FileSaved, UserError> {
        let inner = self.inner.clone();
        on_thread("saving", move || inner.save(&wanted)).await
    }
}

impl App {
    /// Saves the list of an image's packages into a folder, under a name that is free.
    ///
    /// # Errors
    /// If there is no such image, it is damaged, or the folder cannot be written.
    pub async fn sbom_save(&self, wanted: SbomSave) -> Result<FileSaved, UserError> {
        let text = self.sbom(&wanted.manifest, wanted.format).await?;
        let inner = self.inner.clone();
        on_thread("saving", move || {
            let manifest = manifest_digest(&wanted.manifest)?;
            let record = StoredImage::read(&inner.store, &manifest, None)?.record;
            let name = record.reference.map_or_else(|| manifest.short(), |name| name.familiar());
            let ending = match wanted.format {
                SbomFormat::Spdx => "spdx.json",
                SbomFormat::Cyclonedx => "cdx.json",
            };
            let name = safe_name(format!("{name}.{ending}").as_bytes());
            let path = free_name(Path::new(&wanted.folder), &name)?;
            let mut options = std::fs::OpenOptions::new();
            let written = options
                .write(true)
                .create_new(true)
                .open(&path)
                .and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|source| AppError::Export { path: path.clone(), source })?;
            let path = path.display().to_string();
            Ok(FileSaved { path, files: 1, bytes: text.len() as u64, skipped: 0 })
        })
        .await
    }
}

impl Inner {
    fn save(&self, wanted: &FileSave) -> Result<FileSaved, AppError> {
        let FileAt { manifest, layer, scope, id } = &wanted.at;
        let key = list_key(manifest, *layer, *scope)?;
        let listing = self.listings.list(&self.store, &key)?;
        let path = listing.path(*id);
        let unknown = || AppError::PathUnknown { path: escape(&path) };
        let row = listing.place(*id).and_then(|place| listing.row(place)).ok_or_else(unknown)?;
        let layer = if row.change == Change::Deleted { row.layer + 1 } else { *layer };
        let destination = free_name(Path::new(&wanted.folder), &safe_name(row.name))?;
        let request = ExportRequest {
            image: manifest.clone(),
            platform: None,
            path,
            layer: Some(layer),
            destination: destination.clone(),
        };
        let done = self.export(&request)?;
        Ok(FileSaved {
            path: destination.display().to_string(),
            files: done.files,
            bytes: done.bytes,
            skipped: done.skipped_count,
        })
    }
}

/// A name that every system takes: what one of them forbids becomes `_`.
fn safe_name(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    let is_bad = |letter: char| letter.is_control() || "/\\:*?\"<>|\u{fffd}".contains(letter);
    let mut safe: String =
        text.chars().map(|letter| if is_bad(letter) { '_' } else { letter }).take(120).collect();
    let end = safe.trim_end_matches(['.', ' ']).len();
    safe.truncate(end);
    if safe.is_empty() || safe.chars().all(|letter| letter == '.') { "_".to_owned() } else { safe }
}

/// A path below a folder that is free: `name`, `name (2)`, …
fn free_name(folder: &Path, name: &str) -> Result<PathBuf, AppError> {
    let is_free = |path: &PathBuf| path.symlink_metadata().is_err();
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let numbered =
        (2..MOST_TRIES).map(|number| folder.join(format!("{stem} ({number}){extension}")));
    let found = std::iter::once(folder.join(name)).chain(numbered).find(is_free);
    found.ok_or_else(|| AppError::DestinationTaken { path: folder.join(name) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_are_made_safe_and_never_taken_twice() {
        for (name, expected) in [
            (&b"os-release"[..], "os-release"),
            (b"a:b\nc", "a_b_c"),
            (b"..", "_"),
            (b"trailing. ", "trailing"),
            (b"\xff", "_"),
        ] {
            assert_eq!(safe_name(name), expected);
        }
        let folder = tempfile::tempdir().unwrap();
        let mut seen = Vec::new();
        for _ in 0..3 {
            let path = free_name(folder.path(), "a.txt").unwrap();
            std::fs::write(&path, "").unwrap();
            seen.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
        assert_eq!(seen, ["a.txt", "a (2).txt", "a (3).txt"]);
    }
}

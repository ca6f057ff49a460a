//! The database brought in line with the layout: after a cut, after another tool, or from nothing.

use std::fs;

use rusqlite::OptionalExtension;
use strata_spec::{Algorithm, Descriptor, Digest, Document, MAX_MANIFEST_BYTES};

use crate::database::failed;
use crate::index_file::{IndexFile, Named, stamp};
use crate::lock::StoreLock;
use crate::record::{Pointed, note_blobs, note_image, note_move, note_name, note_state, now};
use crate::{LayerRecord, Store, StoreError};

/// A name with all that the database keeps of it.
struct Found {
    pointed: Pointed,
    /// The layers of an image that the database does not know.
    layers: Option<Vec<LayerRecord>>,
}

impl Store {
    /// Makes the database say what the name file says, unless it was made for this very file.
    ///
    /// What the layout does not tell is lost where the database was: when an image came, what names pointed to before, and
    /// the sizes of plain tars.
    pub(crate) fn reconcile(&self, _lock: &StoreLock, index: &IndexFile) -> Result<(), StoreError> {
        let stamp = stamp(self.folder())?;
        let known = self.known_stamp()?;
        if known.as_deref() == Some(stamp.as_str()) {
            return Ok(());
        }
        let sizes = if known.is_none() { self.stored_blobs() } else { Vec::new() };
        let mut found = Vec::new();
        for named in index.names() {
            found.push(self.found(named)?);
        }
        let now = now();
        self.database().change("read the layout anew", |change| {
            note_blobs(change, &sizes)?;
            found.iter().try_for_each(|found| note_move(change, &found.pointed, &now))?;
            change.execute("DELETE FROM names", [])?;
            for Found { pointed, layers } in &found {
                note_name(change, pointed)?;
                let manifest = &pointed.named.entry.digest;
                if let Some(layers) = layers {
                    note_image(change, manifest, layers, &now)?;
                }
                let sql = "UPDATE images SET named = 1 WHERE manifest = ?1";
                change.execute(sql, [manifest.to_string()])?;
            }
            note_state(change, &stamp)
        })
    }

    fn known_stamp(&self) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM meta WHERE key = 'stamp'";
        let connection = self.database().read();
        let found = connection.query_row(sql, [], |row| row.get(0)).optional();
        found.map_err(failed("read"))
    }

    fn found(&self, named: Named) -> Result<Found, StoreError> {
        let target = match &named.target {
            Some(digest) => self.target_of(digest),
            None => None,
        };
        let target = target.unwrap_or_else(|| named.entry.clone());
        let manifest = &named.entry.digest;
        let layers = if self.is_known(manifest)? { None } else { self.layers_of(manifest) };
        Ok(Found { pointed: Pointed { named, target, source: String::new() }, layers })
    }

    /// Whether the database knows the layers of this image, listed or not.
    fn is_known(&self, manifest: &Digest) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM images WHERE manifest = ?1)";
        let connection = self.database().read();
        let found = connection.query_row(sql, [manifest.to_string()], |row| row.get(0));
        found.map_err(failed("find an image"))
    }

    /// The descriptor of a stored index.
    fn target_of(&self, digest: &Digest) -> Option<Descriptor> {
        let raw = self.read_document(digest, MAX_MANIFEST_BYTES).ok()?;
        let own = Document::parse(raw, None).ok()?.descriptor();
        Some(Descriptor { digest: digest.clone(), ..own })
    }

    /// What manifest and config say of an image's layers; none if it is no image, or not all of it is here.
    fn layers_of(&self, manifest: &Digest) -> Option<Vec<LayerRecord>> {
        let (manifest, config) = self.documents(manifest).ok()?;
        let diff_ids = config.diff_ids();
        if diff_ids.len() != manifest.layers().len() {
            return None;
        }
        let pairs = manifest.layers().iter().zip(diff_ids);
        let layers = pairs.map(|(layer, diff_id)| {
            let is_here = self.blob_size(&layer.digest).ok()? == Some(layer.size);
            is_here.then(|| LayerRecord {
                digest: layer.digest.clone(),
                diff_id: diff_id.clone(),
                size_bytes: layer.size,
                tar_bytes: 0,
            })
        });
        layers.collect()
    }

    /// All blobs of the layout with their sizes.
    fn stored_blobs(&self) -> Vec<(Digest, u64)> {
        let mut blobs = Vec::new();
        for algorithm in [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512] {
            let folder = self.folder().join("blobs").join(algorithm.as_str());
            let Ok(entries) = fs::read_dir(folder) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name();
                let text = format!("{}:{}", algorithm.as_str(), name.to_string_lossy());
                if let (Ok(digest), Ok(data)) = (Digest::parse(&text), entry.metadata())
                    && data.is_file()
                {
                    blobs.push((digest, data.len()));
                }
            }
        }
        blobs
    }
}

//! Making content visible: files first, then the record, then the name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rusqlite::{Transaction, params};
use strata_spec::{
    Descriptor, DiffId, Digest, ImageConfig, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, Manifest,
    Platform, Reference,
};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::database::{failed as database_failed, integer};
use crate::disk::{failed, rename, sync_folder, unique, write_synced};
use crate::index_file::{IndexFile, Named, stamp};
use crate::lock::StoreLock;
use crate::{Ready, Store, StoreError, unix};

/// An image to make visible, every byte of it compared.
#[derive(Debug)]
pub struct ImageCommit {
    /// The name that is to point to it.
    pub reference: Option<Reference>,
    /// What the name points to: an index, or the manifest itself.
    pub target: Descriptor,
    /// Index, manifest and config, under their digests.
    pub documents: Vec<(Digest, Vec<u8>)>,
    /// The layers that were not here.
    pub blobs: Vec<Ready>,
    /// The file indexes that were not here.
    pub trees: Vec<(DiffId, Vec<u8>)>,
    /// The image's manifest.
    pub manifest: Digest,
    /// All its layers, the oldest first.
    pub layers: Vec<LayerRecord>,
    /// Where it came from: a registry's host.
    pub source: String,
}

/// A layer as an image has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerRecord {
    /// Its digest.
    pub digest: Digest,
    /// The digest of its plain tar.
    pub diff_id: DiffId,
    /// Compressed bytes.
    pub size_bytes: u64,
    /// Bytes of its plain tar; 0 while unknown.
    pub tar_bytes: u64,
}

impl Store {
    /// Makes an image visible. One barrier for all its files: synced, renamed, their folders synced; then its record, in
    /// one transaction; then its name.
    ///
    /// # Errors
    /// What kept it from being done; the image is then not visible.
    pub fn commit(&self, image: ImageCommit) -> Result<(), StoreError> {
        let ImageCommit { reference, target, documents, blobs, trees, manifest, layers, source } =
            image;
        let mut sizes: Vec<(Digest, u64)> =
            documents.iter().map(|(digest, bytes)| (digest.clone(), bytes.len() as u64)).collect();
        sizes.extend(layers.iter().map(|layer| (layer.digest.clone(), layer.size_bytes)));
        let lock = StoreLock::take(self.folder())?;
        self.place(&documents, &blobs, &trees)?;
        // They have their names: who waits for their locks may look.
        drop(blobs);
        let named = reference.map(|reference| self.named(reference, &target, &manifest));
        let named = named.transpose()?;
        let now = now();
        self.publish(
            &lock,
            |change| {
                note_blobs(change, &sizes)?;
                note_image(change, &manifest, &layers, &now)
            },
            named.as_ref().map(|named| (named, &target)),
            |change| {
                if let Some(named) = &named {
                    let sql = "INSERT INTO name_history VALUES (?1, ?2, ?3, ?4, ?5)";
                    let name = named.reference.to_string();
                    let (target, manifest) = (target.digest.to_string(), manifest.to_string());
                    change.execute(sql, params![name, target, manifest, now, source])?;
                }
                let sql = "UPDATE images SET named = 1 WHERE manifest = ?1";
                change.execute(sql, [manifest.to_string()]).map(|_| ())
            },
        )
    }

    /// Makes blobs visible that no image names yet.
    ///
    /// # Errors
    /// What kept them from it; none of them is then noted, though some may be there.
    pub fn commit_blobs(&self, blobs: Vec<Ready>) -> Result<(), StoreError> {
        let sizes: Vec<(Digest, u64)> =
            blobs.iter().map(|blob| (blob.digest().clone(), blob.size_bytes())).collect();
        let _lock = StoreLock::take(self.folder())?;
        self.place(&[], &blobs, &[])?;
        // They have their names: who waits for their locks may look.
        drop(blobs);
        self.database().change("note blobs", |change| note_blobs(change, &sizes))
    }

    /// Syncs all files, gives them their names, syncs the folders.
    pub(crate) fn place(
        &self,
        documents: &[(Digest, Vec<u8>)],
        blobs: &[Ready],
        trees: &[(DiffId, Vec<u8>)],
    ) -> Result<(), StoreError> {
        let mut moves: Vec<(PathBuf, PathBuf)> = Vec::new();
        for blob in blobs {
            blob.file.sync_all().map_err(failed("sync", &blob.path))?;
            moves.push((blob.path.clone(), self.blob_path(&blob.digest)));
        }
        for (digest, bytes) in documents {
            if self.blob_size(digest)? != Some(bytes.len() as u64) || self.is_changed(digest, bytes)
            {
                moves.push((self.written("document", bytes)?, self.blob_path(digest)));
            }
        }
        for (diff_id, bytes) in trees {
            moves.push((self.written("tree", bytes)?, self.tree_path(diff_id)));
        }
        let mut folders = BTreeSet::new();
        for (from, to) in &moves {
            let folder = to.parent().unwrap_or(Path::new("."));
            if folders.insert(folder.to_owned()) {
                unix::make_private_folder(folder).map_err(failed("make the folder", folder))?;
            }
            rename(from, to)?;
        }
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }

    /// A document whose stored bytes were changed is written again.
    fn is_changed(&self, digest: &Digest, bytes: &[u8]) -> bool {
        std::fs::read(self.blob_path(digest)).map_or(true, |stored| stored != bytes)
    }

    fn written(&self, kind: &str, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let path = unique(&self.ingest_folder(), kind);
        write_synced(&path, bytes)?;
        Ok(path)
    }

    /// The entry for an image: the manifest with its platform, and the index that it was chosen from.
    fn named(
        &self,
        reference: Reference,
        target: &Descriptor,
        manifest: &Digest,
    ) -> Result<Named, StoreError> {
        let (parsed, platform) = self.manifest_and_platform(manifest)?;
        let entry = Descriptor { platform: Some(platform), ..parsed.descriptor() };
        let target = (target.digest != *manifest).then(|| target.digest.clone());
        Ok(Named { reference, entry, target })
    }

    /// A stored manifest, and what its config says it runs on.
    pub(crate) fn manifest_and_platform(
        &self,
        digest: &Digest,
    ) -> Result<(Manifest, Platform), StoreError> {
        let (manifest, config) = self.documents(digest)?;
        let platform = config.platform();
        Ok((manifest, platform))
    }

    pub(crate) fn documents(&self, digest: &Digest) -> Result<(Manifest, ImageConfig), StoreError> {
        let malformed = |digest: &Digest| {
            let path = self.blob_path(digest);
            move |source| StoreError::Layout { path, source }
        };
        let raw = self.read_document(digest, MAX_MANIFEST_BYTES)?;
        let manifest = Manifest::parse(raw).map_err(malformed(digest))?;
        let config = &manifest.config().digest;
        let raw = self.read_document(config, MAX_CONFIG_BYTES)?;
        let config = ImageConfig::parse(raw).map_err(malformed(config))?;
        Ok((manifest, config))
    }

    /// Record, name file, name: in this order, so that a cut between leaves what is named whole and listed.
    pub(crate) fn publish(
        &self,
        lock: &StoreLock,
        record: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
        named: Option<(&Named, &Descriptor)>,
        listed: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        let mut index = IndexFile::read(self.folder())?;
        self.reconcile(lock, &index)?;
        self.database().change("note content", record)?;
        if let Some((named, _)) = named {
            let before = index.clone();
            index.point(named.clone());
            if index != before {
                index.write(self.folder())?;
            }
        }
        let stamp = stamp(self.folder())?;
        self.database().change("note a name", |change| {
            if let Some((named, target)) = named {
                forget_replaced(change, &index, &named.reference)?;
                note_name(change, named, target)?;
            }
            listed(change)?;
            note_state(change, &stamp)
        })
    }

    /// A number that is another after every change of what is visible, by this process or another.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn generation(&self) -> Result<u64, StoreError> {
        let sql = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'generation'";
        let connection = self.database().read();
        let mut statement = connection.prepare_cached(sql).map_err(database_failed("read"))?;
        let mut rows = statement.query([]).map_err(database_failed("read"))?;
        let row = rows.next().map_err(database_failed("read"))?;
        row.map_or(Ok(0), |row| crate::database::number(row, 0)).map_err(database_failed("read"))
    }
}

/// What is visible has changed, and `index.json` looks like this now.
pub(crate) fn note_state(change: &Transaction<'_>, stamp: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO meta VALUES ('stamp', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1";
    change.execute(sql, [stamp])?;
    let sql = "INSERT INTO meta VALUES ('generation', '1')
               ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1";
    change.execute(sql, []).map(|_| ())
}

pub(crate) fn note_blobs(
    change: &Transaction<'_>,
    sizes: &[(Digest, u64)],
) -> rusqlite::Result<()> {
    let mut insert = change.prepare_cached("INSERT OR REPLACE INTO blobs VALUES (?1, ?2)")?;
    for (digest, size) in sizes {
        insert.execute(params![digest.to_string(), integer(*size)])?;
    }
    Ok(())
}

/// Notes an image and its layers. One that is known gets a new date; a tar size that is known stays.
pub(crate) fn note_image(
    change: &Transaction<'_>,
    manifest: &Digest,
    layers: &[LayerRecord],
    now: &str,
) -> rusqlite::Result<()> {
    let manifest = manifest.to_string();
    let sql = "INSERT INTO images (manifest, pulled_at) VALUES (?1, ?2)
               ON CONFLICT (manifest) DO UPDATE SET pulled_at = ?2";
    change.execute(sql, [&manifest, now])?;
    let mut insert = change.prepare_cached(
        "INSERT INTO layers VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (manifest, position) DO UPDATE SET tar_bytes = max(tar_bytes, ?6)",
    )?;
    for (position, layer) in layers.iter().enumerate() {
        insert.execute(params![
            manifest,
            integer(position as u64),
            layer.digest.to_string(),
            layer.diff_id.0.to_string(),
            integer(layer.size_bytes),
            integer(layer.tar_bytes),
        ])?;
    }
    Ok(())
}

/// Forgets what a name pointed to before; what the index file still has under it, of other platforms, stays.
fn forget_replaced(
    change: &Transaction<'_>,
    index: &IndexFile,
    reference: &Reference,
) -> rusqlite::Result<()> {
    let full = reference.to_string();
    let mut known = change.prepare_cached("SELECT entry FROM names WHERE reference = ?1")?;
    let entries: Vec<String> =
        known.query_map([&full], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut forget =
        change.prepare_cached("DELETE FROM names WHERE reference = ?1 AND entry = ?2")?;
    for entry in entries {
        let mut kept = index.names().filter(|named| named.reference == *reference);
        if !kept.any(|named| named.entry.digest.to_string() == entry) {
            forget.execute([&full, &entry])?;
        }
    }
    Ok(())
}

/// Notes that a name points to something.
pub(crate) fn note_name(
    change: &Transaction<'_>,
    named: &Named,
    target: &Descriptor,
) -> rusqlite::Result<()> {
    let reference = &named.reference;
    let sql = "INSERT OR REPLACE INTO names VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let values = params![
        reference.to_string(),
        reference.registry(),
        reference.repository(),
        reference.tag(),
        named.entry.digest.to_string(),
        target.digest.to_string(),
        target.media_type.as_str(),
        integer(target.size),
    ];
    change.execute(sql, values).map(|_| ())
}

/// Now, RFC 3339, UTC, in whole seconds.
pub(crate) fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let whole = now.replace_nanosecond(0).unwrap_or(now);
    whole.format(&Rfc3339).unwrap_or_default()
}

//! Making content visible: files first, then the record, then the name.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::Transaction;
use strata_spec::{
    Descriptor, DiffId, Digest, ImageConfig, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, Manifest,
    Reference,
};

use crate::disk::{failed, make_folder, rename, sync_files, sync_folder, unique, write_new};
use crate::index_file::{IndexFile, Named, stamp};
use crate::lock::StoreLock;
use crate::record::{
    Pointed, forget_replaced, note_blobs, note_image, note_move, note_name, note_state, now,
};
use crate::{Ready, Store, StoreError, TreeFile, unix};

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
    pub trees: Vec<(DiffId, TreeFile)>,
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
    /// [`StoreError::BlobUnknown`] if one of its layers is neither here nor brought, or what kept it from being done; the
    /// image is then not visible.
    pub fn commit(&self, image: ImageCommit) -> Result<(), StoreError> {
        let ImageCommit { reference, target, documents, blobs, trees, manifest, layers, source } =
            image;
        let mut sizes: Vec<(Digest, u64)> =
            documents.iter().map(|(digest, bytes)| (digest.clone(), bytes.len() as u64)).collect();
        sizes.extend(layers.iter().map(|layer| (layer.digest.clone(), layer.size_bytes)));
        sync(&blobs)?;
        let lock = StoreLock::take(self.folder())?;
        self.place(&documents, &blobs, &trees)?;
        // They have their names: who waits for their locks may look.
        drop(blobs);
        self.check_layers(&layers)?;
        let pointed = reference.map(|reference| -> Result<Pointed, StoreError> {
            Ok(Pointed { named: self.named(reference, &target, &manifest)?, target, source })
        });
        let pointed = pointed.transpose()?;
        let now = now();
        self.publish(
            &lock,
            |change| {
                note_blobs(change, &sizes)?;
                note_image(change, &manifest, &layers, &now)
            },
            pointed.as_ref(),
            |change| {
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
        sync(&blobs)?;
        let _lock = StoreLock::take(self.folder())?;
        self.place(&[], &blobs, &[])?;
        // They have their names: who waits for their locks may look.
        drop(blobs);
        self.database().change("note blobs", |change| note_blobs(change, &sizes))
    }

    /// Writes and syncs the small files, gives all files their names, syncs the folders. The blobs are synced already.
    pub(crate) fn place(
        &self,
        documents: &[(Digest, Vec<u8>)],
        blobs: &[Ready],
        trees: &[(DiffId, TreeFile)],
    ) -> Result<(), StoreError> {
        let mut moves: Vec<(PathBuf, PathBuf)> = Vec::new();
        let mut written: Vec<(PathBuf, File)> = Vec::new();
        for blob in blobs {
            moves.push((blob.path.clone(), self.blob_path(&blob.digest)));
        }
        for (digest, bytes) in documents {
            if self.blob_size(digest)? != Some(bytes.len() as u64) || self.is_changed(digest, bytes)
            {
                let document = self.written("document", bytes)?;
                moves.push((document.0.clone(), self.blob_path(digest)));
                written.push(document);
            }
        }
        let mut synced: Vec<(&Path, &File)> =
            written.iter().map(|(path, file)| (path.as_path(), file)).collect();
        for (diff_id, tree) in trees {
            moves.push((tree.path.clone(), self.tree_path(diff_id)));
            synced.push((&tree.path, &tree.file));
        }
        sync_files(synced.into_iter())?;
        let mut folders = BTreeSet::new();
        for (from, to) in &moves {
            let folder = to.parent().unwrap_or(Path::new("."));
            if folders.insert(folder.to_owned()) {
                make_folder(folder)?;
            }
            rename(from, to)?;
        }
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }

    /// A document whose stored bytes were changed is written again.
    fn is_changed(&self, digest: &Digest, bytes: &[u8]) -> bool {
        std::fs::read(self.blob_path(digest)).map_or(true, |stored| stored != bytes)
    }

    fn written(&self, kind: &str, bytes: &[u8]) -> Result<(PathBuf, File), StoreError> {
        let path = unique(&self.ingest_folder(), kind);
        let file = write_new(&path, bytes)?;
        // It may have to wait for large layers: nobody may take it for a leftover.
        unix::lock(&file, true).map_err(failed("lock", &path))?;
        Ok((path, file))
    }

    /// The entry for an image: the manifest with its platform, and the index that it was chosen from.
    fn named(
        &self,
        reference: Reference,
        target: &Descriptor,
        manifest: &Digest,
    ) -> Result<Named, StoreError> {
        let (parsed, config) = self.documents(manifest)?;
        // By the digest that it was asked for: its own descriptor always has SHA-256.
        let digest = manifest.clone();
        let entry = Descriptor { platform: Some(config.platform()), digest, ..parsed.descriptor() };
        let target = (target.digest != *manifest).then(|| target.digest.clone());
        Ok(Named { reference, entry, target })
    }

    /// An image without one of its layers must not become visible.
    fn check_layers(&self, layers: &[LayerRecord]) -> Result<(), StoreError> {
        layers.iter().try_for_each(|layer| {
            let digest = layer.digest.clone();
            match self.blob_size(&digest)? {
                Some(size) if size == layer.size_bytes => Ok(()),
                Some(_) => Err(StoreError::Damaged { digest, reason: "it has another size" }),
                None => Err(StoreError::BlobUnknown { digest }),
            }
        })
    }

    /// A stored manifest and its config.
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
        pointed: Option<&Pointed>,
        listed: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        let mut index = IndexFile::read(self.folder())?;
        self.reconcile(lock, &index)?;
        self.database().change("note content", record)?;
        if let Some(pointed) = pointed {
            let before = index.clone();
            index.point(pointed.named.clone());
            if index != before {
                index.write(self.folder())?;
            }
        }
        let stamp = stamp(self.folder())?;
        self.database().change("note a name", |change| {
            if let Some(pointed) = pointed {
                note_move(change, pointed, &now())?;
                forget_replaced(change, &index, &pointed.named.reference)?;
                note_name(change, pointed)?;
            }
            listed(change)?;
            note_state(change, &stamp)
        })
    }
}

/// Syncs blobs that are to be placed: before the store's lock is taken, as large ones take long.
pub(crate) fn sync(blobs: &[Ready]) -> Result<(), StoreError> {
    sync_files(blobs.iter().map(|blob| (blob.path.as_path(), &blob.file)))
}

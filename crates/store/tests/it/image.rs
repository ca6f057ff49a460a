use std::io::Write;
use std::path::Path;

use serde_json::json;
use strata_spec::{Descriptor, DiffId, Digest, MediaType, Reference};
use strata_store::{ImageCommit, LayerRecord, Ready, Store, StoreError};

/// An image of a few bytes. Its layers are plain, so that each one's digest is its diff ID too.
#[derive(Clone)]
pub struct Image {
    pub manifest: Vec<u8>,
    pub config: Vec<u8>,
    pub layers: Vec<Vec<u8>>,
    /// What a name for it points to, if not the manifest.
    pub index: Option<Vec<u8>>,
}

pub fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

pub fn diff_id(layer: &[u8]) -> DiffId {
    DiffId(Digest::sha256_of(layer))
}

/// What stands for the index of a layer's files.
pub fn tree(layer: &[u8]) -> Vec<u8> {
    [b"tree of ".as_slice(), layer].concat()
}

/// Writes all bytes.
pub fn written(out: &mut dyn Write, bytes: &[u8]) -> Result<(), StoreError> {
    out.write_all(bytes).map_err(|source| StoreError::File {
        doing: "write",
        path: "a tree".into(),
        source,
    })
}

impl Image {
    /// An image for `linux/ARCHITECTURE` with these layers.
    pub fn new(architecture: &str, layers: &[&[u8]]) -> Self {
        let diff_ids: Vec<String> =
            layers.iter().map(|layer| Digest::sha256_of(layer).to_string()).collect();
        let config = json!({
            "architecture": architecture, "os": "linux", "config": {},
            "rootfs": { "type": "layers", "diff_ids": diff_ids },
        });
        let config = config.to_string().into_bytes();
        let descriptor = |media_type: &str, bytes: &[u8]| {
            json!({
                "mediaType": media_type, "digest": Digest::sha256_of(bytes).to_string(), "size": bytes.len(),
            })
        };
        let layer_type = "application/vnd.oci.image.layer.v1.tar";
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MediaType::OciManifest.as_str(),
            "config": descriptor(MediaType::OciConfig.as_str(), &config),
            "layers": layers.iter().map(|layer| descriptor(layer_type, layer)).collect::<Vec<_>>(),
        });
        let layers = layers.iter().map(|layer| layer.to_vec()).collect();
        Self { manifest: manifest.to_string().into_bytes(), config, layers, index: None }
    }

    /// The same, chosen from an index that also has an image which nobody has pulled.
    pub fn of_index(architecture: &str, layers: &[&[u8]], note: &str) -> Self {
        let image = Self::new(architecture, layers);
        let entry = |architecture: &str, bytes: &[u8]| {
            json!({
                "mediaType": MediaType::OciManifest.as_str(),
                "digest": Digest::sha256_of(bytes).to_string(), "size": bytes.len(),
                "platform": { "os": "linux", "architecture": architecture },
            })
        };
        let index = json!({
            "schemaVersion": 2, "mediaType": MediaType::OciIndex.as_str(),
            "manifests": [entry("s390x", b"elsewhere"), entry(architecture, &image.manifest)],
            "annotations": { "note": note },
        });
        Self { index: Some(index.to_string().into_bytes()), ..image }
    }

    pub fn digest(&self) -> Digest {
        Digest::sha256_of(&self.manifest)
    }

    pub fn target(&self) -> Descriptor {
        let (media_type, bytes) = match &self.index {
            Some(index) => (MediaType::OciIndex, index),
            None => (MediaType::OciManifest, &self.manifest),
        };
        Descriptor::new(media_type, Digest::sha256_of(bytes), bytes.len() as u64)
    }

    pub fn records(&self) -> Vec<LayerRecord> {
        let record = |layer: &Vec<u8>| LayerRecord {
            digest: Digest::sha256_of(layer),
            diff_id: diff_id(layer),
            size_bytes: layer.len() as u64,
            tar_bytes: layer.len() as u64,
        };
        self.layers.iter().map(record).collect()
    }

    /// All that a pull would hand over, the layers that are missing among it.
    pub fn bring(&self, store: &Store, name: Option<&str>) -> Result<ImageCommit, StoreError> {
        let (mut blobs, mut trees) = (Vec::new(), Vec::new());
        for (at, layer) in self.layers.iter().enumerate() {
            let digest = Digest::sha256_of(layer);
            let is_here = || store.has_layer(&digest, layer.len() as u64, &diff_id(layer));
            if self.layers[..at].contains(layer) || is_here()? {
                continue;
            }
            let blob = take_in(store, layer)?;
            // Who waited for another that brought it finds it here.
            if !is_here()? {
                blobs.push(blob);
                trees.push((diff_id(layer), store.take_tree(|out| written(out, &tree(layer)))?));
            }
        }
        let documents = [Some(&self.manifest), Some(&self.config), self.index.as_ref()];
        let documents = documents.into_iter().flatten();
        Ok(ImageCommit {
            reference: name.map(reference),
            target: self.target(),
            documents: documents.map(|raw| (Digest::sha256_of(raw), raw.clone())).collect(),
            blobs,
            trees,
            manifest: self.digest(),
            layers: self.records(),
            source: "registry.example".to_owned(),
        })
    }

    pub fn keep(&self, store: &Store, name: Option<&str>) -> Result<(), StoreError> {
        store.commit(self.bring(store, name)?)
    }

    /// Writes it into a folder as any other tool would.
    pub fn write(&self, folder: &Path) {
        let documents = [Some(&self.manifest), Some(&self.config), self.index.as_ref()];
        for bytes in documents.into_iter().flatten().chain(&self.layers) {
            let name = Digest::sha256_of(bytes);
            std::fs::write(folder.join("blobs/sha256").join(name.hex()), bytes).unwrap();
        }
    }
}

/// Takes in a whole blob, or what is missing of it.
pub fn take_in(store: &Store, bytes: &[u8]) -> Result<Ready, StoreError> {
    let mut ingest = store.ingest(&Digest::sha256_of(bytes), bytes.len() as u64, &|| false)?;
    let offset = usize::try_from(ingest.offset()).unwrap();
    ingest.append(&bytes[offset..])?;
    ingest.finish()
}

/// Where a blob lies in the folder.
pub fn blob_path(store: &Store, digest: &Digest) -> std::path::PathBuf {
    store.folder().join("blobs").join(digest.algorithm().as_str()).join(digest.hex())
}

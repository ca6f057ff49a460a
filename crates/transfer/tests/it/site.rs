use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use strata_registry::{Faults, Server, ServerOptions};
use strata_remote::{Client, ClientOptions};
use strata_spec::{Descriptor, Digest, MediaType, Platform, Reference};
use strata_store::Store;
use strata_testkit::BuiltImage;
use strata_transfer::{PullRequest, Pulled, Reporter, Silent, TransferError, pull};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A registry, a client, and the store that is pulled into.
pub struct Site {
    pub server: Server,
    pub served: Store,
    pub store: Store,
    pub client: Client,
    folder: TempDir,
}

impl Site {
    pub async fn open() -> Self {
        Self::with(ClientOptions::default()).await
    }

    /// With a client that tries nothing twice.
    pub async fn impatient() -> Self {
        Self::with(ClientOptions { attempts: 1, ..ClientOptions::default() }).await
    }

    pub async fn with(options: ClientOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let served = Store::open(&folder.path().join("served")).unwrap();
        let store = Store::open(&folder.path().join("store")).unwrap();
        let server = Server::start(served.clone(), ServerOptions::default()).await.unwrap();
        let client = Client::new(options).unwrap();
        Self { server, served, store, client, folder }
    }

    /// Puts an image on the registry.
    pub fn serve(&self, name: &str, image: &BuiltImage) {
        for (digest, bytes) in &image.blobs {
            self.serve_blob(digest, bytes);
        }
        self.serve_document(name, &image.media_type, &image.manifest);
    }

    pub fn serve_blob(&self, digest: &Digest, bytes: &[u8]) {
        let mut ingest = self.served.ingest_unnamed().unwrap();
        ingest.append(bytes).unwrap();
        self.served.commit_blobs(vec![ingest.finish(digest).unwrap()]).unwrap();
    }

    /// Puts a manifest or index on the registry, whole or not. Gives its descriptor.
    pub fn serve_document(&self, name: &str, kind: &str, raw: &[u8]) -> Descriptor {
        let reference: Reference = format!("localhost/{name}").parse().unwrap();
        let digest = Digest::sha256_of(raw);
        let descriptor = Descriptor::new(MediaType::parse(kind), digest, raw.len() as u64);
        self.served.put_target(&reference, &descriptor, raw).unwrap();
        descriptor
    }

    /// Puts an index of these documents on the registry.
    pub fn serve_index(&self, name: &str, entries: &[Value]) -> Descriptor {
        let raw = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries });
        self.serve_document(name, INDEX, raw.to_string().as_bytes())
    }

    pub fn fail(&self, faults: Faults) {
        self.server.set_faults(faults);
    }

    pub fn reference(&self, name: &str) -> Reference {
        format!("{}/{name}", self.server.address()).parse().unwrap()
    }

    pub fn request(&self, name: &str) -> PullRequest {
        let platform = Platform::parse("linux/amd64").unwrap();
        PullRequest { reference: self.reference(name), platform, exact: false }
    }

    pub async fn pull(&self, name: &str) -> Result<Pulled, TransferError> {
        self.pull_for(name, "linux/amd64").await
    }

    pub async fn pull_for(&self, name: &str, platform: &str) -> Result<Pulled, TransferError> {
        let platform = Platform::parse(platform).unwrap();
        self.pull_request(&PullRequest { platform, ..self.request(name) }).await
    }

    pub async fn pull_request(&self, request: &PullRequest) -> Result<Pulled, TransferError> {
        let stop = CancellationToken::new();
        pull(&self.store, &self.client, request, Arc::new(Silent), stop).await
    }

    pub async fn pull_telling(
        &self,
        name: &str,
        reporter: Arc<dyn Reporter>,
        stop: CancellationToken,
    ) -> Result<Pulled, TransferError> {
        pull(&self.store, &self.client, &self.request(name), reporter, stop).await
    }

    /// The ranges of all GETs of a blob.
    pub fn asked(&self, blob: &Digest) -> Vec<Option<String>> {
        self.gets(blob).into_iter().map(|seen| seen.range).collect()
    }

    /// The bytes that the registry gave of a blob.
    pub fn given(&self, blob: &Digest) -> u64 {
        self.gets(blob).iter().map(|seen| seen.bytes).sum()
    }

    pub fn gets(&self, blob: &Digest) -> Vec<strata_registry::Seen> {
        let path = format!("/blobs/{blob}");
        let mut log = self.server.log();
        log.retain(|seen| seen.method == "GET" && seen.path.ends_with(&path));
        log
    }

    /// That nothing of an image can be seen in the store.
    pub fn has_nothing_of(&self, image: &BuiltImage) {
        assert_eq!(self.store.images().unwrap(), []);
        assert!(self.store.image(&image.manifest_digest).unwrap().is_none());
        for (digest, _) in &image.blobs {
            assert_eq!(self.store.blob_size(digest).unwrap(), None, "{digest}");
        }
        for (_, diff_id) in &image.layers {
            assert!(self.store.tree(&strata_spec::DiffId(diff_id.clone())).unwrap().is_none());
        }
    }

    /// That an image is in the store to its last byte.
    pub fn has_all_of(&self, image: &BuiltImage) {
        let record = self.store.image(&image.manifest_digest).unwrap().unwrap();
        let records: Vec<_> =
            record.layers.iter().map(|layer| (&layer.digest, &layer.diff_id.0)).collect();
        let layers: Vec<_> = image.layers.iter().map(|layer| (&layer.0, &layer.1)).collect();
        assert_eq!(records, layers);
        let tar_bytes: Vec<u64> = record.layers.iter().map(|layer| layer.tar_bytes).collect();
        assert_eq!(tar_bytes, image.tar_bytes);
        for (digest, bytes) in &image.blobs {
            let kept = self.store.read_document(digest, bytes.len() as u64).unwrap();
            assert!(kept == *bytes, "{digest}");
        }
        let manifest = self.store.read_document(&image.manifest_digest, 1 << 20).unwrap();
        assert_eq!(manifest, image.manifest);
        for (_, diff_id) in &image.layers {
            self.tree(diff_id);
        }
    }

    /// The tree of a layer, which must be there and be that of this layer.
    pub fn tree(&self, diff_id: &Digest) -> strata_tree::Tree<strata_store::Mapped> {
        let diff_id = strata_spec::DiffId(diff_id.clone());
        let mapped = self.store.tree(&diff_id).unwrap().expect("there is no tree");
        let tree = strata_tree::Tree::open(mapped).unwrap();
        let key = strata_layer::FingerprintKey(self.store.fingerprint_key().unwrap());
        assert!(tree.is_of(&diff_id, &key));
        tree
    }

    /// The files in a folder of the store.
    pub fn files(&self, folder: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        collect(&self.folder.path().join("store").join(folder), &mut found);
        found
    }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// An image whose documents say something else.
pub fn altered(image: &BuiltImage, alter: impl FnOnce(&mut Value, &mut Value)) -> BuiltImage {
    let mut manifest: Value = serde_json::from_slice(&image.manifest).unwrap();
    let mut config: Value = serde_json::from_slice(&image.config).unwrap();
    alter(&mut manifest, &mut config);
    let mut image = image.clone();
    image.config = config.to_string().into_bytes();
    let digest = Digest::sha256_of(&image.config);
    manifest["config"]["digest"] = json!(digest);
    manifest["config"]["size"] = json!(image.config.len());
    *image.blobs.last_mut().unwrap() = (digest, image.config.clone());
    image.manifest = manifest.to_string().into_bytes();
    image.manifest_digest = Digest::sha256_of(&image.manifest);
    image
}

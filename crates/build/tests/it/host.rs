//! A host that runs nothing: its images are made to order, and its commands are what a test says they do.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::{Value, json};
use strata_build::{
    Base, BuildError, BuildOptions, BuildRequest, Built, ContextSource, DockerfileText, Fetched,
    GitSource, GitTree, Host, HostError, Line, Outside, Plan, Reporter, RunFailure, RunStep,
    StepId, StepLayer, StepState, Stop, StoredLayer, Why, build,
};
use strata_layer::{FingerprintKey, Packing};
use strata_spec::{Digest, ImageConfig, Platform, Reference};
use strata_store::Store;
use strata_testkit::Layer;
use strata_transfer::{TransferError, make_layer};
use strata_tree::{Listing, Tree};

/// What a command does: the layer that it leaves.
pub type Does = Box<dyn Fn(&RunStep, &Stop) -> Result<Option<Layer>, RunFailure> + Sync + Send>;

/// A store, a context, and a host over them.
pub struct Site {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub bases: BTreeMap<String, Base>,
    pub urls: BTreeMap<String, (Vec<u8>, Option<i64>)>,
    pub repository: Option<PathBuf>,
    pub secrets: Vec<String>,
    pub does: Does,
    pub ran: Mutex<Vec<RunStep>>,
}

/// What was told.
#[derive(Default)]
pub struct Told {
    pub whys: Mutex<Vec<(StepId, Why)>>,
    pub states: Mutex<Vec<(StepId, StepState)>>,
    pub layers: Mutex<Vec<(StepId, Option<StepLayer>)>>,
    pub output: Mutex<Vec<u8>>,
}

impl Reporter for Told {
    fn planned(&self, _plan: &Plan) {}

    fn step(&self, step: StepId, state: &StepState) {
        self.states.lock().unwrap().push((step, state.clone()));
    }

    fn why(&self, step: StepId, why: &Why) {
        self.whys.lock().unwrap().push((step, why.clone()));
    }

    fn output(&self, _step: StepId, line: &Line) {
        self.output.lock().unwrap().extend_from_slice(&line.bytes);
    }

    fn layer(&self, step: StepId, layer: Option<&StepLayer>) {
        self.layers.lock().unwrap().push((step, layer.cloned()));
    }
}

/// A layer in the store.
pub fn stored(store: &Store, layer: Layer) -> StoredLayer {
    let tar = layer.tar();
    let made = make_layer(store, Packing::default(), |out| -> Result<(), TransferError> {
        out.write_all(&tar).unwrap();
        Ok(())
    });
    StoredLayer::from(made.unwrap().0)
}

impl Site {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("context")).unwrap();
        let store = Store::open(&folder.path().join("store")).unwrap();
        let mut site = Self {
            folder,
            store,
            bases: BTreeMap::new(),
            urls: BTreeMap::new(),
            repository: None,
            secrets: Vec::new(),
            does: Box::new(|_, _| Ok(None)),
            ran: Mutex::new(Vec::new()),
        };
        let system = Layer::new()
            .dir("etc/")
            .file("etc/passwd", "root:x:0:0:root:/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n")
            .file("etc/group", "root:x:0:\nstaff:x:50:app\nweb:x:33:\n")
            .dir("srv/")
            .file("srv/old.txt", "old")
            .symlink("data", "srv");
        site.base("base", &json!({"Env": ["PATH=/bin", "LANG=C"], "Cmd": ["sh"]}), vec![system]);
        site
    }

    /// Makes an image that stages can begin with.
    pub fn base(&mut self, name: &str, settings: &Value, layers: Vec<Layer>) {
        let layers: Vec<StoredLayer> =
            layers.into_iter().map(|layer| stored(&self.store, layer)).collect();
        let diff_ids: Vec<String> =
            layers.iter().map(|layer| layer.diff_id.0.to_string()).collect();
        let history: Vec<Value> = layers
            .iter()
            .map(|_| json!({"created": "2020-01-01T00:00:00Z", "created_by": "ADD rootfs / # buildkit"}))
            .collect();
        let config = json!({
            "architecture": "amd64", "os": "linux", "created": "2020-01-01T00:00:00Z",
            "config": settings, "history": history,
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
        });
        let raw = serde_json::to_vec(&config).unwrap();
        let manifest = Digest::sha256_of(&raw);
        let base = Base { manifest, config: ImageConfig::parse(raw).unwrap(), layers };
        let name = Reference::parse(name).unwrap().with_default_tag().familiar();
        self.bases.insert(name, base);
    }

    pub fn context(&self) -> PathBuf {
        self.folder.path().join("context")
    }

    /// Writes a file of the context.
    pub fn write(&self, path: &str, content: &str) {
        let path = self.context().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub fn request(&self, dockerfile: &str, options: BuildOptions) -> BuildRequest {
        BuildRequest {
            dockerfile: DockerfileText {
                text: dockerfile.to_owned(),
                name: "Dockerfile".to_owned(),
                path: Some(self.context().join("Dockerfile")),
            },
            context: ContextSource::Folder(self.context()),
            options,
        }
    }

    pub fn build(&self, dockerfile: &str) -> Result<Built, BuildError> {
        self.build_with(dockerfile, BuildOptions::default(), &Told::default())
    }

    pub fn build_with(
        &self,
        dockerfile: &str,
        options: BuildOptions,
        told: &Told,
    ) -> Result<Built, BuildError> {
        let request = self.request(dockerfile, options);
        build(&self.store, &request, self, told, &Stop::new())
    }

    /// The files of an image, one on each line: kind, mode, owner, size, path, and where a link points.
    pub fn files(&self, built: &Built) -> String {
        let listing = self.listing(&built.layers);
        let Some(listing) = listing else { return String::new() };
        let mut text = String::new();
        let mut place = 0;
        while let Some(row) = listing.row(place) {
            let path = String::from_utf8_lossy(&listing.path(row.id)).into_owned();
            let kind = format!("{:?}", row.kind).to_lowercase();
            let size = if row.kind == strata_layer::EntryKind::File { row.bytes } else { 0 };
            let mode = row.attributes.mode;
            text += &format!(
                "{kind} {mode:o} {}:{} {size} {path}",
                row.attributes.uid, row.attributes.gid
            );
            if !row.link.is_empty() {
                text += &format!(" -> {}", String::from_utf8_lossy(row.link));
            }
            text += "\n";
            place += 1;
        }
        text
    }

    fn listing(&self, layers: &[StoredLayer]) -> Option<Listing<strata_store::Mapped>> {
        let tree = |layer: &StoredLayer| {
            let tree = Tree::open(self.store.tree(&layer.diff_id).unwrap().unwrap()).unwrap();
            let key = FingerprintKey(self.store.fingerprint_key().unwrap());
            assert!(tree.is_of(&layer.diff_id, &key));
            tree
        };
        let trees: Vec<_> = layers.iter().map(tree).collect();
        let top = trees.len().checked_sub(1)?;
        Some(Listing::up_to(trees.into(), top).unwrap())
    }

    /// What a file of an image holds.
    pub fn content(&self, built: &Built, path: &str) -> Option<String> {
        let listing = self.listing(&built.layers)?;
        let id = listing.follow(path.as_bytes())?;
        let (layer, node) = listing.entry(id)?;
        let stored = &built.layers[layer];
        let tree = Tree::open(self.store.tree(&stored.diff_id).unwrap()?).unwrap();
        let node = tree.node(tree.content_of(node)?);
        let mut bytes = Vec::new();
        let blob = self.store.open_blob(&stored.digest).unwrap();
        strata_layer::read_range(blob, node.offset(), node.size(), &mut bytes).unwrap();
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The config of an image.
    pub fn config(&self, built: &Built) -> Value {
        let raw = self.store.read_document(&built.image.0, 1 << 20).unwrap();
        ImageConfig::parse(raw.clone()).unwrap();
        serde_json::from_slice(&raw).unwrap()
    }

    /// How often commands were run.
    pub fn runs(&self) -> usize {
        self.ran.lock().unwrap().len()
    }
}

/// The instructions of a history.
pub fn history(config: &Value) -> Vec<String> {
    let lines = config["history"].as_array().unwrap();
    lines
        .iter()
        .map(|line| {
            let empty = if line["empty_layer"] == true { "- " } else { "+ " };
            format!("{empty}{}", line["created_by"].as_str().unwrap())
        })
        .collect()
}

impl Outside for Site {
    fn image(
        &self,
        reference: &Reference,
        _platform: &Platform,
        _pull: bool,
        _stop: &Stop,
    ) -> Result<Base, HostError> {
        let base = self.bases.get(&reference.familiar()).cloned();
        base.ok_or_else(|| HostError::new("no such image"))
    }

    fn fetch(&self, url: &str, into: &mut dyn Write, _stop: &Stop) -> Result<Fetched, HostError> {
        let (bytes, modified) = self.urls.get(url).ok_or_else(|| HostError::new("404"))?;
        into.write_all(bytes).map_err(HostError::new)?;
        Ok(Fetched { modified: *modified, name: None })
    }

    fn git(&self, source: &GitSource, _stop: &Stop) -> Result<GitTree, HostError> {
        let folder = self.repository.clone().ok_or_else(|| HostError::new("no repository"))?;
        let folder = source.folder.as_ref().map_or(folder.clone(), |wanted| folder.join(wanted));
        Ok(GitTree { folder, commit: "0123456789abcdef".to_owned() })
    }
}

impl Host for Site {
    fn outside(&self) -> &dyn Outside {
        self
    }

    fn run(
        &self,
        step: &RunStep,
        output: &(dyn Fn(Line) + Sync),
        stop: &Stop,
    ) -> Result<Option<StoredLayer>, RunFailure> {
        self.ran.lock().unwrap().push(step.clone());
        output(Line { is_error: false, bytes: b"hello\n".to_vec() });
        let layer = (self.does)(step, stop)?;
        Ok(layer.map(|layer| stored(&self.store, layer)))
    }

    fn has_secret(&self, id: &str) -> bool {
        self.secrets.iter().any(|known| known == id)
    }

    fn has_ssh(&self, _id: &str) -> bool {
        false
    }
}

/// Copies a folder of a test's own, with the modes that it should have whatever a checkout made of them.
pub fn copy_folder(from: &Path, to: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            std::os::unix::fs::symlink(std::fs::read_link(entry.path()).unwrap(), target).unwrap();
            continue;
        }
        if kind.is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
        let is_program = entry.metadata().unwrap().permissions().mode() & 0o100 != 0;
        let mode = if is_program { 0o755 } else { 0o644 };
        std::fs::set_permissions(&target, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

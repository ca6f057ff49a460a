//! Keys of steps: of content, never of time.

use serde_json::{Value, json};
use strata_spec::{Algorithm, Digest, Hasher};

use super::session::Session;
use crate::StoredLayer;
use crate::files::{Selected, SourceEntry, shown};
use crate::plan::{Chmod, CopyOp, CopySource, PlannedStep, RunOp};

/// What a key is made of, in the order in which differences are told.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts(pub Vec<(String, String)>);

/// Raised when a step would make something else of the same parts.
const GENERATION: &str = "1";

impl Parts {
    /// Those of a step of a kind.
    pub fn new(kind: &str, session: &Session<'_>, step: &PlannedStep) -> Self {
        let platform = &session.plan.stages[step.stage].platform;
        let mut parts = Self::default();
        parts.add("kind", format!("{kind} {GENERATION}"));
        parts.add("platform", platform.to_string());
        if let Some(epoch) = session.epoch {
            parts.add("epoch", epoch.to_string());
        }
        parts
    }

    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The key that these parts make.
    pub fn key(&self) -> Digest {
        let text = serde_json::to_vec(&self.0).unwrap_or_default();
        Digest::sha256_of(&text)
    }
}

/// The layers that something begins with, as a part.
pub(super) fn chain(layers: &[StoredLayer]) -> String {
    let names: Vec<String> = layers.iter().map(|layer| layer.diff_id.0.to_string()).collect();
    Digest::sha256_of(names.join("\n").as_bytes()).to_string()
}

/// The parts of a copy without its files.
pub(super) fn copy_parts(parts: &mut Parts, op: &CopyOp, base: &[StoredLayer]) {
    let sources: Vec<Value> = op
        .sources
        .iter()
        .map(|source| match source {
            CopySource::Path(path) => json!(["path", path]),
            CopySource::Body { name, bytes } => {
                json!(["body", name, Digest::sha256_of(bytes).to_string()])
            }
            CopySource::Url(url) => json!(["url", url]),
            CopySource::Git(git) => json!([
                "git",
                git.url,
                git.reference,
                git.folder,
                git.keeps_git_folder,
                git.skips_submodules
            ]),
        })
        .collect();
    parts.add("sources", Value::from(sources).to_string());
    parts.add("destination", op.destination.clone());
    let chmod = match &op.chmod {
        None => String::new(),
        Some(Chmod::Octal(mode)) => format!("{mode:o}"),
        Some(Chmod::Symbolic(clauses)) => format!("{clauses:?}"),
    };
    let switches = [op.is_link, op.with_parents, op.unpacks, op.unpacks_fetched];
    let flags = json!([op.chown, chmod, op.excludes, switches, op.checksum]);
    parts.add("flags", flags.to_string());
    parts.add("base", if op.is_link { String::new() } else { chain(base) });
}

/// The parts of a command without its mounts.
pub(super) fn run_parts(
    parts: &mut Parts,
    session: &Session<'_>,
    op: &RunOp,
    base: &[StoredLayer],
) {
    let options = &session.request.options;
    parts.add("command", json!(op.args).to_string());
    parts.add("base", chain(base));
    for (name, value) in &op.env {
        let kind = if op.arguments.contains(name) { "argument" } else { "environment" };
        parts.add(format!("{kind}:{name}"), value.clone());
    }
    parts.add("folder", op.cwd.clone());
    parts.add("user", op.user.clone());
    parts.add("network", format!("{:?}", op.network));
    parts.add("security", json!([op.is_insecure, op.devices]).to_string());
    let limits: Vec<Value> =
        options.ulimits.iter().map(|limit| json!([limit.name, limit.soft, limit.hard])).collect();
    let hosts: Vec<&String> = options.hosts.iter().map(|(name, _)| name).collect();
    parts.add("limits", json!([options.shm_bytes, limits, hosts, options.hostname]).to_string());
}

/// What some files are, as a part.
pub(super) fn files_digest(selected: &Selected) -> String {
    let mut hasher = Hasher::new(Algorithm::Sha256);
    for top in &selected.tops {
        hasher.update(b"source\0");
        if !top.entry.is_folder() {
            hasher.update(&top.name);
            hasher.update(&[0]);
            entry_bytes(&top.entry, &mut |bytes| hasher.update(bytes));
        }
        let skip = below_skip(&top.entry);
        for entry in &top.below {
            hasher.update(&entry.path[skip..]);
            hasher.update(&[0]);
            entry_bytes(entry, &mut |bytes| hasher.update(bytes));
        }
    }
    hasher.finish().to_string()
}

fn below_skip(folder: &SourceEntry) -> usize {
    if folder.path.is_empty() { 0 } else { folder.path.len() + 1 }
}

/// The files by name, each with what it is: for the reasons of a later build.
pub(super) fn files_list(selected: &Selected) -> Vec<(String, String)> {
    let mut list = Vec::new();
    let mut add = |path: &[u8], entry: &SourceEntry| {
        let mut hasher = Hasher::new(Algorithm::Sha256);
        entry_bytes(entry, &mut |bytes| hasher.update(bytes));
        list.push((shown(path), hasher.finish().hex()[..16].to_owned()));
    };
    for top in &selected.tops {
        if !top.entry.is_folder() {
            let path = if top.entry.path.is_empty() { &top.name } else { &top.entry.path };
            add(path, &top.entry);
        }
        for entry in &top.below {
            add(&entry.path, entry);
        }
    }
    list
}

/// All of an entry but its path and its time.
fn entry_bytes(entry: &SourceEntry, add: &mut dyn FnMut(&[u8])) {
    let mut numbers = [0_u8; 45];
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        numbers[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    put(&[entry.kind as u8]);
    put(&entry.mode.to_le_bytes());
    put(&entry.uid.to_le_bytes());
    put(&entry.gid.to_le_bytes());
    put(&entry.size.to_le_bytes());
    put(&entry.device.0.to_le_bytes());
    put(&entry.device.1.to_le_bytes());
    put(&(entry.link.len() as u64).to_le_bytes());
    add(&numbers);
    add(&entry.fingerprint.unwrap_or_default());
    add(&entry.link);
    for (name, value) in &entry.xattrs {
        // Labels of the security system are those of the machine, but for what makes a program more than it is.
        if name.starts_with(b"security.") && name != b"security.capability" {
            continue;
        }
        add(&(name.len() as u64).to_le_bytes());
        add(name);
        add(&(value.len() as u64).to_le_bytes());
        add(value);
    }
}

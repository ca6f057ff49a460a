//! What a command sees beside its file system.

use std::collections::BTreeMap;

use serde_json::json;

use super::copy::Files;
use super::key::{Parts, chain, files_digest};
use super::session::Session;
use crate::files::{Fetches, FileSet, Layout, Selected, select, write_entries};
use crate::host::{MountKind, StepMount};
use crate::plan::{CopyOp, CopySource, MountOp, MountOpKind, Origin, PlannedStep};
use crate::{BuildError, Fetched, GitSource, StoredLayer};

/// A mount takes nothing from the net.
struct NoFetches;

impl Fetches for NoFetches {
    fn url(&self, _url: &str) -> Result<(std::sync::Arc<dyn FileSet>, Fetched), BuildError> {
        Err(BuildError::Worker)
    }

    fn git(&self, _source: &GitSource) -> Result<std::sync::Arc<dyn FileSet>, BuildError> {
        Err(BuildError::Worker)
    }
}

impl Session<'_> {
    /// The parts of a mount, without what its files hold.
    pub fn mount_part(mount: &MountOp) -> String {
        let target = &mount.target;
        match &mount.kind {
            MountOpKind::Bind { source, is_writable, .. } => {
                json!(["bind", target, source, is_writable])
            }
            // Where a cache folder is kept changes nothing of what a command makes of it.
            MountOpKind::Cache { source, sharing, is_read_only, mode, uid, gid, .. } => {
                json!([
                    "cache",
                    target,
                    source,
                    format!("{sharing:?}"),
                    is_read_only,
                    mode,
                    uid,
                    gid
                ])
            }
            MountOpKind::Plain { kind, is_required } => match kind {
                MountKind::Tmpfs { size_bytes } => json!(["tmpfs", target, size_bytes]),
                MountKind::Secret { id, is_file, env, mode, uid, gid } => {
                    json!(["secret", target, id, is_file, env, mode, uid, gid, is_required])
                }
                MountKind::Ssh { id, mode, uid, gid } => {
                    json!(["ssh", target, id, mode, uid, gid, is_required])
                }
                MountKind::File { bytes, mode } => {
                    let digest = strata_spec::Digest::sha256_of(bytes).to_string();
                    json!(["file", target, digest, mode])
                }
                MountKind::Bind { .. } | MountKind::Cache { .. } => json!([target]),
            },
        }
        .to_string()
    }

    /// What the files of a mount are, told by the layers that they lie in; none if only their content tells it.
    pub fn cheap_mount_files(&self, mount: &MountOp) -> Option<String> {
        match mount.kind.origin()? {
            Origin::Files(_) => None,
            Origin::Scratch => Some("nothing".to_owned()),
            origin => Some(chain(&self.layers_of(origin))),
        }
    }

    /// What the files of a mount are, told by what they hold.
    pub fn mount_files(
        &self,
        step: &PlannedStep,
        mount: &MountOp,
    ) -> Result<Option<(Files, Selected)>, BuildError> {
        let (MountOpKind::Bind { from, source, .. } | MountOpKind::Cache { from, source, .. }) =
            &mount.kind
        else {
            return Ok(None);
        };
        let files = self.files_of(from, &self.layers_of(from))?;
        let Some(set) = files.set() else { return Ok(None) };
        let op = whole_of(from, source);
        let ignored = |path: &str| match &files {
            Files::Context(context) => context.rules.keeping_out(path),
            _ => None,
        };
        let found = select(&op, step.line, Some(set), &NoFetches, &ignored, &self.stop)?;
        Ok(Some((files, found)))
    }

    /// The mount as the host gets it. One that nobody gave anything for is left out.
    pub fn mount(
        &self,
        step: &PlannedStep,
        mount: &MountOp,
    ) -> Result<Option<StepMount>, BuildError> {
        let kind = match &mount.kind {
            MountOpKind::Bind { from, source, is_writable } => MountKind::Bind {
                layers: self.mount_layers(step, mount, from)?,
                source: source.clone(),
                is_writable: *is_writable,
            },
            MountOpKind::Cache { id, from, source, sharing, is_read_only, mode, uid, gid } => {
                MountKind::Cache {
                    id: id.clone(),
                    layers: self.mount_layers(step, mount, from)?,
                    source: source.clone(),
                    sharing: *sharing,
                    is_read_only: *is_read_only,
                    mode: *mode,
                    uid: *uid,
                    gid: *gid,
                }
            }
            MountOpKind::Plain { kind, is_required } => {
                let (what, id, is_given) = match kind {
                    MountKind::Secret { id, .. } => ("secret", id, self.host.has_secret(id)),
                    MountKind::Ssh { id, .. } => ("ssh", id, self.host.has_ssh(id)),
                    _ => ("", &mount.target, true),
                };
                if !is_given && *is_required {
                    let id = id.clone();
                    return Err(BuildError::NotGiven { line: step.line, kind: what, id });
                }
                if !is_given {
                    return Ok(None);
                }
                kind.clone()
            }
        };
        Ok(Some(StepMount { target: mount.target.clone(), kind }))
    }

    fn mount_layers(
        &self,
        step: &PlannedStep,
        mount: &MountOp,
        from: &Origin,
    ) -> Result<Vec<StoredLayer>, BuildError> {
        match from {
            Origin::Files(_) => {
                let Some((files, found)) = self.mount_files(step, mount)? else {
                    return Ok(Vec::new());
                };
                Ok(self.packed(step.line, &files, &found)?.into_iter().collect())
            }
            origin => Ok(self.layers_of(origin)),
        }
    }

    /// Files of this machine as a layer: where commands see them, nothing of the machine itself is seen.
    pub fn packed(
        &self,
        line: usize,
        files: &Files,
        found: &Selected,
    ) -> Result<Option<StoredLayer>, BuildError> {
        let mut parts = Parts::default();
        parts.add("kind", "pack 1");
        parts.add("files", files_digest(found));
        parts.add("epoch", format!("{:?}", self.epoch));
        let paths: Vec<&[u8]> = found.tops.iter().map(|top| &top.entry.path[..]).collect();
        parts.add("sources", format!("{paths:?}"));
        let key = parts.key();
        let flight = self.flight(&key);
        let _held = flight.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = self.store.build_result(&key)? {
            return Ok(known.layer.map(StoredLayer::from));
        }
        let mut layout = Layout {
            stack: None,
            owner: None,
            chmod: None,
            now: self.now(),
            epoch: self.epoch,
            line,
            planned: BTreeMap::new(),
        };
        for top in &found.tops {
            let path = format!("/{}", crate::files::shown(&top.entry.path));
            layout.put(top, &path)?;
        }
        let planned = layout.finish();
        let packing = strata_layer::Packing::PLAIN;
        let made = write_entries(self.store, packing, &planned, files.set(), &self.stop)?;
        let layer = StoredLayer::from(made);
        let result = self.result_of(&layer);
        self.store.keep_build_result(&[key], &result)?;
        Ok(Some(layer))
    }
}

/// A copy of all that is at a path, as it is.
pub(super) fn whole_of(from: &Origin, source: &str) -> CopyOp {
    CopyOp {
        from: from.clone(),
        from_name: "the context".to_owned(),
        sources: vec![CopySource::Path(escaped(source))],
        destination: "/".to_owned(),
        chown: None,
        chmod: None,
        is_link: false,
        with_parents: false,
        excludes: Vec::new(),
        unpacks: false,
        unpacks_fetched: false,
        checksum: None,
    }
}

/// A path in which no sign means anything but itself.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for letter in path.chars() {
        if matches!(letter, '*' | '?' | '[' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

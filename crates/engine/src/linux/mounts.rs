//! A step's mounts as the sandbox takes them.

use std::path::PathBuf;

use strata_build::{MountKind, StepMount, Stop, StoredLayer};
use strata_run::{MountKind as Mounted, MountSpec, Room, RunError};
use strata_store::Store;

use super::caches::{Cache, cache};
use super::runs::Open;
use super::snapshots::Stack;
use crate::{EngineError, Given};

/// Mounts, and what is held for them while the command runs.
#[derive(Debug, Default)]
pub(super) struct Mounts {
    pub specs: Vec<MountSpec>,
    /// `NAME=value`: secrets as variables, and where agents are.
    pub env: Vec<String>,
    stacks: Vec<Stack>,
    rooms: Vec<Room>,
    caches: Vec<Cache>,
}

/// What mounts are made of.
pub(super) struct Means<'a> {
    pub store: &'a Store,
    pub open: &'a Open,
    pub given: &'a Given,
    pub stop: &'a Stop,
}

impl Mounts {
    pub fn of(means: &Means<'_>, mounts: &[StepMount]) -> Result<Self, EngineError> {
        let mut made = Self::default();
        for mount in mounts {
            if let Some(kind) = made.kind(means, mount)? {
                made.specs.push(MountSpec { target: PathBuf::from(&mount.target), kind });
            }
        }
        Ok(made)
    }

    fn kind(
        &mut self,
        means: &Means<'_>,
        mount: &StepMount,
    ) -> Result<Option<Mounted>, EngineError> {
        Ok(Some(match &mount.kind {
            MountKind::Bind { layers, source, is_writable } => {
                self.bind(means, layers, source, *is_writable)?
            }
            MountKind::Cache { .. } => self.cache(means, &mount.kind)?,
            MountKind::Tmpfs { size_bytes } => Mounted::Tmpfs { size_bytes: *size_bytes },
            MountKind::Secret { id, is_file, env, mode, uid, gid } => {
                let Some(value) = means.given.secrets.get(id) else { return Ok(None) };
                if let Some(name) = env {
                    self.env.push(format!("{name}={}", String::from_utf8_lossy(&value.0)));
                }
                if !is_file {
                    return Ok(None);
                }
                let (mode, uid, gid) = (*mode, *uid, *gid);
                Mounted::File { bytes: value.0.clone(), mode, uid, gid }
            }
            MountKind::Ssh { id, .. } => {
                let Some(path) = means.given.agents.get(id) else { return Ok(None) };
                self.env.push(format!("SSH_AUTH_SOCK={}", mount.target));
                Mounted::Socket { path: path.clone() }
            }
            MountKind::File { bytes, mode } => {
                Mounted::File { bytes: bytes.clone(), mode: *mode, uid: 0, gid: 0 }
            }
        }))
    }

    fn bind(
        &mut self,
        means: &Means<'_>,
        layers: &[StoredLayer],
        source: &str,
        is_writable: bool,
    ) -> Result<Mounted, EngineError> {
        let stack = Stack::of(means.store, means.open, layers, means.stop)?;
        let mut lowers = stack.lowers();
        self.stacks.push(stack);
        let room = means.open.snapshots.room()?;
        if lowers.is_empty() {
            // Nothing is laid over nothing.
            lowers.push(room.upper());
        }
        let scratch = if is_writable && lowers[0] != room.upper() {
            Some((room.upper(), room.work()))
        } else {
            None
        };
        self.rooms.push(room);
        Ok(Mounted::Layers { lowers, inside: relative(source), scratch })
    }

    fn cache(&mut self, means: &Means<'_>, kind: &MountKind) -> Result<Mounted, EngineError> {
        let MountKind::Cache { id, sharing, is_read_only, mode, uid, gid, .. } = kind else {
            return Ok(Mounted::Tmpfs { size_bytes: None });
        };
        let failed = |source| EngineError::Cache { id: id.clone(), source };
        let found = cache(&means.open.caches, id, (*uid, *gid), *sharing, means.stop);
        let Some(found) = found.map_err(failed)? else { return Err(RunError::Stopped.into()) };
        if found.is_new {
            means.open.session.own(&found.files, *mode, *uid, *gid)?;
        }
        let source = found.files.clone();
        self.caches.push(found);
        Ok(Mounted::Bind { source, inside: PathBuf::new(), read_only: *is_read_only })
    }
}

/// A path inside layers, without the slash that it begins with.
fn relative(path: &str) -> PathBuf {
    PathBuf::from(path.trim_start_matches('/'))
}

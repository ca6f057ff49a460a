//! One command of a build: from its layers to the layer of what it changed.

use std::path::PathBuf;

use strata_build::{
    HostError, KeptSystem, Line, Network, RunFailure, RunStep, Stop, StoredLayer, Ulimit,
};
use strata_layer::Packing;
use strata_run::{
    CaptureSpec, Certificates, Ending, Exit, HostEntry, Limit, Output, Resource, Room, RunError,
    RunSpec,
};
use strata_transfer::make_layer;

use super::lines::Lines;
use super::mounts::{Means, Mounts};
use super::runs::Open;
use super::snapshots::Stack;
use crate::EngineError;
use crate::host::BuildHost;

impl BuildHost<'_> {
    pub(crate) fn run_here(
        &self,
        step: &RunStep,
        output: &(dyn Fn(Line) + Sync),
        stop: &Stop,
    ) -> Result<Option<StoredLayer>, RunFailure> {
        if let Some(name) = step.devices.first() {
            return Err(not_run(EngineError::Device { name: name.clone() }));
        }
        let open = self.engine.runs.open().map_err(|error| not_run(error.into()))?;
        let stack = Stack::of(self.work.store, &open, &step.layers, stop).map_err(not_run)?;
        let room = open.snapshots.room().map_err(|error| not_run(error.into()))?;
        let exit = self.exit(&open, &stack, &room, step, output, stop).map_err(not_run)?;
        if exit.ending == Ending::Stopped {
            return Err(not_run(RunError::Stopped.into()));
        }
        if exit.code != 0 {
            return Err(failed(&exit, room));
        }
        self.keep(&open, &stack, room, step.epoch).map_err(not_run)
    }

    fn exit(
        &self,
        open: &Open,
        stack: &Stack,
        room: &Room,
        step: &RunStep,
        output: &(dyn Fn(Line) + Sync),
        stop: &Stop,
    ) -> Result<Exit, EngineError> {
        let given = self.work.given;
        let means = Means { store: self.work.store, open, given, stop };
        let mounts = Mounts::of(&means, &step.mounts)?;
        let spec = self.spec(stack, room, step, &mounts)?;
        let mut lines = Lines::new(&self.redaction, output);
        let mut take = |piece: Output<'_>| match piece {
            Output::Stdout(bytes) => lines.add(false, bytes),
            Output::Stderr(bytes) => lines.add(true, bytes),
        };
        let exit = open.session.run(&spec, &mut take, &|| stop.is_stopped());
        lines.end();
        Ok(exit?)
    }

    fn spec(
        &self,
        stack: &Stack,
        room: &Room,
        step: &RunStep,
        mounts: &Mounts,
    ) -> Result<RunSpec, EngineError> {
        let mut lowers = stack.lowers();
        if lowers.is_empty() {
            // A command on nothing at all finds an empty folder.
            lowers.push(room.folder().to_owned());
        }
        let mut spec = RunSpec::new(lowers, room.upper(), room.work(), step.args.clone());
        spec.env = step.env.iter().chain(&mounts.env).cloned().collect();
        spec.cwd = PathBuf::from(&step.cwd);
        spec.user = match step.user.groups.is_empty() {
            true => format!("{}:{}", step.user.uid, step.user.gid),
            // The helper finds the groups of a user that is named without one.
            false => step.user.uid.to_string(),
        };
        if let Some(hostname) = &step.hostname {
            spec.hostname.clone_from(hostname);
        }
        let host = |(name, address): &(String, String)| HostEntry {
            name: name.clone(),
            address: address.clone(),
        };
        spec.hosts = step.hosts.iter().map(host).collect();
        spec.mounts.clone_from(&mounts.specs);
        spec.network = match step.network {
            Network::None => strata_run::Network::None,
            Network::Default | Network::Host => strata_run::Network::Host,
        };
        if step.is_insecure {
            spec.capabilities = (0..=40).collect();
        }
        if let Some(bytes) = step.shm_bytes {
            spec.shm_bytes = bytes;
        }
        spec.limits = step.ulimits.iter().filter_map(limit).collect();
        if self.work.given.trusts_machine {
            spec.certificates = Certificates::System;
        }
        Ok(spec)
    }

    /// Makes a layer of what a command changed; none if that is nothing.
    fn keep(
        &self,
        open: &Open,
        stack: &Stack,
        room: Room,
        epoch: Option<i64>,
    ) -> Result<Option<StoredLayer>, EngineError> {
        let upper = room.upper();
        if open.session.list(&upper)?.is_empty() {
            open.snapshots.discard(room)?;
            return Ok(None);
        }
        let lowers = stack.lowers();
        let spec = CaptureSpec { epoch, whole_seconds: true };
        let is_stopped = || self.work.stop.is_stopped();
        let (made, _) = make_layer(self.work.store, Packing::default(), |out| {
            let captured = open.session.capture(&upper, &lowers, spec, out, &is_stopped);
            captured.map_err(EngineError::from)
        })?;
        if let Some(chain) = stack.chain_with(&made.diff_id) {
            // What the command left is what unpacking its layer would give.
            open.snapshots.keep(room, &chain)?;
        }
        Ok(Some(StoredLayer {
            digest: made.descriptor.digest,
            diff_id: made.diff_id,
            media_type: made.descriptor.media_type,
            size_bytes: made.descriptor.size,
            tar_bytes: made.tar_bytes,
        }))
    }
}

/// Not even run, or not kept.
fn not_run(error: EngineError) -> RunFailure {
    let cause = if error.is_stopped() { HostError::stopped() } else { HostError::new(error) };
    RunFailure { exit: None, signal: None, kept: None, cause: Some(cause) }
}

/// Run, and ended badly: the files as they were then are kept for somebody to look at.
fn failed(exit: &Exit, room: Room) -> RunFailure {
    let id = room.folder().file_name().map(|name| name.to_string_lossy().into_owned());
    let kept = room.keep_for_later().ok().and(id).map(|id| KeptSystem { id });
    let signal = match exit.ending {
        Ending::Signalled | Ending::Killed => Some(exit.code - 128),
        _ => None,
    };
    let code = signal.is_none().then_some(exit.code);
    RunFailure { exit: code, signal, kept, cause: None }
}

fn limit(limit: &Ulimit) -> Option<Limit> {
    let resource = match &*limit.name {
        "core" => Resource::Core,
        "cpu" => Resource::Cpu,
        "data" => Resource::Data,
        "fsize" => Resource::Fsize,
        "memlock" => Resource::Memlock,
        "nofile" => Resource::Nofile,
        "nproc" => Resource::Nproc,
        "stack" => Resource::Stack,
        _ => return None,
    };
    Some(Limit { resource, soft: limit.soft, hard: limit.hard })
}

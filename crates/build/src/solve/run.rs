//! `RUN`.

use super::key::{Parts, files_digest, run_parts};
use super::session::Session;
use super::step::{Lookup, Outcome};
use crate::files::run_user;
use crate::host::Line;
use crate::plan::{PlannedStep, RunOp};
use crate::{BuildError, RunStep, StoredLayer};

impl Session<'_> {
    pub fn run(
        &self,
        step: &PlannedStep,
        op: &RunOp,
        base: &[StoredLayer],
    ) -> Result<Outcome, BuildError> {
        let mut parts = Parts::new("run", self, step);
        run_parts(&mut parts, self, op, base);
        for mount in &op.mounts {
            parts.add(format!("mount:{}", mount.target), Self::mount_part(mount));
        }
        let cheap: Option<Vec<(String, String)>> = op
            .mounts
            .iter()
            .filter(|mount| mount.kind.origin().is_some())
            .map(|mount| Some((mount.target.clone(), self.cheap_mount_files(mount)?)))
            .collect();
        let has_files = op.mounts.iter().any(|mount| mount.kind.origin().is_some());
        let cheap = cheap.filter(|_| has_files).map(|files| {
            let mut cheap = parts.clone();
            for (target, what) in files {
                cheap.add(format!("from:{target}"), what);
            }
            cheap
        });
        let whole = || {
            let mut parts = parts.clone();
            for mount in &op.mounts {
                if let Some((_, found)) = self.mount_files(step, mount)? {
                    parts.add(format!("files:{}", mount.target), files_digest(&found));
                }
            }
            Ok(parts)
        };
        let make = || self.ran(step, op, base);
        self.looked_up(step, base, &Lookup { cheap, whole: &whole, files: &Vec::new }, &make)
    }

    fn ran(
        &self,
        step: &PlannedStep,
        op: &RunOp,
        base: &[StoredLayer],
    ) -> Result<Option<StoredLayer>, BuildError> {
        let options = &self.request.options;
        let mounts = op.mounts.iter().map(|mount| self.mount(step, mount));
        let mounts: Vec<_> = mounts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let stack = self.stack(base)?;
        let mut env: Vec<String> =
            op.env.iter().map(|(name, value)| format!("{name}={value}")).collect();
        env.extend(op.proxies.iter().map(|(name, value)| format!("{name}={value}")));
        let run = RunStep {
            layers: base.to_vec(),
            args: op.args.clone(),
            env,
            cwd: op.cwd.clone(),
            user: run_user(&op.user, &stack, step.line, &self.stop)?,
            network: op.network,
            is_insecure: op.is_insecure,
            devices: op.devices.clone(),
            mounts,
            hosts: options.hosts.clone(),
            hostname: options.hostname.clone(),
            shm_bytes: options.shm_bytes,
            ulimits: options.ulimits.clone(),
            epoch: self.epoch,
        };
        let output = |line: Line| self.reporter.output(step.id, &line);
        self.host.run(&run, &output, &self.stop).map_err(|failure| {
            let is_stopped = failure.cause.as_ref().is_some_and(|cause| cause.is_stopped);
            if is_stopped || self.stop.is_stopped() {
                return BuildError::Stopped;
            }
            let command = step.text.clone();
            BuildError::Run { line: step.line, command, source: Box::new(failure) }
        })
    }

    /// What is kept of a layer that no step made.
    pub fn result_of(&self, layer: &StoredLayer) -> strata_store::BuildResult {
        strata_store::BuildResult {
            layer: Some(strata_store::BuildLayer {
                digest: layer.digest.clone(),
                diff_id: layer.diff_id.clone(),
                media_type: layer.media_type.clone(),
                size_bytes: layer.size_bytes,
                tar_bytes: layer.tar_bytes,
                changed_files: 0,
            }),
            created: self.now_text(),
            took_ms: 0,
        }
    }
}

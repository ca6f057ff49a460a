//! A build as a job.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use strata_build::{
    BuildError, BuildOptions, BuildRequest, Built, ContextSource, NamedContext, Network, Stop,
};
use strata_dockerfile::Dockerfile;
use strata_engine::{BuildWork, Given, SecretValue};
use strata_spec::{Platform, Reference};
use tokio::runtime::Handle;

use super::lines;
use super::output::Outputs;
use super::outside::World;
use super::place::Place;
use super::view::BuildWatch;
use crate::api::{
    BuildOutput, BuildOutputRead, BuildStart, BuildView, JobKind, JobState, Outcome, Topic,
    UserError,
};
use crate::app::{App, on_thread};
use crate::clock;
use crate::error::AppError;
use crate::images::parse_reference;
use crate::jobs::{Job, NewJob};

/// What only the command line can say of a build.
#[derive(Debug, Clone, Default)]
pub struct BuildExtras {
    /// Values of secrets, by their ids. They are kept nowhere.
    pub secrets: BTreeMap<String, Vec<u8>>,
    /// Sockets of SSH agents, by their ids.
    pub agents: BTreeMap<String, PathBuf>,
    /// What stands in the place of stages and images: a folder, an archive, or `docker-image://REF`.
    pub contexts: BTreeMap<String, String>,
    /// Labels of the image.
    pub labels: BTreeMap<String, String>,
    /// Annotations of the manifest.
    pub annotations: BTreeMap<String, String>,
    /// More names of hosts with their addresses.
    pub hosts: Vec<(String, String)>,
    /// Stages whose steps are made anew.
    pub no_cache_stages: Vec<String>,
    /// What the Dockerfile may ask for: `network.host`, `security.insecure`.
    pub allowed: Vec<String>,
    /// Bytes of `/dev/shm`.
    pub shm_bytes: Option<u64>,
}

impl BuildExtras {
    fn add_to(self, options: &mut BuildOptions) -> Result<Given, AppError> {
        for (name, text) in self.contexts {
            options.contexts.insert(name, context(&text)?);
        }
        options.labels = self.labels;
        options.annotations = self.annotations;
        options.hosts = self.hosts;
        options.no_cache_stages = self.no_cache_stages;
        options.allowed.host_network = self.allowed.iter().any(|word| word == "network.host");
        options.allowed.insecure = self.allowed.iter().any(|word| word == "security.insecure");
        options.shm_bytes = self.shm_bytes;
        let secrets = self.secrets.into_iter().map(|(id, value)| (id, SecretValue(value)));
        Ok(Given { secrets: secrets.collect(), agents: self.agents, trusts_machine: false })
    }
}

/// `docker-image://REF`, or files.
fn context(text: &str) -> Result<NamedContext, AppError> {
    if let Some(reference) = text.strip_prefix("docker-image://") {
        return Ok(NamedContext::Image(parse_reference(reference)?.with_default_tag()));
    }
    let path = Path::new(text);
    let unread = |source| AppError::DockerfileUnread { path: path.to_owned(), source };
    let path = std::fs::canonicalize(path).map_err(unread)?;
    Ok(NamedContext::Files(match path.is_dir() {
        true => ContextSource::Folder(path),
        false => ContextSource::Archive(path),
    }))
}

/// A build that is ready to start.
pub(super) struct Prepared {
    pub request: BuildRequest,
    pub given: Given,
    pub view: BuildView,
}

impl App {
    /// Starts a build and answers with the job's number.
    ///
    /// # Errors
    /// If there is no Dockerfile at the path, or a name, platform or argument is malformed.
    pub async fn build_start(&self, start: BuildStart) -> Result<u64, UserError> {
        self.build_start_with(start, BuildExtras::default()).await
    }

    /// As [`App::build_start`], with what only the command line can say.
    ///
    /// # Errors
    /// As there, and if a named context is not there.
    pub async fn build_start_with(
        &self,
        start: BuildStart,
        extras: BuildExtras,
    ) -> Result<u64, UserError> {
        let app = self.clone();
        let prepared = on_thread("a build", move || app.prepare(&start, extras)).await?;
        let tags = &prepared.view.tags;
        let job = self.inner.jobs.add(NewJob {
            kind: JobKind::Build,
            title: tags.first().cloned().unwrap_or_else(|| prepared.view.file.clone()),
            registry: String::new(),
            reference: tags.first().cloned().unwrap_or_default(),
            platform: None,
            batch: None,
            started_at: clock::now(),
            state: JobState::Running,
            steps: Vec::new(),
            pull: None,
        });
        let id = job.id;
        let outputs = Arc::new(Outputs::default());
        self.inner.builds.add(id, Arc::clone(&outputs));
        self.run_build(job, outputs, prepared);
        self.jobs_changed();
        Ok(id)
    }

    /// Some of the output of a step of a build of this run.
    ///
    /// # Errors
    /// If there is no such build any more.
    pub fn build_output(&self, wanted: BuildOutputRead) -> Result<BuildOutput, UserError> {
        let outputs = self.inner.builds.of(wanted.job);
        let outputs = outputs.ok_or(AppError::JobUnknown { id: wanted.job })?;
        Ok(outputs.read(wanted.index, wanted.from, wanted.limit))
    }

    /// Finds the Dockerfile and makes a request of what a person wants. Blocks.
    pub(super) fn prepare(
        &self,
        start: &BuildStart,
        extras: BuildExtras,
    ) -> Result<Prepared, AppError> {
        let file = start.file.as_deref().map(Path::new);
        let mut place = Place::find(Path::new(&start.path), file)?;
        if let Some(text) = &start.text {
            place.dockerfile.text.clone_from(text);
        }
        let tags =
            start.tags.iter().map(|tag| parse_reference(tag)).collect::<Result<Vec<_>, _>>()?;
        let tags: Vec<Reference> = tags.into_iter().map(Reference::with_default_tag).collect();
        let platform = match &start.platform {
            Some(platform) => Platform::parse(platform)?,
            None => Platform::host(),
        };
        let arguments = start.arguments.iter();
        let mut options = BuildOptions {
            target: start.target.clone(),
            tags,
            args: arguments.map(|one| (one.name.clone(), one.value.clone())).collect(),
            platform,
            no_cache: start.no_cache,
            pull: start.pull,
            network: network(start.network.as_deref()),
            ..BuildOptions::default()
        };
        let given = extras.add_to(&mut options)?;
        let given = Given { trusts_machine: start.trusts_machine, ..given };
        let request = BuildRequest {
            dockerfile: place.dockerfile.clone(),
            context: place.context.clone(),
            options,
        };
        let view = self.first_view(&place, &request)?;
        Ok(Prepared { request, given, view })
    }

    fn first_view(&self, place: &Place, request: &BuildRequest) -> Result<BuildView, AppError> {
        let tree = Dockerfile::parse(&place.dockerfile.text);
        let file = place.file_shown();
        let before = self.last_build(&file, request.options.target.as_deref())?;
        let number = self.builds_of(&file)? + 1;
        Ok(BuildView {
            context: place.context_shown(),
            tags: request.options.tags.iter().map(Reference::familiar).collect(),
            number,
            stages: lines::stages(&tree),
            lines: lines::of(&tree),
            context_files: 0,
            context_bytes: 0,
            kept_out: 0,
            milliseconds: 0,
            failure: None,
            manifest: None,
            before,
            file,
        })
    }

    fn run_build(&self, job: Arc<Job>, outputs: Arc<Outputs>, prepared: Prepared) {
        let app = self.clone();
        tokio::spawn(async move {
            let stop = Stop::new();
            let (asked, flag) = (job.stop.clone(), stop.clone());
            let watching = tokio::spawn(async move {
                asked.cancelled().await;
                flag.stop();
            });
            let (inner, told, handle) = (app.clone(), Arc::clone(&job), Handle::current());
            let work = tokio::task::spawn_blocking(move || {
                inner.build_now(&told, outputs, prepared, &handle, &stop)
            });
            let lost =
                || Some(Outcome::Failed { error: AppError::Worker { what: "a build" }.into() });
            let outcome = work.await.unwrap_or_else(|_| lost());
            watching.abort();
            app.inner.jobs.work_ended(&job, outcome);
            app.tell(Topic::Images);
            app.jobs_changed();
        });
    }

    /// Builds, and says how it ended; none if somebody stopped it. Blocks.
    fn build_now(
        &self,
        job: &Arc<Job>,
        outputs: Arc<Outputs>,
        prepared: Prepared,
        handle: &Handle,
        stop: &Stop,
    ) -> Option<Outcome> {
        let started_at = clock::now();
        let watch = BuildWatch::new(
            Arc::clone(job),
            outputs,
            Arc::clone(&self.inner.engine),
            prepared.view,
        );
        let outcome = tempfile::tempdir().map_err(scratch_failed).and_then(|scratch| {
            let world = World {
                app: self.clone(),
                job: Arc::clone(job),
                handle: handle.clone(),
                scratch: scratch.path().to_owned(),
            };
            self.inner.engine.build(&BuildWork {
                store: &self.inner.store,
                request: &prepared.request,
                outside: &world,
                given: &prepared.given,
                reporter: &watch,
                stop,
            })
        });
        let view = watch.ended(&outcome);
        let target = prepared.request.options.target.as_deref();
        if let Err(error) = self.note_build(&view, target, &started_at) {
            tracing::warn!(%error, "a build is not noted in the history");
        }
        match outcome {
            Ok(built) => Some(done(&built)),
            Err(BuildError::Stopped) => None,
            Err(error) => Some(Outcome::Failed { error: AppError::from(error).into() }),
        }
    }
}

fn done(built: &Built) -> Outcome {
    Outcome::Built {
        manifest: built.manifest.digest.to_string(),
        reference: built.references.first().map(ToString::to_string),
    }
}

fn network(name: Option<&str>) -> Network {
    match name {
        Some("none") => Network::None,
        Some("host") => Network::Host,
        _ => Network::Default,
    }
}

fn scratch_failed(source: std::io::Error) -> BuildError {
    BuildError::File { doing: "make a folder in", path: std::env::temp_dir(), source }
}

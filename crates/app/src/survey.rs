//! Several tags or platforms at once: which images they are, and what would arrive.

use std::collections::HashMap;
use std::sync::Arc;

use strata_remote::{Client, Watcher};
use strata_spec::{Digest, Platform, Reference};
use strata_transfer::{Look, PullRequest, TransferError};
use tokio::task::JoinSet;

use crate::api::{
    JobKind, JobState, JobStep, Outcome, Selection, StepState, Survey, SurveyFailure,
    SurveyedImage, UserError,
};
use crate::app::App;
use crate::clock;
use crate::error::AppError;
use crate::images::parse_reference;
use crate::jobs::{Job, NewJob};
use crate::tag_order::most_telling_first;

/// The step that counts the tags.
const TAGS: &str = "tags";
/// How many requests are under way at the same time.
const ASKED_AT_ONCE: usize = 8;

/// A selection, understood.
#[derive(Debug)]
struct Wanted {
    /// The repository; tag and digest do not matter.
    repository: Reference,
    /// Empty for all.
    tags: Vec<String>,
    platforms: Platforms,
}

#[derive(Debug, Clone)]
enum Platforms {
    /// This machine's.
    Host,
    /// These very ones.
    Named(Vec<Platform>),
    /// All that there are.
    All,
}

/// What the tags that point to one thing come to.
#[derive(Debug)]
struct Found {
    target: Digest,
    tags: Vec<String>,
    /// An image for each platform, or why there is none.
    images: Vec<Result<Image, TransferError>>,
}

/// An image, as far as it is counted.
#[derive(Debug)]
struct Image {
    manifest: Digest,
    platform: Platform,
    /// Compressed bytes of its layers, and of those that are here.
    total_bytes: u64,
    here_bytes: u64,
    /// Digest, size, and whether it is here.
    layers: Vec<(Digest, u64, bool)>,
}

impl Image {
    fn of(look: Look) -> Self {
        let plan = look.plan;
        let layers = plan.distinct().map(|layer| {
            let descriptor = &layer.descriptor;
            (descriptor.digest.clone(), descriptor.size, layer.here)
        });
        Self {
            layers: layers.collect(),
            manifest: plan.manifest.digest(),
            total_bytes: plan.total_bytes(),
            here_bytes: plan.here_bytes(),
            platform: plan.platform,
        }
    }
}

impl App {
    /// Starts to read several tags and answers with the job's number. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If the reference, a tag or a platform is none.
    pub fn survey_start(&self, selection: Selection) -> Result<u64, UserError> {
        let wanted = understood(&selection)?;
        let total = u64::try_from(wanted.tags.len()).ok().filter(|count| *count > 0);
        let state = StepState::Waiting;
        let job = self.inner.jobs.add(NewJob {
            kind: JobKind::Survey,
            title: wanted.repository.familiar_name(),
            registry: wanted.repository.registry().to_owned(),
            reference: selection.reference,
            platform: None,
            batch: None,
            started_at: clock::now(),
            state: JobState::Running,
            steps: vec![JobStep { id: TAGS.to_owned(), state, done: 0, total }],
            pull: None,
        });
        let (app, id) = (self.clone(), job.id);
        tokio::spawn(async move {
            let outcome = tokio::select! {
                biased;
                () = job.stop.cancelled() => None,
                read = app.read_tags(&job, &wanted) => Some(match read {
                    Ok(survey) => Outcome::Surveyed { survey },
                    Err(error) => Outcome::Failed { error: error.into() },
                }),
            };
            app.inner.jobs.work_ended(&job, outcome);
            app.jobs_changed();
        });
        self.jobs_changed();
        Ok(id)
    }

    async fn read_tags(&self, job: &Job, wanted: &Wanted) -> Result<Survey, AppError> {
        let client = self.client().watched(Arc::clone(&job.xray) as Arc<dyn Watcher>);
        let Wanted { repository, platforms, .. } = wanted;
        let tags = match &*wanted.tags {
            [] => Self::tag_names(&client, repository).await?.0,
            tags => tags.to_vec(),
        };
        let mut failures = Vec::new();
        let targets = targets(&client, job, repository, &tags, &mut failures).await;
        let mut next = grouped(&tags, targets).into_iter().enumerate();
        let (mut reading, mut found) = (JoinSet::new(), Vec::new());
        loop {
            while reading.len() < ASKED_AT_ONCE
                && let Some((at, (target, tags))) = next.next()
            {
                let name = repository.clone().with_digest(target.clone());
                let (app, client, platforms) = (self.clone(), client.clone(), platforms.clone());
                reading.spawn(async move {
                    let looks = app.images_of(&client, &name, platforms).await;
                    let images = looks.into_iter().map(|look| look.map(Image::of)).collect();
                    (at, Found { target, tags, images })
                });
            }
            let Some(read) = reading.join_next().await else { break };
            found.push(read.map_err(|_| AppError::Worker { what: "a survey" })?);
        }
        found.sort_by_key(|(at, _)| *at);
        let found = found.into_iter().map(|(_, found)| found).collect();
        let count = tags.len();
        job.set_count(TAGS, StepState::Done, count as u64, count as u64);
        Ok(sum(repository, count, found, failures))
    }

    /// The images that one target offers, as far as they are wanted.
    async fn images_of(
        &self,
        client: &Client,
        name: &Reference,
        platforms: Platforms,
    ) -> Vec<Result<Look, TransferError>> {
        let look = async |platform: Platform, exact: bool| {
            let request = PullRequest { reference: name.clone(), platform, exact };
            strata_transfer::look(&self.inner.store, client, &request).await
        };
        let wanted = match platforms {
            Platforms::Host => return vec![look(Platform::host(), false).await],
            Platforms::Named(platforms) => platforms,
            Platforms::All => match look(Platform::host(), false).await {
                Ok(only) if only.offers.is_empty() => return vec![Ok(only)],
                Ok(one) => one.offers.into_iter().filter_map(|offer| offer.platform).collect(),
                Err(TransferError::NoPlatform { available, .. }) => available,
                Err(error) => return vec![Err(error)],
            },
        };
        let mut images = Vec::new();
        for platform in wanted {
            images.push(look(platform, true).await);
        }
        images
    }
}

fn understood(selection: &Selection) -> Result<Wanted, AppError> {
    let repository = parse_reference(&selection.reference)?.without_digest();
    selection.tags.iter().try_for_each(|tag| named(&repository, tag).map(drop))?;
    let chosen: Result<Vec<_>, _> =
        selection.platforms.iter().map(|text| Platform::parse(text)).collect();
    let chosen = chosen?;
    let platforms = match (selection.all_platforms, chosen.is_empty()) {
        (true, _) => Platforms::All,
        (false, true) => Platforms::Host,
        (false, false) => Platforms::Named(chosen),
    };
    Ok(Wanted { repository, tags: selection.tags.clone(), platforms })
}

/// What each tag points to, none where that is not known. Asks by HEAD.
async fn targets(
    client: &Client,
    job: &Job,
    repository: &Reference,
    tags: &[String],
    failures: &mut Vec<SurveyFailure>,
) -> Vec<Option<Digest>> {
    let total = tags.len() as u64;
    let (mut targets, mut done) = (vec![None; tags.len()], 0);
    let (mut asking, mut next) = (JoinSet::new(), tags.iter().enumerate());
    loop {
        job.set_count(TAGS, StepState::Verifying, done, total);
        while asking.len() < ASKED_AT_ONCE
            && let Some((at, tag)) = next.next()
        {
            let (client, name) = (client.clone(), named(repository, tag));
            asking.spawn(async move {
                let resolved = async { Ok::<_, AppError>(client.resolve(&name?).await?.digest) };
                (at, resolved.await)
            });
        }
        let Some(asked) = asking.join_next().await else { break };
        done += 1;
        match asked {
            Ok((at, Ok(target))) => targets[at] = Some(target),
            Ok((at, Err(error))) => {
                failures.push(SurveyFailure { tag: tags[at].clone(), error: error.into() });
            }
            Err(_) => tracing::warn!("a tag was lost while it was asked for"),
        }
    }
    targets
}

fn named(repository: &Reference, tag: &str) -> Result<Reference, AppError> {
    repository.clone().with_tag(tag).map_err(|source| {
        let text = format!("{}:{tag}", repository.familiar_name());
        AppError::Reference { text, source }
    })
}

/// Each target once, with its tags, in the order of the tags.
fn grouped(tags: &[String], targets: Vec<Option<Digest>>) -> Vec<(Digest, Vec<String>)> {
    let mut places: HashMap<Digest, usize> = HashMap::new();
    let mut groups: Vec<(Digest, Vec<String>)> = Vec::new();
    for (tag, target) in tags.iter().zip(targets) {
        let Some(target) = target else { continue };
        let at = *places.entry(target.clone()).or_insert(groups.len());
        if at == groups.len() {
            groups.push((target, Vec::new()));
        }
        groups[at].1.push(tag.clone());
    }
    groups
}

/// Why an image cannot be pulled, for each of its tags. A target is asked for by its digest; who asked for tags is told
/// of these.
fn failed(
    repository: &Reference,
    target: &Digest,
    tags: &[String],
    error: TransferError,
) -> Vec<SurveyFailure> {
    let error = UserError::from(AppError::from(error));
    let asked = repository.clone().with_digest(target.clone()).familiar();
    let of_tag = |tag: &String| {
        let mut error = error.clone();
        if error.subject.as_ref() == Some(&asked) {
            error.subject = named(repository, tag).ok().map(|name| name.familiar());
        }
        SurveyFailure { tag: tag.clone(), error }
    };
    tags.iter().map(of_tag).collect()
}

fn sum(
    repository: &Reference,
    tag_count: usize,
    found: Vec<Found>,
    mut failures: Vec<SurveyFailure>,
) -> Survey {
    let mut images: Vec<SurveyedImage> = Vec::new();
    let mut layers: HashMap<Digest, (u64, bool)> = HashMap::new();
    for Found { target, tags, images: read } in found {
        for image in read {
            let image = match image {
                Ok(image) => image,
                Err(error) => {
                    failures.extend(failed(repository, &target, &tags, error));
                    continue;
                }
            };
            layers.extend(
                image.layers.into_iter().map(|(digest, size, here)| (digest, (size, here))),
            );
            let manifest = image.manifest.to_string();
            // Two indexes may name the same image.
            if let Some(known) = images.iter_mut().find(|known| known.manifest == manifest) {
                known.tags.extend(tags.iter().cloned());
                continue;
            }
            images.push(SurveyedImage {
                target: target.to_string(),
                manifest,
                tags: tags.clone(),
                platform: image.platform.to_string(),
                total_bytes: image.total_bytes,
                here_bytes: image.here_bytes,
            });
        }
    }
    for image in &mut images {
        image.tags = most_telling_first(&image.tags);
    }
    let bytes = |here: bool| {
        layers.values().filter(|(_, is_here)| *is_here == here).map(|(size, _)| *size).sum()
    };
    Survey {
        repository: repository.familiar_name(),
        tag_count,
        images,
        download_bytes: bytes(false),
        here_bytes: bytes(true),
        failures,
    }
}

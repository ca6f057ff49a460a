//! `strata pull`

use std::io::Write;
use std::sync::Arc;

use serde::Serialize;
use strata_app::Job;
use strata_app::api::{
    Action, JobSnapshot, Outcome, PullManyStart, PullOfMany, PullStart, Selection, Survey,
};
use strata_app::words::bytes;

use super::follow::{follow, job};
use super::lost;
use crate::arguments::{ProgressMode, Pull};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// What is printed of a pulled image.
#[derive(Debug, Serialize)]
struct Pulled {
    /// The full reference.
    reference: String,
    /// What the reference points to: an index or a manifest.
    digest: String,
    /// The manifest of the image.
    manifest: String,
    /// The image's platform.
    platform: Option<String>,
    /// Further tags that it got.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

/// A pull that stands in line, or why there is none.
type Started = Result<Arc<Job>, Failure>;

/// Pulls all that was asked for; what fails does not keep the others back. All stand in line before the first is waited
/// for, and what they bring is told in the order in which it was asked for.
pub async fn pull(session: &Session, wanted: &Pull) -> Result<(), Failure> {
    let mut started = Vec::new();
    for reference in &wanted.references {
        match line_up(session, wanted, reference).await {
            Ok(jobs) => started.extend(jobs),
            Err(failure) => started.push(Err(failure)),
        }
    }
    let is_of_many = wanted.all_platforms || wanted.platforms.len() > 1;
    let (mut all, mut understood) = (true, true);
    for job in started {
        let done = match job {
            Ok(job) => finish(session, &job, is_of_many).await,
            Err(failure) => Err(failure),
        };
        match done {
            Ok(()) => {}
            Err(Failure::Output(error)) => return Err(error.into()),
            Err(failure) => {
                session.tell_failure(&failure);
                all = false;
                understood &= failure.exit_code() != 2;
            }
        }
    }
    match (all, understood) {
        (true, _) => Ok(()),
        (false, true) => Err(Failure::Told),
        (false, false) => Err(Failure::Misused),
    }
}

/// Starts all that one reference stands for.
async fn line_up(
    session: &Session,
    wanted: &Pull,
    reference: &str,
) -> Result<Vec<Started>, Failure> {
    let one = !wanted.all_tags && !wanted.all_platforms && wanted.platforms.len() <= 1;
    if one {
        return Ok(vec![start(session, reference, wanted.platforms.first())]);
    }
    let parts = session.app.reference_explain(reference)?;
    if parts.digest.is_some() && !wanted.all_tags {
        let platforms = platforms(session, wanted, reference).await?;
        let jobs = platforms.iter().map(|platform| start(session, reference, Some(platform)));
        return Ok(jobs.collect());
    }
    let tags = if wanted.all_tags {
        Vec::new()
    } else {
        vec![parts.tag.unwrap_or_else(|| "latest".to_owned())]
    };
    many(session, wanted, reference, tags).await
}

/// The platforms that are wanted of what a digest names.
async fn platforms(
    session: &Session,
    wanted: &Pull,
    reference: &str,
) -> Result<Vec<String>, Failure> {
    if !wanted.all_platforms {
        return Ok(wanted.platforms.clone());
    }
    match session.app.look(reference, None).await {
        Ok(look) if look.offers.is_empty() => Ok(vec![look.plan.platform]),
        Ok(look) => Ok(look.offers.into_iter().map(|offer| offer.platform).collect()),
        // Not one for this machine, but for others.
        Err(error) => error
            .actions
            .iter()
            .find_map(|action| match action {
                Action::ChoosePlatform { platforms } => Some(platforms.clone()),
                _ => None,
            })
            .ok_or_else(|| error.into()),
    }
}

fn start(
    session: &Session,
    reference: &str,
    platform: Option<&String>,
) -> Result<Arc<Job>, Failure> {
    let start = PullStart { reference: reference.to_owned(), platform: platform.cloned() };
    job(session, session.app.pull_start(start)?, reference)
}

/// Waits for a pull, and prints what it brought.
async fn finish(session: &Session, job: &Arc<Job>, is_of_many: bool) -> Result<(), Failure> {
    let (snapshot, outcome) = follow(session, job).await?;
    let Outcome::Done { reference, manifest, digest } = outcome else {
        return Err(lost(&snapshot.title));
    };
    say_pulled(session, &snapshot, job.arrived_bytes());
    let platform = snapshot.plan.map(|plan| plan.platform);
    let pulled = Pulled { reference, digest, manifest, platform, tags: snapshot.tags };
    let mut out = output::results();
    if session.json {
        output::line(&mut out, &pulled)?;
    } else {
        // Several platforms have one index: their manifests tell them apart.
        writeln!(out, "{}", if is_of_many { &pulled.manifest } else { &pulled.digest })?;
    }
    Ok(out.flush()?)
}

/// Reads what tags and platforms come to, tells it, and starts to pull it.
async fn many(
    session: &Session,
    wanted: &Pull,
    reference: &str,
    tags: Vec<String>,
) -> Result<Vec<Started>, Failure> {
    let selection = Selection {
        reference: reference.to_owned(),
        tags,
        platforms: wanted.platforms.clone(),
        all_platforms: wanted.all_platforms,
    };
    let id = session.app.survey_start(selection)?;
    let (_, outcome) = follow(session, &job(session, id, reference)?).await?;
    let Outcome::Surveyed { survey } = outcome else { return Err(lost(reference)) };
    say_survey(session, &survey);
    let names_platform = wanted.all_platforms || !wanted.platforms.is_empty();
    let images = survey.images.into_iter().map(|image| PullOfMany {
        tags: image.tags,
        platform: names_platform.then_some(image.platform),
    });
    let start = PullManyStart { reference: reference.to_owned(), images: images.collect() };
    let ids = session.app.pull_many_start(start)?;
    let failures = survey.failures.into_iter().map(|failure| Err(failure.error.into()));
    Ok(failures.chain(ids.into_iter().map(|id| job(session, id, reference))).collect())
}

/// "23 tags, 9 different images, 410 MB to download, 1.2 GB already here"
fn say_survey(session: &Session, survey: &Survey) {
    let counted =
        |key: &str, count: usize| session.words.text(key, &[("count", &count.to_string())]);
    let tags = counted("cli.survey.tags", survey.tag_count);
    let images = counted("cli.survey.images", survey.images.len());
    let (download, here) = (bytes(survey.download_bytes), bytes(survey.here_bytes));
    let params =
        [("tags", tags.as_str()), ("images", &images), ("download", &download), ("here", &here)];
    session.say("cli.survey.sum", &params);
}

fn say_pulled(session: &Session, job: &JobSnapshot, arrived: u64) {
    // Whoever reads the progress as JSON has had all of this in it.
    if session.progress == ProgressMode::Json {
        return;
    }
    let Some(plan) = &job.plan else { return };
    let count = plan.strata.iter().filter(|stratum| stratum.layer.is_some()).count().to_string();
    // What came is counted as it came: another pull, or an earlier try, may have brought some of it.
    let total: u64 = job.steps.iter().filter_map(|step| step.total).sum();
    let (came, here) = (bytes(arrived), bytes(total.saturating_sub(arrived)));
    let params =
        [("image", plan.familiar.as_str()), ("count", &count), ("came", &came), ("here", &here)];
    session.say("cli.pulled", &params);
}

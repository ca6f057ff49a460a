//! `strata pull`

use std::io::Write;
use std::sync::Arc;

use serde::Serialize;
use strata_app::Job;
use strata_app::api::{
    JobSnapshot, Outcome, PullManyStart, PullOfMany, PullStart, Selection, Survey,
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

/// Pulls all that was asked for; what fails does not keep the others back.
pub async fn pull(session: &Session, wanted: &Pull) -> Result<(), Failure> {
    let one_each = !wanted.all_tags && !wanted.all_platforms && wanted.platforms.len() <= 1;
    let mut all = true;
    let mut tell = |done: Result<(), Failure>| -> Result<(), Failure> {
        match done {
            Err(Failure::Output(error)) => return Err(error.into()),
            Err(failure) => {
                session.tell_failure(&failure);
                all = false;
            }
            Ok(()) => {}
        }
        Ok(())
    };
    if one_each {
        // All stand in line at once; what they bring is told in the order in which it was asked for.
        let platform = wanted.platforms.first();
        let started: Vec<_> =
            wanted.references.iter().map(|reference| start(session, reference, platform)).collect();
        for job in started {
            let done = match job {
                Ok(job) => finish(session, &job, false).await,
                Err(failure) => Err(failure),
            };
            tell(done)?;
        }
    } else {
        for reference in &wanted.references {
            match survey(session, wanted, reference).await {
                Ok(survey) => many(session, wanted, reference, survey, &mut tell).await?,
                Err(failure) => tell(Err(failure))?,
            }
        }
    }
    if all { Ok(()) } else { Err(Failure::Told) }
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
    say_pulled(session, &snapshot);
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

/// Reads what the tags and platforms come to.
async fn survey(session: &Session, wanted: &Pull, reference: &str) -> Result<Survey, Failure> {
    let tags = if wanted.all_tags {
        Vec::new()
    } else {
        vec![session.app.reference_explain(reference)?.tag.unwrap_or_else(|| "latest".to_owned())]
    };
    let selection = Selection {
        reference: reference.to_owned(),
        tags,
        platforms: wanted.platforms.clone(),
        all_platforms: wanted.all_platforms,
    };
    let id = session.app.survey_start(selection)?;
    match follow(session, &job(session, id, reference)?).await? {
        (_, Outcome::Surveyed { survey }) => Ok(survey),
        _ => Err(lost(reference)),
    }
}

/// Tells what will come, and pulls it.
async fn many(
    session: &Session,
    wanted: &Pull,
    reference: &str,
    survey: Survey,
    tell: &mut impl FnMut(Result<(), Failure>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    say_survey(session, &survey);
    for failure in survey.failures {
        tell(Err(failure.error.into()))?;
    }
    let is_of_many = wanted.all_platforms || wanted.platforms.len() > 1;
    let asked_for_platform = is_of_many || !wanted.platforms.is_empty();
    let images = survey.images.into_iter().map(|image| PullOfMany {
        tags: image.tags,
        platform: asked_for_platform.then_some(image.platform),
    });
    let start = PullManyStart { reference: reference.to_owned(), images: images.collect() };
    let ids = session.app.pull_many_start(start)?;
    let jobs: Vec<_> = ids.into_iter().map(|id| job(session, id, reference)).collect();
    for job in jobs {
        let done = match job {
            Ok(job) => finish(session, &job, is_of_many).await,
            Err(failure) => Err(failure),
        };
        tell(done)?;
    }
    Ok(())
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

fn say_pulled(session: &Session, job: &JobSnapshot) {
    // Whoever reads the progress as JSON has had all of this in it.
    if session.progress == ProgressMode::Json {
        return;
    }
    let Some(plan) = &job.plan else { return };
    let count = plan.strata.iter().filter(|stratum| stratum.layer.is_some()).count().to_string();
    let came = bytes(plan.total_bytes.saturating_sub(plan.already_here_bytes));
    let here = bytes(plan.already_here_bytes);
    let params =
        [("image", plan.familiar.as_str()), ("count", &count), ("came", &came), ("here", &here)];
    session.say("cli.pulled", &params);
}

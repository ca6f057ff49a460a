//! `strata pull`

use std::io::Write;

use serde::Serialize;
use strata_app::api::{ErrorCode, JobSnapshot, Outcome, PullStart};
use strata_app::words::bytes;

use super::lost;
use crate::arguments::{ProgressMode, Pull};
use crate::failure::Failure;
use crate::output;
use crate::progress::Progress;
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
}

/// Pulls one image after the other; one that fails does not keep the others back.
pub async fn pull(session: &Session, wanted: &Pull) -> Result<(), Failure> {
    let mut all = true;
    for reference in &wanted.references {
        match one(session, reference, wanted.platform.clone()).await {
            Ok(pulled) => print(session, &pulled)?,
            Err(failure) => {
                session.tell_failure(&failure);
                all = false;
            }
        }
    }
    if all { Ok(()) } else { Err(Failure::Told) }
}

async fn one(
    session: &Session,
    reference: &str,
    platform: Option<String>,
) -> Result<Pulled, Failure> {
    let start = PullStart { reference: reference.to_owned(), platform };
    let id = session.app.pull_start(start)?;
    let job = session.app.job(id).ok_or_else(|| lost(reference))?;
    match Progress::of(session) {
        Some(progress) => {
            job.clone()
                .watch(move |event| {
                    progress.tell(&event);
                    true
                })
                .await;
        }
        None => job.finished().await,
    }
    let snapshot = job.snapshot();
    match snapshot.outcome.clone() {
        Some(Outcome::Done { reference, manifest, digest }) => {
            tell(session, &snapshot);
            let platform = snapshot.plan.map(|plan| plan.platform);
            Ok(Pulled { reference, digest, manifest, platform })
        }
        Some(Outcome::Failed { error }) => Err(error.into()),
        Some(Outcome::Stopped) => Err(stopped(reference)),
        Some(Outcome::Surveyed { .. } | Outcome::Peeked { .. }) | None => Err(lost(reference)),
    }
}

fn stopped(reference: &str) -> Failure {
    match lost(reference) {
        Failure::User(mut error) => {
            error.code = ErrorCode::Stopped;
            Failure::User(error)
        }
        other => other,
    }
}

fn tell(session: &Session, job: &JobSnapshot) {
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

fn print(session: &Session, pulled: &Pulled) -> Result<(), Failure> {
    let mut out = output::results();
    if session.json {
        output::line(&mut out, pulled)?;
    } else {
        writeln!(out, "{}", pulled.digest)?;
    }
    Ok(out.flush()?)
}

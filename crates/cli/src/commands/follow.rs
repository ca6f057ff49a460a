//! Waiting for a job, and showing how far it is.

use std::sync::Arc;

use strata_app::Job;
use strata_app::api::{ErrorCode, JobSnapshot, Outcome};

use super::lost;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::session::Session;

/// The job with this number.
pub fn job(session: &Session, id: u64, what: &str) -> Result<Arc<Job>, Failure> {
    session.app.job(id).ok_or_else(|| lost(what))
}

/// Waits until a job has ended, and gives all that is known of it and its outcome. One that failed or was stopped is a
/// failure.
pub async fn follow(session: &Session, job: &Arc<Job>) -> Result<(JobSnapshot, Outcome), Failure> {
    match Progress::of(session) {
        Some(progress) => {
            let watch = Arc::clone(job).watch(move |event| {
                progress.tell(&event);
                true
            });
            watch.await;
        }
        None => job.finished().await,
    }
    let snapshot = job.snapshot();
    match snapshot.outcome.clone() {
        Some(Outcome::Failed { error }) => Err(error.into()),
        Some(Outcome::Stopped) => Err(stopped(&snapshot.title)),
        Some(outcome) => Ok((snapshot, outcome)),
        None => Err(lost(&snapshot.title)),
    }
}

fn stopped(what: &str) -> Failure {
    match lost(what) {
        Failure::User(mut error) => {
            error.code = ErrorCode::Stopped;
            Failure::User(error)
        }
        other => other,
    }
}

//! Jobs as they are asked for: listed, stopped, paused, moved; and whose turn it is.

use std::sync::Arc;

use crate::api::{JobMove, JobSnapshot, UserError};
use crate::app::App;
use crate::error::AppError;
use crate::jobs::Job;
use crate::queue_file::QueueFile;

/// Pulls at work at once, whatever a file of settings says.
const MOST_AT_ONCE: u8 = 8;

impl App {
    /// All jobs of this run, the newest first.
    #[must_use]
    pub fn jobs_list(&self) -> Vec<JobSnapshot> {
        self.inner.jobs.snapshots()
    }

    /// A job by its number.
    #[must_use]
    pub fn job(&self, id: u64) -> Option<Arc<Job>> {
        self.inner.jobs.find(id)
    }

    /// A job by its number, for who wants to watch it.
    ///
    /// # Errors
    /// If there is no such job any more.
    pub fn job_watched(&self, id: u64) -> Result<Arc<Job>, UserError> {
        self.job(id).ok_or_else(|| AppError::JobUnknown { id }.into())
    }

    /// How many jobs are at work.
    #[must_use]
    pub fn jobs_running(&self) -> usize {
        self.inner.jobs.at_work()
    }

    /// Asks a job to stop. One that waits for its turn or is paused ends at once; one that is unknown or has ended is left
    /// alone.
    pub fn job_stop(&self, id: u64) {
        self.inner.jobs.stop(id);
        self.jobs_changed();
    }

    /// Pauses a pull: what arrived is kept, and so is its place. Any other job is left alone.
    pub fn job_pause(&self, id: u64) {
        if self.inner.jobs.pause(id) {
            self.jobs_changed();
        }
    }

    /// Lets a paused pull go on when it is its turn. Must be called within a tokio runtime.
    pub fn job_resume(&self, id: u64) {
        if self.inner.jobs.resume(id) {
            self.jobs_changed();
        }
    }

    /// Lets a pull have its turn before another, or after all.
    pub fn job_move(&self, wanted: JobMove) {
        if self.inner.jobs.reorder(wanted.id, wanted.before) {
            self.jobs_changed();
        }
    }

    /// Pauses all pulls, or lets all that are paused go on. Must be called within a tokio runtime.
    pub fn jobs_pause(&self, pause: bool) {
        self.inner.jobs.pause_all(pause);
        self.jobs_changed();
    }

    /// Whether [`App::close`] has anything to do: something is at work, or the queue is not written yet.
    #[must_use]
    pub fn needs_closing(&self) -> bool {
        self.jobs_running() > 0 || self.inner.queue.is_behind()
    }

    /// Puts down all work, so that the pulls can go on when a window is opened again, and waits until nothing is at work.
    pub async fn close(&self) {
        self.inner.jobs.close();
        QueueFile::save_now(Arc::clone(&self.inner)).await;
        while self.jobs_running() > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// What is to happen whenever a job begins, ends, or stands elsewhere: listeners are told, the queue is kept, and
    /// whoever's turn it is begins. Must be called within a tokio runtime if a pull may begin.
    pub(crate) fn jobs_changed(&self) {
        let most = usize::from(self.settings().pulls_at_once.clamp(1, MOST_AT_ONCE));
        while let Some((job, run)) = self.inner.jobs.next(most) {
            self.begin_pull(job, run);
        }
        self.inner.queue.changed();
        self.inner.job_news.tell();
    }
}

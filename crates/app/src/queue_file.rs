//! The pulls that have not ended, as a file: what a window that is opened again finds.
//!
//! Only a window keeps it, and of several windows over one store the first. The file names what was asked for and
//! nothing that arrived: that is the store's to keep.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use strata_spec::{Platform, Reference};
use tokio::sync::watch;

use crate::api::JobState;
use crate::app::{App, Inner};
use crate::clock;
use crate::jobs::{Job, NewJob};
use crate::pull_job::PullWork;
use crate::settings_file::replace;

/// How the file is written now.
const VERSION: u32 = 1;
/// Changes that follow each other this closely are written once.
const PAUSE: Duration = Duration::from_millis(300);

/// The file, and who keeps it.
#[derive(Debug)]
pub(crate) struct QueueFile {
    path: PathBuf,
    /// What is open and locked as long as this process keeps the file; none where it does not.
    keeper: Mutex<Option<Keeper>>,
    changes: watch::Sender<u64>,
    /// The change up to which the file was written.
    saved: AtomicU64,
}

#[derive(Debug)]
struct Keeper {
    _lock: File,
    written: Vec<u8>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    version: u32,
    pulls: Vec<KeptPull>,
}

/// A pull as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptPull {
    reference: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    platform: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    batch: Option<(u64, String)>,
    asked_at: String,
}

impl QueueFile {
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            keeper: Mutex::default(),
            changes: watch::Sender::new(0),
            saved: AtomicU64::new(0),
        }
    }

    /// Jobs have changed: the file is written soon, if this process keeps it.
    pub fn changed(&self) {
        self.changes.send_modify(|version| *version += 1);
    }

    /// Whether something changed that is not written yet.
    pub fn is_behind(&self) -> bool {
        let is_kept = self.keeper.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        is_kept && self.saved.load(Ordering::Relaxed) < *self.changes.borrow()
    }

    /// Writes the file, if this process keeps it and it would be another.
    pub async fn save_now(inner: Arc<Inner>) {
        let change = *inner.queue.changes.borrow();
        let saving = tokio::task::spawn_blocking(move || {
            inner
                .queue
                .save(|| inner.jobs.unfinished().iter().filter_map(|job| kept(job)).collect());
            inner.queue.saved.fetch_max(change, Ordering::Relaxed);
        });
        saving.await.ok();
    }

    /// What is to be written is asked for while nobody else writes: the last one to write knows the latest.
    fn save(&self, pulls: impl FnOnce() -> Vec<KeptPull>) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(keeper) = keeper.as_mut() else { return };
        let pulls = pulls();
        let nothing = pulls.is_empty() && keeper.written.is_empty();
        let Ok(text) = serde_json::to_vec_pretty(&Kept { version: VERSION, pulls }) else { return };
        if text == keeper.written || nothing {
            return;
        }
        match replace(&self.path, &text) {
            Ok(()) => keeper.written = text,
            Err(error) => {
                tracing::warn!(path = %self.path.display(), %error, "the queue cannot be kept");
            }
        }
    }

    /// Takes the file over and reads it; none if another process keeps it. Blocks shortly.
    fn take(&self) -> Option<Vec<(KeptPull, PullWork)>> {
        let lock = match lock(&self.path.with_extension("lock")) {
            Ok(lock) => lock,
            Err(error) => {
                tracing::warn!(path = %self.path.display(), %error, "the queue is not kept here");
                return None;
            }
        };
        let mut written = fs::read(&self.path).unwrap_or_default();
        let (pulls, is_whole) = parse(&written);
        if !is_whole {
            self.put_aside();
            written.clear();
        }
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        *keeper = Some(Keeper { _lock: lock, written });
        Some(pulls)
    }

    /// What cannot be understood is somebody's list all the same: it is not written over.
    fn put_aside(&self) {
        let stamp = clock::unix_seconds();
        let aside =
            self.path.with_extension(format!("damaged-{stamp}-{}.json", std::process::id()));
        let (path, beside) = (self.path.display(), aside.display());
        match fs::rename(&self.path, &aside) {
            Ok(()) => tracing::warn!(%path, %beside, "the kept queue cannot be read: put aside"),
            Err(error) => tracing::warn!(%path, %error, "the kept queue cannot be read"),
        }
    }
}

/// The pulls that a file names, and whether that is all that is in it. An empty file is a whole one.
fn parse(text: &[u8]) -> (Vec<(KeptPull, PullWork)>, bool) {
    if text.is_empty() {
        return (Vec::new(), true);
    }
    let parsed = serde_json::from_slice(text).ok().filter(|kept: &Kept| kept.version == VERSION);
    let Some(kept) = parsed else { return (Vec::new(), false) };
    let count = kept.pulls.len();
    let pulls: Vec<_> =
        kept.pulls.into_iter().filter_map(|pull| Some((pull.clone(), work(&pull)?))).collect();
    let is_whole = pulls.len() == count;
    (pulls, is_whole)
}

fn work(pull: &KeptPull) -> Option<PullWork> {
    let platform = pull.platform.as_deref().map(Platform::parse).transpose().ok()?;
    let reference = Reference::parse(&pull.reference).ok()?;
    Some(PullWork { reference, platform, tags: pull.tags.clone() })
}

fn kept(job: &Job) -> Option<KeptPull> {
    let work = job.pull.as_ref()?;
    let snapshot = job.snapshot();
    Some(KeptPull {
        reference: work.reference.to_string(),
        platform: work.platform.as_ref().map(ToString::to_string),
        tags: work.tags.clone(),
        batch: snapshot.batch.zip(snapshot.batch_title),
        asked_at: snapshot.started_at,
    })
}

/// The right to keep the file; an error where somebody else has it. The system takes it back when the process ends.
fn lock(path: &Path) -> io::Result<File> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let file = File::options().create(true).append(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(io::Error::other("another window keeps it")),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

impl App {
    /// Finds the pulls that an earlier run left, paused, and keeps the queue from then on. Ends with the last copy of the
    /// handle.
    pub(crate) async fn keep_queue(inner: Weak<Inner>) {
        let Some(queue) = inner.upgrade().map(|inner| Arc::clone(&inner.queue)) else { return };
        let mut changes = queue.changes.subscribe();
        let taking = tokio::task::spawn_blocking(move || queue.take());
        let Ok(Some(pulls)) = taking.await else { return };
        if let Some(inner) = inner.upgrade() {
            let app = Self { inner };
            pulls.into_iter().for_each(|(kept, work)| app.restore(kept, work));
            app.jobs_changed();
        }
        while changes.changed().await.is_ok() {
            tokio::time::sleep(PAUSE).await;
            changes.borrow_and_update();
            let Some(inner) = inner.upgrade() else { return };
            QueueFile::save_now(inner).await;
        }
    }

    fn restore(&self, kept: KeptPull, work: PullWork) {
        let KeptPull { batch, asked_at: started_at, .. } = kept;
        let new = NewJob { batch, started_at, state: JobState::Paused, ..work.job() };
        self.inner.jobs.add(new);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::api::JobKind;

    fn pull(reference: &str) -> KeptPull {
        KeptPull {
            reference: reference.to_owned(),
            platform: Some("linux/arm64".to_owned()),
            tags: vec!["latest".to_owned()],
            batch: Some((3, "nginx".to_owned())),
            asked_at: "2026-01-01T00:00:00Z".to_owned(),
        }
    }

    fn file(folder: &tempfile::TempDir) -> QueueFile {
        QueueFile::new(folder.path().join("store-queue.json"))
    }

    #[test]
    fn what_was_kept_is_found_again_and_only_one_process_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = file(&folder);
        assert!(first.take().unwrap().is_empty());
        first.save(Vec::new);
        assert!(!first.path.exists(), "nothing to keep is no file");
        let pulls = vec![pull("docker.io/library/nginx:1.27"), pull("localhost:5000/app:2")];
        first.save(|| pulls.clone());
        let second = file(&folder);
        assert!(second.take().is_none(), "two windows would write over each other");
        second.save(Vec::new);
        drop(first);
        let found = file(&folder).take().unwrap();
        assert_eq!(found.iter().map(|(kept, _)| kept.clone()).collect::<Vec<_>>(), pulls);
        assert_eq!(found[0].1.clone().job().kind, JobKind::Pull);
    }

    #[test]
    fn a_file_that_cannot_be_understood_is_put_aside_and_what_can_be_is_found() {
        let good = serde_json::to_value(pull("nginx")).unwrap();
        let mixed = serde_json::json!({ "version": 1, "pulls": [pull("Not A Name"), good] });
        for (text, found) in
            [("{\"pulls\": [", 0), ("{\"version\":9,\"pulls\":[]}", 0), (&*mixed.to_string(), 1)]
        {
            let folder = tempfile::tempdir().unwrap();
            let file = file(&folder);
            fs::write(&file.path, text).unwrap();
            assert_eq!(file.take().unwrap().len(), found, "{text}");
            file.save(|| vec![pull("nginx")]);
            let kept: Vec<String> = fs::read_dir(folder.path())
                .unwrap()
                .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
                .collect();
            assert!(kept.iter().any(|kept| kept == text), "{kept:?}");
        }
    }
}

//! What all builds of a process share: the helper's session, the snapshots, the folders of cache mounts.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

use strata_run::{Mode, RunError, Session, SessionOptions, Snapshots};

/// How commands are run for one store.
#[derive(Debug)]
pub(crate) struct Runs {
    helper: PathBuf,
    store: PathBuf,
    open: Mutex<Option<Arc<Open>>>,
}

/// A session, and what belongs to it.
#[derive(Debug)]
pub(crate) struct Open {
    pub session: Session,
    pub snapshots: Snapshots,
    /// Where cache mounts are.
    pub caches: PathBuf,
}

impl Runs {
    pub fn new(helper: PathBuf, store: PathBuf) -> Self {
        Self { helper, store, open: Mutex::default() }
    }

    /// The session; started if it is not there yet, or has ended.
    pub fn open(&self) -> Result<Arc<Open>, RunError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.as_ref().filter(|known| known.session.is_alive()) {
            return Ok(Arc::clone(known));
        }
        let options = SessionOptions { helper: self.helper.clone(), mode: None };
        let session = Session::start(&options)?;
        let snapshots = Snapshots::open(&self.store, &session)?;
        let caches = self.store.join("caches").join(session.mapping());
        let made = Arc::new(Open { session, snapshots, caches });
        *open = Some(Arc::clone(&made));
        Ok(made)
    }

    /// The rung of the session, if it was started.
    pub fn mode(&self) -> Option<Mode> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map(|open| open.session.mode())
    }

    /// Has snapshots reach the disk and removes what was thrown away, after a build that ran something. What does not go
    /// now goes the next time.
    pub fn tidy(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(open) = open else { return };
        let done = open.snapshots.settle().and_then(|()| open.snapshots.sweep(&open.session));
        if let Err(error) = done {
            tracing::warn!(%error, "snapshots are not tidied");
        }
    }
}

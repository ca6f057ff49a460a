//! The uploads that are open: how many, since when, and who writes to which.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use strata_store::UnnamedIngest;

use crate::receive::Writing;
use crate::refusal::{Code, Refusal};

/// How many uploads may be open at once.
const MAX_OPEN: usize = 64;
/// An upload that nobody writes to for so long is dropped with its bytes.
const IDLE: Duration = Duration::from_secs(600);

/// A blob that is being pushed.
#[derive(Debug)]
pub(crate) struct Upload {
    pub id: String,
    /// The repository it was begun in; it is known nowhere else.
    pub repository: String,
    /// How many bytes are written.
    pub offset: AtomicU64,
    ingest: Arc<tokio::sync::Mutex<Option<UnnamedIngest>>>,
    used: Mutex<Instant>,
}

impl Upload {
    /// Takes the upload for writing; refuses a second writer.
    pub fn write(&self) -> Result<Writing, Refusal> {
        self.touch();
        let busy = || Refusal::new(Code::UploadInvalid, "another request writes to this upload");
        let writing = Arc::clone(&self.ingest).try_lock_owned().map_err(|_| busy())?;
        if writing.is_none() {
            return Err(unknown());
        }
        Ok(writing)
    }

    /// Begins its time anew.
    pub fn touch(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn is_idle(&self, longer_than: Duration) -> bool {
        let used = *self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.elapsed() > longer_than && self.ingest.try_lock().is_ok()
    }
}

/// All open uploads of a server.
#[derive(Debug, Default)]
pub(crate) struct Uploads(Mutex<HashMap<String, Arc<Upload>>>);

impl Uploads {
    /// Opens one.
    pub fn open(&self, repository: &str, ingest: UnnamedIngest) -> Result<Arc<Upload>, Refusal> {
        self.drop_idle();
        let mut open = self.lock();
        if open.len() >= MAX_OPEN {
            return Err(Refusal::new(Code::TooManyRequests, "too many uploads are open"));
        }
        let upload = Arc::new(Upload {
            id: fresh_id(),
            repository: repository.to_owned(),
            offset: AtomicU64::new(0),
            ingest: Arc::new(tokio::sync::Mutex::new(Some(ingest))),
            used: Mutex::new(Instant::now()),
        });
        open.insert(upload.id.clone(), Arc::clone(&upload));
        Ok(upload)
    }

    /// Finds one by the id that was given out for it.
    pub fn find(&self, repository: &str, id: &str) -> Result<Arc<Upload>, Refusal> {
        let found = self.lock().get(id).filter(|found| found.repository == repository).cloned();
        found.ok_or_else(unknown)
    }

    /// Forgets one. Its bytes go with it as soon as nobody writes to it.
    pub fn close(&self, id: &str) {
        self.lock().remove(id);
    }

    /// Forgets those that were abandoned.
    pub fn drop_idle(&self) {
        self.drop_idle_longer_than(IDLE);
    }

    fn drop_idle_longer_than(&self, longest: Duration) {
        self.lock().retain(|_, upload| !upload.is_idle(longest));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Upload>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown() -> Refusal {
    Refusal::new(Code::UploadUnknown, "there is no such upload")
}

/// 128 bits that no two uploads share. They are no secret: whoever uses them shows the write token as well.
fn fresh_id() -> String {
    let bits = || RandomState::new().hash_one(Instant::now());
    format!("{:016x}{:016x}", bits(), bits())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_upload_is_dropped_when_it_is_idle_but_not_while_it_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let store = strata_store::Store::open(folder.path()).unwrap();
        let uploads = Uploads::default();
        let upload = uploads.open("app", store.ingest_unnamed().unwrap()).unwrap();
        let file = || std::fs::read_dir(folder.path().join("ingest")).unwrap().count();
        assert_eq!(file(), 1);
        uploads.drop_idle();
        assert!(uploads.find("app", &upload.id).is_ok());
        let writing = upload.write().unwrap();
        uploads.drop_idle_longer_than(Duration::ZERO);
        assert!(uploads.find("app", &upload.id).is_ok());
        drop(writing);
        uploads.drop_idle_longer_than(Duration::ZERO);
        assert!(uploads.find("app", &upload.id).is_err());
        drop(upload);
        assert_eq!(file(), 0);
    }
}

//! What was asked and answered, for tests.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use axum::http::header::RANGE;

/// How many requests are remembered. Beyond it the oldest are forgotten.
const REMEMBERED: usize = 4096;

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The status of the answer; 0 while there is none.
    pub status: u16,
    /// The part of a blob that was asked for, as the client wrote it.
    pub range: Option<String>,
    /// Bytes of the answer's body that were handed to the connection so far.
    pub bytes: u64,
}

/// A request that may still be being answered.
#[derive(Debug)]
pub(crate) struct Entry {
    method: String,
    path: String,
    range: Option<String>,
    pub status: AtomicU16,
    pub bytes: AtomicU64,
}

/// The latest requests, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<VecDeque<Arc<Entry>>>);

impl Log {
    /// Writes down a request.
    pub fn open(&self, request: &Request) -> Arc<Entry> {
        let range = request.headers().get(RANGE).and_then(|range| range.to_str().ok());
        let path = request.uri().path_and_query().map(ToString::to_string);
        let entry = Arc::new(Entry {
            method: request.method().to_string(),
            path: path.unwrap_or_default(),
            range: range.map(str::to_owned),
            status: AtomicU16::new(0),
            bytes: AtomicU64::new(0),
        });
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == REMEMBERED {
            entries.pop_front();
        }
        entries.push_back(Arc::clone(&entry));
        entry
    }

    /// All that is remembered.
    pub fn seen(&self) -> Vec<Seen> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = |entry: &Arc<Entry>| Seen {
            method: entry.method.clone(),
            path: entry.path.clone(),
            status: entry.status.load(Ordering::Relaxed),
            range: entry.range.clone(),
            bytes: entry.bytes.load(Ordering::Relaxed),
        };
        entries.iter().map(seen).collect()
    }
}

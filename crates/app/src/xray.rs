//! Registry X-ray: what was asked of registries and what they answered, as far as it is kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use strata_remote::{AnswerKind, Answered, Asked, Client, Purpose, Signed, Watcher};

use crate::api::{
    UserError, Xray, XrayOutcome, XrayPurpose, XrayRead, XrayRequest, XrayScope, XraySigned,
};
use crate::app::App;

/// How many requests are kept of one scope.
const KEPT: usize = 2_000;
/// The longest text of a request that is kept, in bytes: registries choose most of them.
const MAX_TEXT_BYTES: usize = 512;
/// How many warnings of one answer are kept.
const MAX_WARNINGS: usize = 4;

/// The requests of one job, or of all that is no job.
#[derive(Debug)]
pub(crate) struct Recorder {
    began: Instant,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    version: u64,
    total: u64,
    /// In the order they were sent.
    requests: VecDeque<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// What the client calls it.
    number: u64,
    /// The version in which it last changed.
    version: u64,
    request: XrayRequest,
}

impl Default for Recorder {
    fn default() -> Self {
        Self { began: Instant::now(), kept: Mutex::default() }
    }
}

impl Recorder {
    /// What changed after the version `since`; all for 0.
    pub fn read(&self, since: u64) -> Xray {
        let kept = self.lock();
        let changed = kept.requests.iter().filter(|entry| entry.version > since);
        let requests = changed.map(|entry| entry.request.clone()).collect();
        Xray { version: kept.version, total: kept.total, requests }
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut XrayRequest)) {
        let mut kept = self.lock();
        let version = kept.version + 1;
        // Those under way were sent lately.
        let Some(entry) = kept.requests.iter_mut().rev().find(|entry| entry.number == number)
        else {
            return;
        };
        entry.version = version;
        change(&mut entry.request);
        kept.version = version;
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watcher for Recorder {
    fn began(&self, asked: &Asked) {
        let at_millis = millis(self.began.elapsed());
        let mut kept = self.lock();
        kept.version += 1;
        kept.total += 1;
        let request = request(asked, kept.total, at_millis, kept.attempt(asked));
        let entry = Entry { number: asked.id, version: kept.version, request };
        kept.requests.push_back(entry);
        if kept.requests.len() > KEPT {
            kept.requests.pop_front();
        }
    }

    fn answered(&self, id: u64, answered: &Answered) {
        self.change(id, |request| {
            request.status = answered.status;
            request.millis = Some(millis(answered.took));
            request.http_version = answered.http_version.clone();
            request.request_id = answered.request_id.as_deref().map(cut);
            let warnings = answered.warnings.iter().take(MAX_WARNINGS);
            request.warnings = warnings.map(|warning| cut(warning)).collect();
            request.outcome = outcome(&answered.kind);
            match &answered.kind {
                AnswerKind::Challenge { schemes } => {
                    request.detail = Some(cut(&schemes.join(", ")));
                }
                AnswerKind::Redirect { host, leaves } => {
                    request.detail = Some(cut(host));
                    request.login_dropped = *leaves && request.signed != XraySigned::No;
                }
                AnswerKind::Failed { reason } => request.reason = Some(cut(reason)),
                AnswerKind::Ok
                | AnswerKind::Part
                | AnswerKind::NotFound
                | AnswerKind::Refused
                | AnswerKind::RateLimited
                | AnswerKind::ServerError => {}
            }
        });
    }

    fn received(&self, id: u64, bytes: u64) {
        self.change(id, |request| request.bytes = Some(bytes));
    }
}

impl Kept {
    /// Which try a request is: one more than the same request before it, if that did not bring what was asked for.
    fn attempt(&self, asked: &Asked) -> u32 {
        let is_same = |entry: &&Entry| {
            let known = &entry.request;
            known.method == asked.method
                && known.path == cut(&asked.path)
                && known.origin == cut(&asked.origin)
        };
        let Some(before) = self.requests.iter().rev().find(is_same) else { return 1 };
        let tries = before.request.attempt;
        match before.request.outcome {
            // The answer is asked for again with a signature: that is still the same try.
            XrayOutcome::Challenged => tries,
            XrayOutcome::Broken | XrayOutcome::ServerFailed | XrayOutcome::Limited => tries + 1,
            // The rest of a body that broke off.
            XrayOutcome::Answered | XrayOutcome::Part if asked.range_from.is_some() => tries + 1,
            XrayOutcome::Answered
            | XrayOutcome::Part
            | XrayOutcome::Waiting
            | XrayOutcome::Redirected
            | XrayOutcome::NotFound
            | XrayOutcome::Refused => 1,
        }
    }
}

fn request(asked: &Asked, id: u64, at_millis: u64, attempt: u32) -> XrayRequest {
    XrayRequest {
        id,
        at_millis,
        purpose: purpose(asked.purpose),
        outcome: XrayOutcome::Waiting,
        method: asked.method.clone(),
        origin: cut(&asked.origin),
        path: cut(&asked.path),
        registry: cut(&asked.registry),
        subject: asked.subject.as_deref().map(cut),
        signed: match asked.signed {
            Signed::No => XraySigned::No,
            Signed::Basic => XraySigned::Basic,
            Signed::Bearer => XraySigned::Bearer,
        },
        range_from: asked.range_from,
        attempt,
        status: None,
        millis: None,
        bytes: None,
        http_version: None,
        detail: None,
        login_dropped: false,
        request_id: None,
        warnings: Vec::new(),
        reason: None,
    }
}

fn purpose(purpose: Purpose) -> XrayPurpose {
    match purpose {
        Purpose::Ping => XrayPurpose::Ping,
        Purpose::Token => XrayPurpose::Token,
        Purpose::Manifest => XrayPurpose::Manifest,
        Purpose::Blob => XrayPurpose::Blob,
        Purpose::Tags => XrayPurpose::Tags,
        Purpose::Catalog => XrayPurpose::Catalog,
        Purpose::Referrers => XrayPurpose::Referrers,
        Purpose::Hub => XrayPurpose::Hub,
    }
}

fn outcome(kind: &AnswerKind) -> XrayOutcome {
    match kind {
        AnswerKind::Ok => XrayOutcome::Answered,
        AnswerKind::Part => XrayOutcome::Part,
        AnswerKind::Challenge { .. } => XrayOutcome::Challenged,
        AnswerKind::Redirect { .. } => XrayOutcome::Redirected,
        AnswerKind::NotFound => XrayOutcome::NotFound,
        AnswerKind::Refused => XrayOutcome::Refused,
        AnswerKind::RateLimited => XrayOutcome::Limited,
        AnswerKind::ServerError => XrayOutcome::ServerFailed,
        AnswerKind::Failed { .. } => XrayOutcome::Broken,
    }
}

/// A text that is not too long to be kept.
fn cut(text: &str) -> String {
    if text.len() <= MAX_TEXT_BYTES {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(MAX_TEXT_BYTES)])
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl App {
    /// What was asked of registries and what they answered, as far as it changed since a version.
    ///
    /// # Errors
    /// If the job is not known any more.
    pub fn xray_read(&self, wanted: XrayRead) -> Result<Xray, UserError> {
        match wanted.scope {
            XrayScope::Job { id } => Ok(self.job_watched(id)?.xray.read(wanted.since)),
            XrayScope::Session => Ok(self.inner.xray.read(wanted.since)),
        }
    }

    /// A copy of a client whose requests are kept among those that belong to no job.
    pub(crate) fn observed(&self, client: &Client) -> Client {
        client.watched(Arc::clone(&self.inner.xray) as Arc<dyn Watcher>)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(id: u64, path: &str, range_from: Option<u64>) -> Asked {
        Asked {
            id,
            purpose: Purpose::Blob,
            method: "GET".to_owned(),
            origin: "https://registry.example".to_owned(),
            path: path.to_owned(),
            registry: "registry.example".to_owned(),
            repository: "app".to_owned(),
            subject: None,
            signed: Signed::Bearer,
            range_from,
        }
    }

    fn answered(kind: AnswerKind) -> Answered {
        let took = Duration::from_millis(7);
        Answered {
            status: Some(200),
            took,
            kind,
            retry_after: None,
            bytes_announced: None,
            request_id: None,
            warnings: Vec::new(),
            http_version: None,
        }
    }

    #[test]
    fn a_reader_gets_what_changed_since_it_read_and_no_more_is_kept_than_may_be() {
        let recorder = Recorder::default();
        for id in 1..=3_000 {
            recorder.began(&asked(id, &format!("/v2/{id}/{}", "x".repeat(4_000)), None));
        }
        let all = recorder.read(0);
        assert_eq!((all.total, all.requests.len()), (3_000, KEPT));
        assert_eq!((all.requests[0].id, all.requests[KEPT - 1].id), (1_001, 3_000));
        assert!(all.requests.iter().all(|request| request.path.len() < 600));
        assert!(recorder.read(all.version).requests.is_empty());
        recorder.answered(2_500, &answered(AnswerKind::Ok));
        recorder.received(2_500, 99);
        // One that is not kept any more, and one that never was.
        recorder.received(1, 99);
        recorder.received(9_999, 99);
        let changed = recorder.read(all.version);
        assert_eq!(changed.requests.len(), 1);
        let request = &changed.requests[0];
        assert_eq!((request.id, request.bytes, request.millis), (2_500, Some(99), Some(7)));
        assert_eq!(request.outcome, XrayOutcome::Answered);
    }

    #[test]
    fn tries_are_counted_from_the_last_answer_that_was_whole() {
        let recorder = Recorder::default();
        let failed = || AnswerKind::Failed { reason: "no route".to_owned() };
        let challenge = || AnswerKind::Challenge { schemes: vec!["Bearer".to_owned()] };
        let steps = [
            (None, challenge(), 1),
            (None, failed(), 1),
            (None, AnswerKind::ServerError, 2),
            (None, AnswerKind::Ok, 3),
            (Some(70), AnswerKind::Part, 4),
            (None, AnswerKind::Ok, 1),
        ];
        for (at, (range_from, kind, attempt)) in steps.into_iter().enumerate() {
            let id = at as u64;
            recorder.began(&asked(id, "/v2/app/blobs/x", range_from));
            recorder.answered(id, &answered(kind));
            assert_eq!(recorder.read(0).requests[at].attempt, attempt, "request {at}");
        }
    }

    #[test]
    fn a_login_that_stays_behind_is_told_only_where_there_was_one() {
        let recorder = Recorder::default();
        let away = || AnswerKind::Redirect { host: "cdn.example".to_owned(), leaves: true };
        recorder.began(&asked(1, "/a", None));
        recorder.began(&Asked { signed: Signed::No, ..asked(2, "/b", None) });
        recorder.answered(1, &answered(away()));
        recorder.answered(2, &answered(away()));
        let dropped: Vec<bool> =
            recorder.read(0).requests.iter().map(|request| request.login_dropped).collect();
        assert_eq!(dropped, [true, false]);
    }
}

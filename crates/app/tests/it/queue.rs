use std::sync::{Arc, Mutex};
use std::time::Duration;

use strata_app::api::{
    JobEvent, JobMove, JobSnapshot, JobState, Outcome, Pace, PullStart, StepState,
};
use strata_app::{App, Options};
use strata_registry::{Fault, Faults};
use tempfile::TempDir;

use crate::registry::{Registry, image};
use crate::site::{Site, paths};

fn start(site: &Site, reference: &str) -> u64 {
    let wanted = PullStart { reference: reference.to_owned(), platform: None };
    site.app.pull_start(wanted).unwrap()
}

fn snapshot(app: &App, id: u64) -> JobSnapshot {
    app.job(id).unwrap().snapshot()
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..2_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never: {what}");
}

async fn one_at_once(site: &Site) {
    let mut settings = site.app.settings();
    settings.pulls_at_once = 1;
    settings.practice_registry = false;
    site.app.settings_write(settings).await.unwrap();
}

/// Begins to bring the first image; its layer stops coming in the middle.
async fn stalled(registry: &Registry, site: &Site, bytes: usize) -> u64 {
    let reference = registry.push("test/large", "1", &image(1, bytes)).await;
    let after = bytes as u64 / 2;
    registry.fail(Faults::none().always("GET /test/large/blobs/", Fault::Stall { after }));
    let id = start(site, &reference);
    let job = site.app.job(id).unwrap();
    let has_begun = || job.snapshot().steps.iter().any(|step| step.done >= after);
    until("half of it came", has_begun).await;
    id
}

#[tokio::test]
async fn pulls_have_their_turn_in_order_and_those_that_wait_are_moved_and_stopped() {
    let (registry, site) = (Registry::start().await, Site::open());
    one_at_once(&site).await;
    let first = stalled(&registry, &site, 400_000).await;
    let mut ids = Vec::new();
    for number in 2..5 {
        let reference = registry.push("test/app", &number.to_string(), &image(number, 100)).await;
        ids.push(start(&site, &reference));
    }
    let positions = |ids: &[u64]| -> Vec<_> {
        let list = site.app.jobs_list();
        let of = |id: &u64| list.iter().find(|job| job.id == *id).unwrap().position;
        ids.iter().map(of).collect()
    };
    assert_eq!(positions(&ids), [Some(1), Some(2), Some(3)]);
    site.app.job_move(JobMove { id: ids[2], before: Some(ids[0]) });
    assert_eq!(positions(&ids), [Some(2), Some(3), Some(1)]);
    site.app.job_stop(ids[0]);
    assert_eq!(snapshot(&site.app, ids[0]).outcome, Some(Outcome::Stopped));
    assert_eq!(snapshot(&site.app, first).state, JobState::Running);
    site.app.job_pause(ids[1]);
    site.app.job_stop(first);
    assert_eq!(site.outcome(first).await, Outcome::Stopped);
    assert!(matches!(site.outcome(ids[2]).await, Outcome::Done { .. }));
    assert_eq!(snapshot(&site.app, ids[1]).state, JobState::Paused);
    site.app.job_resume(ids[1]);
    assert!(matches!(site.outcome(ids[1]).await, Outcome::Done { .. }));
    assert!(registry.asked("HEAD", "test/app/manifests/2").is_empty(), "it was stopped before");
}

#[tokio::test]
async fn a_pause_keeps_what_arrived_and_the_rest_is_asked_for_by_range() {
    let (registry, site) = (Registry::start().await, Site::open());
    one_at_once(&site).await;
    let id = stalled(&registry, &site, 600_000).await;
    let other = registry.push("test/app", "1", &image(2, 100)).await;
    let other = start(&site, &other);
    site.app.job_pause(id);
    assert_eq!(snapshot(&site.app, id).state, JobState::Paused);
    // Whoever waits has the turn meanwhile.
    assert!(matches!(site.outcome(other).await, Outcome::Done { .. }));
    let paused = snapshot(&site.app, id);
    assert_eq!((paused.state, paused.position), (JobState::Paused, Some(1)));
    assert_eq!((paused.bytes_per_second, paused.pace), (0, Pace::Steady));
    registry.fail(Faults::none());
    site.app.job_resume(id);
    assert!(matches!(site.outcome(id).await, Outcome::Done { .. }));
    let ranges: Vec<_> =
        registry.asked("GET", "test/large/blobs/").into_iter().map(|seen| seen.range).collect();
    let rest = ranges.last().unwrap().clone();
    assert!(rest.is_some_and(|range| !range.starts_with("bytes=0-")), "{ranges:?}");
}

#[tokio::test]
async fn all_pulls_are_paused_and_go_on_at_a_word() {
    let (registry, site) = (Registry::start().await, Site::open());
    one_at_once(&site).await;
    let first = stalled(&registry, &site, 400_000).await;
    let second = registry.push("test/app", "1", &image(2, 100)).await;
    let second = start(&site, &second);
    site.app.jobs_pause(true);
    until("nothing is at work", || site.app.jobs_running() == 0).await;
    for id in [first, second] {
        assert_eq!(snapshot(&site.app, id).state, JobState::Paused);
    }
    registry.fail(Faults::none());
    site.app.jobs_pause(false);
    for id in [first, second] {
        assert!(matches!(site.outcome(id).await, Outcome::Done { .. }));
    }
}

#[tokio::test]
async fn silence_is_told_to_who_watches() {
    let (registry, site) = (Registry::start().await, Site::open());
    let id = stalled(&registry, &site, 400_000).await;
    let (heard, told) = (Arc::new(Mutex::new(Vec::new())), Arc::default());
    let (events, said): (_, Arc<Mutex<bool>>) = (Arc::clone(&heard), Arc::clone(&told));
    let watch = site.app.job(id).unwrap().watch(move |event| {
        let stalled = matches!(event, JobEvent::Progress { pace: Pace::Stalled, .. });
        *said.lock().unwrap() |= stalled;
        events.lock().unwrap().push(event);
        !stalled
    });
    tokio::time::timeout(Duration::from_secs(30), watch).await.expect("nobody was told");
    assert!(*told.lock().unwrap(), "{:?}", heard.lock().unwrap());
    site.app.job_stop(id);
    site.outcome(id).await;
}

async fn reopened(folder: &TempDir) -> App {
    let app = App::open(paths(folder), Options::default()).unwrap();
    app.start_background();
    let found = || !app.jobs_list().is_empty();
    until("the queue is found", found).await;
    app
}

#[tokio::test]
async fn what_a_window_left_is_found_paused_by_the_next_and_goes_on_where_it_was() {
    let (registry, site) = (Registry::start().await, Site::open());
    one_at_once(&site).await;
    site.app.start_background();
    let first = stalled(&registry, &site, 600_000).await;
    let second = registry.push("test/app", "1", &image(2, 100)).await;
    let second = start(&site, &second);
    let stopped = start(&site, "localhost:1/app:1");
    site.app.job_stop(stopped);
    let before: Vec<_> = [first, second].map(|id| snapshot(&site.app, id).reference).into();
    site.app.close().await;
    assert_eq!(site.app.jobs_running(), 0);
    let Site { app, folder } = site;
    drop(app);
    registry.fail(Faults::none());
    let app = reopened(&folder).await;
    let mut found = app.jobs_list();
    found.sort_by_key(|job| job.position);
    let references: Vec<_> = found.iter().map(|job| job.reference.clone()).collect();
    assert_eq!(references, before);
    assert!(found.iter().all(|job| job.state == JobState::Paused && job.outcome.is_none()));
    app.jobs_pause(false);
    let site = Site { app, folder };
    for job in found {
        assert!(matches!(site.outcome(job.id).await, Outcome::Done { .. }));
    }
    let asked = registry.asked("GET", "test/large/blobs/");
    assert!(asked.last().unwrap().range.is_some(), "{asked:?}");
    let done = site.app.jobs_list();
    assert!(done.iter().flat_map(|job| &job.steps).all(|step| step.state == StepState::Done));
}

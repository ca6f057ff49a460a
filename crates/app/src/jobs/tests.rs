#![allow(clippy::unwrap_used)]
use strata_spec::Reference;

use super::*;
use crate::pull_job::PullWork;

/// A pull that waits for its turn.
pub(super) fn a_pull(reference: &str) -> NewJob {
    let parsed = Reference::parse(reference).unwrap();
    NewJob {
        kind: JobKind::Pull,
        title: reference.to_owned(),
        registry: parsed.registry().to_owned(),
        reference: reference.to_owned(),
        platform: None,
        batch: None,
        started_at: String::new(),
        state: JobState::Queued,
        steps: Vec::new(),
        pull: Some(PullWork { reference: parsed, platform: None, tags: Vec::new() }),
    }
}

fn a_survey() -> NewJob {
    NewJob { kind: JobKind::Survey, state: JobState::Running, pull: None, ..a_pull("nginx") }
}

fn waiting(jobs: &Jobs) -> Vec<(u64, Option<u32>)> {
    let mut waiting: Vec<_> = jobs
        .snapshots()
        .into_iter()
        .filter(|job| job.position.is_some())
        .map(|job| (job.id, job.position))
        .collect();
    waiting.sort_by_key(|(_, position)| *position);
    waiting
}

#[test]
fn only_so_many_pulls_are_at_work_and_the_next_begins_when_one_has_ended() {
    let jobs = Jobs::default();
    for _ in 0..4 {
        jobs.add(a_pull("nginx"));
    }
    // Work that does not stand in line takes nobody's turn.
    jobs.add(a_survey());
    let (first, _) = jobs.next(2).unwrap();
    let (second, _) = jobs.next(2).unwrap();
    assert_eq!((first.id, second.id), (1, 2));
    assert!(jobs.next(2).is_none());
    assert_eq!(waiting(&jobs), [(3, Some(1)), (4, Some(2))]);
    jobs.work_ended(&first, None);
    assert_eq!(first.snapshot().outcome, Some(Outcome::Stopped));
    assert_eq!(jobs.next(2).unwrap().0.id, 3);
    assert_eq!(jobs.at_work(), 3);
    assert_eq!(jobs.find(4).unwrap().snapshot().position, Some(1));
}

#[test]
fn a_paused_pull_keeps_its_place_and_lets_others_pass() {
    let jobs = Jobs::default();
    for _ in 0..3 {
        jobs.add(a_pull("nginx"));
    }
    let (first, run) = jobs.next(1).unwrap();
    assert!(jobs.pause(1) && run.is_cancelled() && !first.stop.is_cancelled());
    assert!(!jobs.pause(1), "it is paused already");
    assert!(jobs.next(1).is_none(), "its work has not ended yet");
    assert!(jobs.resume(1) && jobs.pause(1));
    jobs.work_ended(&first, None);
    assert_eq!(first.snapshot().state, JobState::Paused);
    assert_eq!(waiting(&jobs), [(1, Some(1)), (2, Some(2)), (3, Some(3))]);
    let (second, _) = jobs.next(1).unwrap();
    assert_eq!(second.id, 2);
    assert!(jobs.resume(1));
    jobs.work_ended(&second, None);
    let (again, run) = jobs.next(1).unwrap();
    assert_eq!(again.id, 1);
    assert!(!run.is_cancelled());
}

#[test]
fn what_waits_is_moved_and_stopped_at_once_and_what_works_when_its_work_has_ended() {
    let jobs = Jobs::default();
    for _ in 0..4 {
        jobs.add(a_pull("nginx"));
    }
    let (first, run) = jobs.next(1).unwrap();
    assert!(jobs.reorder(4, Some(2)) && !jobs.reorder(9, None));
    assert_eq!(waiting(&jobs), [(4, Some(1)), (2, Some(2)), (3, Some(3))]);
    jobs.stop(2);
    assert_eq!(jobs.find(2).unwrap().snapshot().outcome, Some(Outcome::Stopped));
    jobs.stop(1);
    assert!(run.is_cancelled() && !first.ended());
    jobs.work_ended(&first, None);
    assert_eq!(first.snapshot().outcome, Some(Outcome::Stopped));
    jobs.pause_all(true);
    assert!(jobs.next(1).is_none());
    jobs.pause_all(false);
    assert_eq!(jobs.next(1).unwrap().0.id, 4);
}

#[test]
fn fifty_that_ended_are_remembered_and_all_that_have_not() {
    let jobs = Jobs::default();
    for _ in 0..5_000 {
        jobs.add(a_pull("nginx"));
    }
    for id in 1..=60 {
        jobs.stop(id);
    }
    let known = jobs.snapshots();
    assert_eq!(known.len(), 4_990);
    assert_eq!((known[0].id, known.last().unwrap().id), (5_000, 11));
    assert_eq!(jobs.unfinished().len(), 4_940);
}

#[test]
fn who_closes_pauses_all_pulls_and_lets_none_begin() {
    let jobs = Jobs::default();
    let (pull, survey) = (jobs.add(a_pull("nginx")), jobs.add(a_survey()));
    jobs.add(a_pull("nginx"));
    let (_, run) = jobs.next(1).unwrap();
    jobs.close();
    assert!(run.is_cancelled() && survey.stop.is_cancelled());
    jobs.work_ended(&pull, None);
    jobs.work_ended(&survey, None);
    assert!(!pull.ended() && survey.ended());
    assert_eq!((jobs.at_work(), jobs.unfinished().len()), (0, 2));
    assert!(jobs.resume(1) && jobs.next(1).is_none());
}

use std::sync::{Arc, Mutex};

use strata_app::api::{JobEvent, Outcome, PullStart, StepState, Topic};

use crate::site::Site;

#[tokio::test]
async fn a_pull_is_watched_from_its_plan_to_its_end() {
    let (site, address) = Site::with_practice().await;
    let mut changes = site.app.changes();
    let reference = format!("{address}/practice/hello:1.0");
    let id =
        site.app.pull_start(PullStart { reference: reference.clone(), platform: None }).unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let events = Arc::clone(&heard);
    let watch = site.app.job(id).unwrap().watch(move |event| {
        events.lock().unwrap().push(event);
        true
    });
    watch.await;
    let events = heard.lock().unwrap();
    let Some(JobEvent::Finished { outcome: Outcome::Done { reference: done, .. } }) = events.last()
    else {
        panic!("{events:?}")
    };
    assert_eq!(*done, reference);
    let job = &site.app.jobs_list()[0];
    let plan = job.plan.as_ref().unwrap();
    assert_eq!(plan.strata.iter().filter(|stratum| stratum.layer.is_some()).count(), 3);
    assert!(job.steps.iter().all(|step| step.state == StepState::Done));
    assert!(job.steps.iter().all(|step| Some(step.done) == step.total));
    let mut topics = Vec::new();
    while let Ok(topic) = changes.try_recv() {
        topics.push(topic);
    }
    assert!(topics.contains(&Topic::Images) && topics.contains(&Topic::Jobs), "{topics:?}");
}

#[tokio::test]
async fn a_second_pull_finds_everything_here() {
    let (site, address) = Site::with_practice().await;
    let reference = format!("{address}/practice/greeter:1.0");
    let first = site.pull(&reference).await;
    assert_eq!(site.pull(&reference).await, first);
    let job = &site.app.jobs_list()[0];
    assert!(job.steps.iter().all(|step| step.state == StepState::AlreadyHere), "{:?}", job.steps);
    let plan = job.plan.as_ref().unwrap();
    assert_eq!(plan.total_bytes, plan.already_here_bytes);
    assert_eq!(site.app.images_list().await.unwrap().images.len(), 1);
}

#[tokio::test]
async fn a_job_that_is_stopped_says_so_and_leaves_no_image() {
    // Somebody who listens and never answers.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let site = Site::open();
    let reference = format!("{}/team/app:1", listener.local_addr().unwrap());
    let id = site.app.pull_start(PullStart { reference, platform: None }).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(site.app.jobs_running(), 1);
    site.app.job_stop(id);
    site.app.job_stop(999);
    assert_eq!(site.outcome(id).await, Outcome::Stopped);
    assert_eq!(site.app.jobs_running(), 0);
    assert!(site.app.images_list().await.unwrap().images.is_empty());
}

use std::sync::{Arc, Mutex};

use strata_app::api::{JobEvent, Outcome, PullManyStart, PullOfMany, PullStart, StepState, Topic};

use crate::registry::{Registry, image};
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

#[tokio::test]
async fn each_of_many_images_is_fetched_once_and_gets_all_its_tags() {
    let (registry, site) = (Registry::start().await, Site::open());
    let (one, two) = (image(1, 1_000), image(2, 1_000));
    for tag in ["1.27.3", "1.27", "latest"] {
        registry.push("test/app", tag, &one).await;
    }
    let reference = registry.push("test/app", "1.26", &two).await;
    let of = |tags: &[&str]| PullOfMany {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        platform: None,
    };
    let images = vec![of(&["1.27.3", "1.27", "latest"]), of(&["gone"]), of(&["1.26"])];
    let wanted = PullManyStart { reference: reference.clone(), images };
    let ids = site.app.pull_many_start(wanted).unwrap();
    let mut outcomes = Vec::new();
    for id in &ids {
        outcomes.push(site.outcome(*id).await);
    }
    assert!(matches!(outcomes[0], Outcome::Done { .. }), "{outcomes:?}");
    assert!(matches!(outcomes[1], Outcome::Failed { .. }), "{outcomes:?}");
    assert!(matches!(outcomes[2], Outcome::Done { .. }), "{outcomes:?}");
    let mut jobs = site.app.jobs_list();
    jobs.reverse();
    assert!(jobs[0].title.ends_with("test/app:1.27.3") && jobs[0].tags == ["1.27", "latest"]);
    assert!(jobs.iter().all(|job| job.batch.is_some() && job.batch == jobs[0].batch));
    let name = reference.strip_suffix(":1.26").unwrap();
    assert_eq!(jobs[0].batch_title.as_deref(), Some(name));
    for tag in ["1.27.3", "1.27", "latest", "1.26"] {
        assert!(site.app.image_find(&format!("{name}:{tag}"), None).await.is_ok(), "{tag}");
    }
    for (digest, _) in one.layers.iter().chain(&two.layers) {
        assert_eq!(registry.asked("GET", &digest.to_string()).len(), 1);
    }
    let manifest = one.manifest_digest.to_string();
    assert_eq!(registry.asked("GET", &format!("manifests/{manifest}")).len(), 1);
}

#[tokio::test]
async fn of_many_images_none_is_queued_if_one_cannot_be_asked_for() {
    let site = Site::open();
    for (tags, platform) in
        [(vec!["a b"], None), (vec![], None), (vec!["1"], Some("amd64/amd64/x/y"))]
    {
        let tags = tags.into_iter().map(str::to_owned).collect();
        let platform = platform.map(str::to_owned);
        let good = PullOfMany { tags: vec!["2".to_owned()], platform: None };
        let images = vec![good, PullOfMany { tags, platform }];
        let wanted = PullManyStart { reference: "localhost:1/app".to_owned(), images };
        assert!(site.app.pull_many_start(wanted).is_err());
    }
    assert!(site.app.jobs_list().is_empty());
}

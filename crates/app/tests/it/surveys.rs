use strata_app::api::{
    ErrorCode, JobKind, Outcome, PullManyStart, PullOfMany, Selection, StepState, Survey,
};
use strata_testkit::{BuiltImage, Image, Layer, Packing, noise};

use crate::registry::{Registry, architecture, image_for};
use crate::site::Site;

fn all_of(reference: &str) -> Selection {
    Selection {
        reference: reference.to_owned(),
        tags: Vec::new(),
        platforms: Vec::new(),
        all_platforms: false,
    }
}

async fn survey(site: &Site, selection: Selection) -> Survey {
    let id = site.app.survey_start(selection).unwrap();
    match site.outcome(id).await {
        Outcome::Surveyed { survey } => survey,
        other => panic!("{other:?}"),
    }
}

/// Two layers; the lower one is the same for all.
fn on_base(seed: u64) -> BuiltImage {
    let base = Layer::new().file("base", noise(99, 10_000)).tar();
    let own = Layer::new().file("own", noise(seed, 1_000)).tar();
    Image::new()
        .platform("linux", architecture())
        .layer(base, Packing::Plain, "ADD base /")
        .layer(own, Packing::Plain, "COPY own /")
        .build()
}

fn size(image: &BuiltImage, layer: usize) -> u64 {
    let digest = &image.layers[layer].0;
    image.blobs.iter().find(|(known, _)| known == digest).unwrap().1.len() as u64
}

#[tokio::test]
async fn many_tags_are_few_images_and_each_layer_counts_once() {
    let (registry, site) = (Registry::start().await, Site::open());
    let (old, new) = (on_base(1), on_base(2));
    for tag in ["latest", "1", "1.27.3", "1.27"] {
        registry.push("test/app", tag, &new).await;
    }
    let reference = registry.push("test/app", "1.26", &old).await;
    let found = survey(&site, all_of(&reference)).await;
    assert_eq!((found.tag_count, found.images.len()), (5, 2));
    assert_eq!(found.images[0].tags, ["1.27.3", "1.27", "1", "latest"]);
    assert_eq!(found.images[1].tags, ["1.26"]);
    let (base, own) = (size(&old, 0), size(&old, 1));
    assert_eq!((found.download_bytes, found.here_bytes), (base + 2 * own, 0));
    assert!(found.images.iter().all(|image| image.total_bytes == base + own));
    assert!(found.failures.is_empty());
    site.pull(&reference).await;
    let selection = Selection {
        tags: ["latest", "1.26", "gone"].map(str::to_owned).into(),
        ..all_of(&reference)
    };
    let found = survey(&site, selection).await;
    assert_eq!((found.download_bytes, found.here_bytes), (own, base + own));
    assert_eq!(found.images[1].here_bytes, base + own);
    assert_eq!(found.failures[0].tag, "gone");
    assert_eq!(found.failures[0].error.code, ErrorCode::TagUnknown);
    let job = site.app.jobs_list().into_iter().find(|job| job.kind == JobKind::Survey).unwrap();
    let step = &job.steps[0];
    let counted = (&*step.id, step.state, step.done, step.total);
    assert_eq!(counted, ("tags", StepState::Done, 3, Some(3)));
}

#[tokio::test]
async fn all_platforms_or_some_are_chosen_and_pulled_under_one_name() {
    let (registry, site) = (Registry::start().await, Site::open());
    let mut entries = Vec::new();
    for (seed, architecture) in [(1, "amd64"), (2, "arm64"), (3, "s390x")] {
        let image = image_for(architecture, seed, 1_000);
        let digest = image.manifest_digest.to_string();
        registry.push("test/app", &digest, &image).await;
        entries.push(serde_json::json!({
            "mediaType": image.media_type, "digest": digest, "size": image.manifest.len(),
            "platform": { "os": "linux", "architecture": architecture }
        }));
    }
    let media_type = "application/vnd.oci.image.index.v1+json";
    let index =
        serde_json::json!({ "schemaVersion": 2, "mediaType": media_type, "manifests": entries });
    registry.put("test/app", "1.0", media_type, index.to_string().as_bytes()).await;
    let reference = format!("{}/test/app:1.0", registry.server.address());
    let platforms = |found: &Survey| -> Vec<String> {
        found.images.iter().map(|image| image.platform.clone()).collect()
    };
    let found = survey(&site, Selection { all_platforms: true, ..all_of(&reference) }).await;
    assert_eq!(platforms(&found), ["linux/amd64", "linux/arm64", "linux/s390x"]);
    let some = ["linux/s390x", "linux/riscv64"].map(str::to_owned).to_vec();
    let some = survey(&site, Selection { platforms: some, ..all_of(&reference) }).await;
    assert_eq!(platforms(&some), ["linux/s390x"]);
    assert_eq!(some.failures[0].error.code, ErrorCode::PlatformMissing);
    let images = found
        .images
        .into_iter()
        .map(|image| PullOfMany { tags: image.tags, platform: Some(image.platform) });
    let wanted = PullManyStart { reference: reference.clone(), images: images.collect() };
    for id in site.app.pull_many_start(wanted).unwrap() {
        assert!(matches!(site.outcome(id).await, Outcome::Done { .. }));
    }
    for architecture in ["amd64", "arm64", "s390x"] {
        let platform = format!("linux/{architecture}");
        let image = site.app.image_find(&reference, Some(&platform)).await.unwrap();
        assert_eq!(image.summary.platform, platform);
    }
}

#[tokio::test]
async fn what_is_no_selection_is_refused_before_anyone_is_asked() {
    let site = Site::open();
    let app = "localhost:1/app";
    let tags = Selection { tags: vec!["a b".to_owned()], ..all_of(app) };
    let platforms = Selection { platforms: vec!["amd64/x/y/z".to_owned()], ..all_of(app) };
    for wanted in [all_of("Not A Name"), tags, platforms] {
        assert!(site.app.survey_start(wanted).is_err());
    }
    assert!(site.app.jobs_list().is_empty());
}

#[tokio::test]
async fn a_survey_is_stopped_like_any_job() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let site = Site::open();
    let reference = format!("{}/team/app", listener.local_addr().unwrap());
    let id = site.app.survey_start(all_of(&reference)).unwrap();
    assert_eq!(site.app.jobs_running(), 1);
    site.app.job_pause(id);
    site.app.job_stop(id);
    assert_eq!(site.outcome(id).await, Outcome::Stopped);
}

#[tokio::test]
async fn a_tag_that_is_for_another_platform_alone_is_told_by_its_own_name() {
    let (registry, site) = (Registry::start().await, Site::open());
    let reference = registry.push("test/app", "latest", &image_for(architecture(), 1, 100)).await;
    registry.push("test/app", "foreign", &image_for("s390x", 2, 100)).await;
    let mut wanted = all_of(&reference);
    wanted.platforms = vec![format!("linux/{}", architecture())];
    let found = survey(&site, wanted).await;
    let told: Vec<_> = found.failures.iter().map(|failure| &failure.error.subject).collect();
    let expected = reference.replace("latest", "foreign");
    assert_eq!(told, [&Some(expected)], "{found:?}");
}

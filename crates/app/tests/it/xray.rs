use strata_app::api::{
    JobKind, Outcome, PullStart, XrayOutcome, XrayPurpose, XrayRead, XrayScope, XraySigned,
};
use strata_registry::{Fault, Faults};

use crate::registry::{Registry, image};
use crate::site::Site;

const PASSWORD: &str = "hunter2-secret";
/// The user `me` with that password, as a file of Docker's has it.
const LOGIN: &str = "bWU6aHVudGVyMi1zZWNyZXQ=";

#[tokio::test]
async fn a_pull_is_a_ladder_from_challenge_to_blob_without_a_secret() {
    let registry = Registry::start().await;
    let address = registry.server.address().to_string();
    let site = Site::with_login(&address, LOGIN);
    let reference = registry.push("test/app", "1", &image(1, 60_000)).await;
    let (username, password) = ("me".to_owned(), PASSWORD.to_owned());
    let login = Fault::TokenLogin { username, password };
    let cut = Fault::Cut { after: 30_000 };
    registry.fail(Faults::none().always("/v2/", login).times(1, "GET /test/app/blobs/", cut));
    let wanted = PullStart { reference: reference.clone(), platform: None };
    let id = site.app.pull_start(wanted).unwrap();
    assert!(matches!(site.outcome(id).await, Outcome::Done { .. }));
    let scope = XrayScope::Job { id };
    let ladder = site.app.xray_read(XrayRead { scope, since: 0 }).unwrap();
    let has = |purpose, outcome| {
        ladder.requests.iter().any(|one| one.purpose == purpose && one.outcome == outcome)
    };
    assert!(has(XrayPurpose::Manifest, XrayOutcome::Challenged), "{ladder:#?}");
    assert!(has(XrayPurpose::Token, XrayOutcome::Answered), "{ladder:#?}");
    assert!(has(XrayPurpose::Manifest, XrayOutcome::Answered), "{ladder:#?}");
    assert!(has(XrayPurpose::Blob, XrayOutcome::Answered), "{ladder:#?}");
    let signed: Vec<_> = ladder.requests.iter().map(|one| (one.purpose, one.signed)).collect();
    assert!(signed.contains(&(XrayPurpose::Token, XraySigned::Basic)), "{signed:?}");
    assert!(signed.contains(&(XrayPurpose::Blob, XraySigned::Bearer)), "{signed:?}");
    assert!(ladder.requests.iter().all(|one| one.registry == address), "{ladder:#?}");
    let told = serde_json::to_string(&ladder).unwrap();
    let secrets = [PASSWORD, LOGIN, "Authorization", "authorization"];
    for secret in secrets {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
    let later = XrayRead { scope, since: ladder.version };
    assert!(site.app.xray_read(later).unwrap().requests.is_empty());
}

#[tokio::test]
async fn a_look_is_told_beside_the_jobs() {
    let (site, address) = Site::with_practice().await;
    let reference = format!("{address}/practice/hello:1.0");
    site.app.look(&reference, None).await.unwrap();
    site.app.tags_list(&reference).await.unwrap();
    let session = XrayRead { scope: XrayScope::Session, since: 0 };
    let ladder = site.app.xray_read(session).unwrap();
    let purposes: Vec<_> = ladder.requests.iter().map(|one| one.purpose).collect();
    for purpose in [XrayPurpose::Manifest, XrayPurpose::Blob, XrayPurpose::Tags] {
        assert!(purposes.contains(&purpose), "{purposes:?}");
    }
    site.pull(&reference).await;
    let job = site.app.jobs_list().into_iter().find(|job| job.kind == JobKind::Pull).unwrap();
    let pulled = XrayRead { scope: XrayScope::Job { id: job.id }, since: 0 };
    assert!(!site.app.xray_read(pulled).unwrap().requests.is_empty());
    assert_eq!(site.app.xray_read(session).unwrap().total, ladder.total);
    let unknown = XrayRead { scope: XrayScope::Job { id: 999 }, since: 0 };
    assert!(site.app.xray_read(unknown).is_err());
}

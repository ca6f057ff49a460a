use strata_app::api::{Action, ErrorCode, Outcome, PullStart, UserError};
use strata_app::words::Words;

use crate::registry::Registry;
use crate::site::Site;

/// What nothing has.
const NO_DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

async fn failure(site: &Site, reference: &str, platform: Option<&str>) -> UserError {
    match site.pull_for(reference, platform).await {
        Outcome::Failed { error } => error,
        other => panic!("{reference}: {other:?}"),
    }
}

#[tokio::test]
async fn each_failure_has_its_code_its_subject_and_what_can_be_done() {
    let (site, address) = Site::with_practice().await;
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().to_string()
    };
    let cases = [
        ("nowhere.invalid/team/app:1".to_owned(), ErrorCode::HostUnknown, "nowhere.invalid"),
        (format!("{closed}/team/app:1"), ErrorCode::Unreachable, closed.as_str()),
        (format!("{address}/practice/nowhere:1"), ErrorCode::RepositoryUnknown, "practice/nowhere"),
        (format!("{address}/practice/hello:9"), ErrorCode::TagUnknown, "practice/hello:9"),
        (format!("{address}/practice/hello@{NO_DIGEST}"), ErrorCode::DigestUnknown, NO_DIGEST),
    ];
    for (reference, code, subject) in cases {
        let error = failure(&site, &reference, None).await;
        assert_eq!(error.code, code, "{reference}: {error:?}");
        assert!(error.subject.as_deref().unwrap().contains(subject), "{error:?}");
        assert!(!error.causes.is_empty(), "{error:?}");
    }
}

#[tokio::test]
async fn an_index_without_images_is_told_to_be_one() {
    let (registry, site) = (Registry::start().await, Site::open());
    let kind = "application/vnd.oci.image.index.v1+json";
    let index = serde_json::json!({ "schemaVersion": 2, "mediaType": kind, "manifests": [] });
    registry.put("test/empty", "1", kind, index.to_string().as_bytes()).await;
    let reference = format!("{}/test/empty:1", registry.server.address());
    let error = failure(&site, &reference, None).await;
    assert_eq!(error.code, ErrorCode::IndexEmpty, "{error:?}");
    assert!(error.actions.is_empty(), "there is no platform to choose");
}

#[tokio::test]
async fn what_was_typed_is_refused_before_anyone_is_asked() {
    let site = Site::open();
    let start = |reference: &str, platform: Option<&str>| {
        let platform = platform.map(str::to_owned);
        site.app.pull_start(PullStart { reference: reference.to_owned(), platform }).unwrap_err()
    };
    for text in ["", "Not A Name", "a/../b", "x:y:z", "https://example.com/x"] {
        let error = start(text, None);
        assert_eq!(error.code, ErrorCode::ReferenceInvalid, "{text}");
        assert!(error.params.contains_key("reason"), "{text}");
    }
    assert_eq!(start("nginx", Some("no platform")).code, ErrorCode::PlatformMissing);
    assert!(site.app.jobs_list().is_empty());
}

#[tokio::test]
async fn a_registry_that_wants_a_login_is_told_from_one_that_refuses_it() {
    let asked = wants_login().await;
    let site = Site::open();
    let reference = format!("{asked}/team/app:1");
    let error = failure(&site, &reference, None).await;
    assert_eq!(error.code, ErrorCode::SignInNeeded, "{error:?}");
    assert_eq!(error.actions, [Action::SignIn { registry: asked.clone() }]);
    let who = strata_app::api::SignIn {
        registry: asked,
        username: "me".to_owned(),
        password: "hunter2-secret".to_owned(),
        keep: strata_app::api::LoginPlace::Session,
    };
    let error = site.app.sign_in(who).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::LoginRefused, "{error:?}");
    let said = Words::of("en").error(&error).what;
    assert!(!said.contains(" .") && !said.contains("see"), "no repository was asked for: {said}");
    assert!(!format!("{error:?}").contains("hunter2-secret"));
    let error = failure(&site, &reference, None).await;
    assert_eq!(error.code, ErrorCode::SignInNeeded, "what was refused is not kept: {error:?}");
}

/// A registry that accepts nobody.
async fn wants_login() -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let answer = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            // What is asked does not matter.
            let _asked = stream.read(&mut asked).await;
            stream.write_all(answer.as_bytes()).await.ok();
        }
    });
    address
}

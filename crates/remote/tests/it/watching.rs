//! What those who watch are told, and what they are not.

use std::sync::{Arc, Mutex};

use strata_remote::{AnswerKind, Answered, Asked, Purpose, RemoteError, Signed, Watcher};

use crate::images::{blob, layer, manifest, served};
use crate::server::{Reply, Server, client, client_with, password};

#[derive(Default)]
struct Notebook {
    asked: Mutex<Vec<Asked>>,
    answered: Mutex<Vec<(u64, Answered)>>,
    received: Mutex<Vec<(u64, u64)>>,
}

impl Watcher for Notebook {
    fn began(&self, asked: &Asked) {
        self.asked.lock().unwrap().push(asked.clone());
    }

    fn answered(&self, id: u64, answered: &Answered) {
        self.answered.lock().unwrap().push((id, answered.clone()));
    }

    fn received(&self, id: u64, bytes: u64) {
        self.received.lock().unwrap().push((id, bytes));
    }
}

#[tokio::test]
async fn every_request_is_told_and_no_secret_is() {
    const SECRETS: [&str; 4] = ["hunter2", "t0ken", "s1gned", "aHVudGVy"];
    let content = blob(3000);
    let store = Server::start({
        let content = content.clone();
        move |_| Reply::ok(content.as_slice())
    });
    let elsewhere = store.url("/bucket/blob?X-Amz-Signature=s1gned");
    let server = Server::start(move |asked| {
        let host = asked.header("host").unwrap_or_default();
        if asked.target.starts_with("/token") {
            return Reply::ok(r#"{"token": "t0ken"}"#);
        }
        if asked.header("authorization") != Some("Bearer t0ken") {
            let offer = format!("Bearer realm=\"http://{host}/token\",service=\"s\"");
            return Reply::error(401, "UNAUTHORIZED", "who?").with("WWW-Authenticate", &offer);
        }
        if asked.target.contains("/blobs/") {
            return Reply::redirect(&elsewhere);
        }
        served(&manifest("a")).with("X-Request-Id", "r-1").with("Warning", "299 - \"moving soon\"")
    });
    let notebook = Arc::new(Notebook::default());
    let client = client_with(password("me", "hunter2")).watched(Arc::clone(&notebook) as _);
    let reference = server.reference("app:1");
    client.fetch_manifest(&reference).await.unwrap();
    let mut stream = client.fetch_blob(&reference, &layer(&content), 0).await.unwrap();
    while stream.next().await.unwrap().is_some() {}
    drop(stream);
    let asked = notebook.asked.lock().unwrap();
    let told: Vec<_> = asked.iter().map(|asked| (asked.purpose, asked.signed)).collect();
    let expected = [
        (Purpose::Manifest, Signed::No),
        (Purpose::Token, Signed::Basic),
        (Purpose::Manifest, Signed::Bearer),
        (Purpose::Blob, Signed::Bearer),
        (Purpose::Blob, Signed::No),
    ];
    assert_eq!(told, expected);
    assert_eq!((asked[0].repository.as_str(), asked[0].subject.as_deref()), ("app", Some("1")));
    assert_eq!(asked[4].path, "/bucket/blob?X-Amz-Signature=…");
    let answered = notebook.answered.lock().unwrap();
    let kinds: Vec<_> = answered.iter().map(|(_, answer)| answer.kind.clone()).collect();
    let host = store.address.to_string();
    let expected = [
        AnswerKind::Challenge { schemes: vec!["bearer".to_owned()] },
        AnswerKind::Ok,
        AnswerKind::Ok,
        AnswerKind::Redirect { host, leaves: true },
        AnswerKind::Ok,
    ];
    assert_eq!(kinds, expected);
    assert_eq!(answered[4].1.bytes_announced, Some(3000));
    assert_eq!(answered[2].1.request_id.as_deref(), Some("r-1"));
    assert_eq!(answered[2].1.warnings, ["moving soon"]);
    assert_eq!(client.warnings(reference.registry()), ["moving soon"]);
    assert_eq!(notebook.received.lock().unwrap().last(), Some(&(asked[4].id, 3000)));
    let all = format!("{asked:?} {answered:?}");
    for secret in SECRETS {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_registry_tells_its_limit_and_is_asked_for_it_by_head() {
    let server = Server::start(|_| {
        served(&manifest("a"))
            .with("RateLimit-Limit", "100;w=21600")
            .with("RateLimit-Remaining", "83;w=21600")
            .with("Docker-RateLimit-Source", "192.0.2.7")
    });
    let client = client();
    let reference = server.reference("app:1");
    assert_eq!(client.rate_limit(reference.registry()), None);
    let limit = client.ask_rate_limit(&reference).await.unwrap().unwrap();
    assert_eq!((limit.limit, limit.remaining, limit.by_address), (100, 83, Some(true)));
    assert_eq!((server.count("HEAD"), server.count("GET")), (1, 0));
}

#[tokio::test]
async fn repositories_are_listed_page_by_page_where_a_registry_lists_them() {
    use strata_remote::CatalogPage;
    let server = Server::start(|asked| match asked.target.as_str() {
        "/v2/_catalog?n=2" => Reply::ok(r#"{"repositories": ["a", "../b", "<i>"]}"#)
            .with("Link", "</v2/_catalog?n=2&last=b>; rel=next"),
        _ => Reply::ok(r#"{"repositories": ["team/c"]}"#),
    });
    let registry = server.address.to_string();
    let first = CatalogPage::First { limit: 2 };
    let page = client().repositories(&registry, &first).await.unwrap();
    assert_eq!(page.names, ["a"]);
    let next = CatalogPage::Next(page.next.unwrap());
    assert_eq!(client().repositories(&registry, &next).await.unwrap().names, ["team/c"]);
    for status in [403, 404, 405] {
        let closed = Server::start(move |_| Reply::error(status, "UNSUPPORTED", "no"));
        let error = client().repositories(&closed.address.to_string(), &first).await.unwrap_err();
        assert!(matches!(error, RemoteError::NoCatalog { .. }), "{status} {error}");
    }
}

#[tokio::test]
async fn a_catalog_needs_a_leave_of_its_own() {
    use strata_remote::CatalogPage;
    let server = Server::start(|asked| {
        let host = asked.header("host").unwrap_or_default();
        if asked.target.starts_with("/token") {
            return Reply::ok(r#"{"token": "t"}"#);
        }
        match asked.header("authorization") {
            Some(_) => Reply::ok(r#"{"repositories": ["a"]}"#),
            None => Reply::new(401, "")
                .with("WWW-Authenticate", &format!("Bearer realm=\"http://{host}/token\"")),
        }
    });
    let first = CatalogPage::First { limit: 2 };
    client().repositories(&server.address.to_string(), &first).await.unwrap();
    let tokens: Vec<_> =
        server.asked().into_iter().filter(|asked| asked.target.starts_with("/token")).collect();
    assert!(tokens[0].target.contains("scope=registry%3Acatalog%3A*"), "{}", tokens[0].target);
}

#[tokio::test]
async fn a_catalog_that_a_login_does_not_open_is_not_there() {
    use strata_remote::CatalogPage;
    let server = Server::start(|asked| {
        let host = asked.header("host").unwrap_or_default();
        match asked.target.starts_with("/token") {
            true => Reply::ok(r#"{"token": "t"}"#),
            false => Reply::new(401, "")
                .with("WWW-Authenticate", &format!("Bearer realm=\"http://{host}/token\"")),
        }
    });
    let registry = server.address.to_string();
    let first = CatalogPage::First { limit: 2 };
    let known = client_with(password("me", "pw")).repositories(&registry, &first).await;
    assert!(matches!(known, Err(RemoteError::NoCatalog { .. })), "{known:?}");
    let unknown = client().repositories(&registry, &first).await;
    assert!(matches!(unknown, Err(RemoteError::Unauthorized { .. })), "{unknown:?}");
}

#[tokio::test]
async fn a_token_service_that_refuses_a_catalog_refuses_us() {
    use strata_remote::CatalogPage;
    let server = Server::start(|asked| {
        let host = asked.header("host").unwrap_or_default();
        match asked.target.starts_with("/token") {
            true => Reply::error(403, "DENIED", "no"),
            false => Reply::new(401, "")
                .with("WWW-Authenticate", &format!("Bearer realm=\"http://{host}/token\"")),
        }
    });
    let first = CatalogPage::First { limit: 2 };
    let answer = client().repositories(&server.address.to_string(), &first).await;
    assert!(matches!(answer, Err(RemoteError::Unauthorized { .. })), "{answer:?}");
}

#[tokio::test]
async fn what_failed_is_told_too_with_as_much_of_it_as_came() {
    let server = Server::start(|asked| match asked.earlier {
        0 => Reply::error(429, "TOOMANYREQUESTS", "slow down").with("Retry-After", "0"),
        1 => served(&manifest("a")).cut(20),
        _ => served(&manifest("a")),
    });
    let notebook = Arc::new(Notebook::default());
    let client = client().watched(Arc::clone(&notebook) as _);
    client.fetch_manifest(&server.reference("app:1")).await.unwrap();
    let answered = notebook.answered.lock().unwrap();
    let kinds: Vec<_> = answered.iter().map(|(_, answer)| answer.kind.clone()).collect();
    assert_eq!(kinds, [AnswerKind::RateLimited, AnswerKind::Ok, AnswerKind::Ok]);
    assert_eq!(answered[0].1.retry_after, Some(std::time::Duration::ZERO));
    let received = notebook.received.lock().unwrap();
    let of =
        |at: usize| received.iter().find(|(id, _)| *id == answered[at].0).map(|(_, came)| *came);
    let whole = manifest("a").len() as u64;
    assert_eq!(of(1), Some(20));
    assert_eq!(of(2), Some(whole));
    assert!(of(0).is_some_and(|came| came > 0));
}

#[tokio::test]
async fn a_redirect_to_what_is_no_address_tells_no_secret() {
    let server = Server::start(|_| {
        Reply::redirect("http://me:hunter2@[cdn.example/blob?X-Amz-Signature=s1gned#s1gned")
    });
    let notebook = Arc::new(Notebook::default());
    let client = client().watched(Arc::clone(&notebook) as _);
    let error = client.fetch_manifest(&server.reference("app:1")).await.unwrap_err();
    let RemoteError::RedirectRefused { to, .. } = &error else { panic!("{error}") };
    assert_eq!(to, "[cdn.example/blob");
    let all = format!("{:?} {error:?} {error}", notebook.answered.lock().unwrap());
    assert!(!all.contains("s1gned") && !all.contains("hunter2"), "{all}");
}

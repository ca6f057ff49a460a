//! What is tried again, and what is told at once.

use std::time::Duration;

use strata_remote::RemoteError;

use crate::images::{manifest, served};
use crate::server::{Reply, Server, client};

#[tokio::test]
async fn a_busy_registry_is_asked_again() {
    for status in [429, 500, 502, 503, 504] {
        let server = Server::start(move |asked| match asked.earlier {
            0 | 1 => Reply::new(status, "").with("Retry-After", "0"),
            _ => served(&manifest("a")),
        });
        client().fetch_manifest(&server.reference("app:1")).await.unwrap();
        assert_eq!(server.asked().len(), 3, "{status}");
    }
}

#[tokio::test]
async fn a_long_wait_is_told_and_not_waited() {
    for status in [429, 503] {
        let server = Server::start(move |_| {
            Reply::error(status, "TOOMANYREQUESTS", "slow down").with("Retry-After", "86400")
        });
        let error = client().fetch_manifest(&server.reference("app:1")).await.unwrap_err();
        let (RemoteError::RateLimited { retry_after, words, .. }
        | RemoteError::Server { retry_after, words, .. }) = error
        else {
            panic!("{error}")
        };
        assert_eq!(retry_after, Some(Duration::from_secs(86_400)));
        assert_eq!(words.text(), Some("slow down"));
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_broken_registry_is_given_up() {
    let server = Server::start(|_| Reply::new(500, "<html>oops").with("Content-Type", "text/html"));
    let error = client().resolve(&server.reference("app:1")).await.unwrap_err();
    let RemoteError::Server { status, words, .. } = error else { panic!("{error}") };
    assert_eq!((status, words.text()), (500, None));
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn a_refusal_is_told_at_once_with_the_registrys_words() {
    let server = Server::start(|_| Reply::error(403, "DENIED", "<b>no</b>\u{1b}[2J"));
    let error = client().fetch_manifest(&server.reference("app:1")).await.unwrap_err();
    let RemoteError::Denied { words, .. } = &error else { panic!("{error}") };
    assert_eq!(words.text(), Some("<b>no</b>\u{fffd}[2J"));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_document_that_breaks_off_is_asked_for_again() {
    let server = Server::start(|asked| match asked.earlier {
        0 => served(&manifest("a")).cut(20),
        1 => Reply::nothing(),
        _ => served(&manifest("a")),
    });
    client().fetch_manifest(&server.reference("app:1")).await.unwrap();
    assert_eq!(server.asked().len(), 3);
}

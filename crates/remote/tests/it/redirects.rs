//! Redirects: followed, but never with a login into other hands.

use strata_remote::RemoteError;

use crate::images::{blob, layer, manifest, served};
use crate::server::{Reply, Server, client, client_with, password};

/// A registry that wants Basic and sends every blob to `target`.
fn sends_to(target: String) -> Server {
    Server::start(move |asked| match asked.header("authorization") {
        _ if asked.target == "/back" => Reply::ok(blob(9)),
        None => Reply::new(401, "").with("WWW-Authenticate", "Basic realm=x"),
        Some(_) => Reply::redirect(&target),
    })
}

#[tokio::test]
async fn the_login_stays_behind_when_a_blob_is_elsewhere() {
    let other = Server::start(|_| Reply::ok(blob(9)));
    let target = format!("http://localhost:{}/signed?secret=1", other.address.port());
    for target in [target, other.url("/signed?secret=1")] {
        let server = sends_to(target);
        let client = client_with(password("me", "pw"));
        let mut stream =
            client.fetch_blob(&server.reference("app"), &layer(&blob(9)), 0).await.unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap(), blob(9));
    }
    let asked = other.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|asked| asked.header("authorization").is_none()));
    assert!(asked.iter().all(|asked| asked.header("cookie").is_none()));
}

#[tokio::test]
async fn the_login_does_not_come_back_by_a_strangers_word() {
    let home = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let back = std::sync::Arc::clone(&home);
    let other = Server::start(move |_| Reply::redirect(back.get().unwrap()));
    let server = sends_to(other.url("/bounce"));
    home.set(server.url("/back")).unwrap();
    let client = client_with(password("me", "pw"));
    let mut stream =
        client.fetch_blob(&server.reference("app"), &layer(&blob(9)), 0).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), blob(9));
    let asked = server.asked();
    let last = asked.last().unwrap();
    assert_eq!((last.target.as_str(), last.header("authorization")), ("/back", None));
}

#[tokio::test]
async fn a_stranger_that_wants_a_login_gets_none() {
    let other =
        Server::start(|_| Reply::new(401, "").with("WWW-Authenticate", "Basic realm=\"give me\""));
    let server = sends_to(other.url("/signed"));
    let client = client_with(password("me", "pw"));
    let error =
        client.fetch_blob(&server.reference("app"), &layer(&blob(9)), 0).await.err().unwrap();
    assert!(matches!(error, RemoteError::Unexpected { status: 401, .. }), "{error}");
    assert_eq!(other.asked().len(), 1);
    assert_eq!(other.asked()[0].header("authorization"), None);
}

#[tokio::test]
async fn redirects_out_of_http_are_refused() {
    for target in
        ["file:///etc/hostname", "ftp://127.0.0.1/x", "http://me:pw@127.0.0.1/x", "http://"]
    {
        let server = Server::start(move |_| Reply::redirect(target));
        let error = client().fetch_manifest(&server.reference("app")).await.unwrap_err();
        assert!(matches!(error, RemoteError::RedirectRefused { .. }), "{target}: {error}");
        assert!(!error.to_string().contains("pw"), "{error}");
    }
}

#[tokio::test]
async fn redirects_have_an_end() {
    let server = Server::start(|asked| Reply::redirect(&asked.target));
    let error = client().fetch_manifest(&server.reference("app")).await.unwrap_err();
    assert!(matches!(error, RemoteError::RedirectRefused { .. }), "{error}");
    assert_eq!(server.asked().len(), 6);
}

#[tokio::test]
async fn a_relative_redirect_keeps_the_login() {
    let server = Server::start(|asked| match asked.header("authorization") {
        None => Reply::new(401, "").with("WWW-Authenticate", "Basic realm=x"),
        Some(_) if asked.target == "/elsewhere" => served(&manifest("a")),
        Some(_) => Reply::redirect("/elsewhere"),
    });
    let client = client_with(password("me", "pw"));
    assert!(client.fetch_manifest(&server.reference("app:1")).await.is_ok());
}

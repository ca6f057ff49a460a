//! No host, no port, no trust, no HTTP: each has its own error.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use strata_remote::{Client, ClientOptions, ProxyChoice, RemoteError};
use strata_spec::Reference;
use strata_testkit::TestCa;

use crate::server::{Reply, Server, client, options};

#[tokio::test]
async fn a_host_that_does_not_exist_is_unknown() {
    let reference = Reference::parse("registry.invalid/app").unwrap();
    let direct = Client::new(ClientOptions { proxy: ProxyChoice::None, ..options() }).unwrap();
    let error = direct.resolve(&reference).await.unwrap_err();
    let RemoteError::HostUnknown { host, .. } = error else { panic!("{error}") };
    assert_eq!(host, "registry.invalid");
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = client().ping(&format!("127.0.0.1:{port}")).await.unwrap_err();
    let RemoteError::Unreachable { host, reason, .. } = error else { panic!("{error}") };
    assert_eq!(host, format!("127.0.0.1:{port}"));
    assert!(!reason.is_empty());
}

#[tokio::test]
async fn what_is_not_http_is_given_up() {
    let garbage = Server::start(|_| Reply {
        raw: Some(b"\x16\x03\x01 hello\r\n\r\n".to_vec()),
        ..Reply::ok("")
    });
    let silent = Server::start(|_| Reply::nothing());
    let flood = Server::start(|_| {
        (0..20_000).fold(Reply::ok("{}"), |reply, at| reply.with(&format!("X-Flood-{at}"), "x"))
    });
    for server in [garbage, silent, flood] {
        let error = client().ping(&server.address.to_string()).await.unwrap_err();
        assert!(matches!(error, RemoteError::Interrupted { received: 0, .. }), "{error}");
        assert_eq!(server.asked().len(), 4);
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_not_trusted() {
    let server = Server::start(|_| Reply::ok("{}"));
    let registry = server.address.to_string();
    let with_tls = ClientOptions { tls: vec![registry.clone()], ..options() };
    let error = Client::new(with_tls).unwrap().ping(&registry).await.unwrap_err();
    assert!(matches!(error, RemoteError::Tls { .. }), "{error}");
    assert_eq!(server.count("GET"), 0);
}

#[tokio::test]
async fn an_authority_of_its_own_is_trusted_only_where_told() {
    let folder = tempfile::tempdir().unwrap();
    let authority = TestCa::new("ours");
    let server = Server::start_tls(&authority.server(&["127.0.0.1"]), None, |_| Reply::ok("{}"));
    let registry = server.address.to_string();
    let tls = vec![registry.clone()];
    let strict = Client::new(ClientOptions { tls: tls.clone(), ..options() }).unwrap();
    let refused = strict.ping(&registry).await.unwrap_err();
    let RemoteError::Tls { reason, .. } = &refused else { panic!("{refused}") };
    assert!(reason.contains("certificate"), "{reason}");
    let path = folder.path().join("ca.pem");
    fs::write(&path, authority.pem()).unwrap();
    let told = Client::new(ClientOptions { tls, extra_ca: vec![path], ..options() }).unwrap();
    told.ping(&registry).await.unwrap();
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_registry_that_wants_tls_is_not_asked_for_anything_else() {
    for words in [
        "Client sent an HTTP request to an HTTPS server.\n",
        "<title>400 The plain HTTP request was sent to HTTPS port</title>",
    ] {
        let server = Server::start(move |_| Reply::new(400, words));
        let error = client().fetch_manifest(&server.reference("app:1")).await.unwrap_err();
        let RemoteError::SpeaksTls { host } = error else { panic!("{error}") };
        assert_eq!((host, server.asked().len()), (server.address.to_string(), 1));
    }
}

#[tokio::test]
async fn a_file_without_certificates_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let with = |path: &Path| ClientOptions { extra_ca: vec![path.to_owned()], ..options() };
    let missing = Client::new(with(&path)).err().unwrap();
    assert!(matches!(missing, RemoteError::CertificateFile { .. }), "{missing}");
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----"]
    {
        fs::write(&path, text).unwrap();
        assert!(Client::new(with(&path)).is_err(), "{text}");
    }
}

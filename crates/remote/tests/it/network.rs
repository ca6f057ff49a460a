//! No host, no port, no trust, no HTTP: each has its own error.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use strata_remote::{Client, ClientOptions, ProxyChoice, RemoteError};
use strata_spec::Reference;

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
async fn a_certificate_of_its_own_is_trusted_only_where_told() {
    let folder = tempfile::tempdir().unwrap();
    let Some((mut server, registry)) = openssl_server(folder.path()) else {
        println!("skipped: openssl is not here or does not serve");
        return;
    };
    let tls = vec![registry.clone()];
    let strict = Client::new(ClientOptions { tls: tls.clone(), ..options() }).unwrap();
    let refused = strict.ping(&registry).await.unwrap_err();
    let extra_ca = vec![folder.path().join("cert.pem")];
    let told = Client::new(ClientOptions { tls, extra_ca, ..options() }).unwrap();
    let page = told.ping(&registry).await.unwrap_err();
    server.kill().unwrap();
    server.wait().unwrap();
    let RemoteError::Tls { reason, .. } = &refused else { panic!("{refused}") };
    assert!(reason.contains("certificate"), "{reason}");
    // Its status page: we are through.
    assert!(matches!(page, RemoteError::NotARegistry { .. }), "{page}");
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

/// A TLS server with a certificate that only itself has signed, on a free port.
fn openssl_server(folder: &Path) -> Option<(Child, String)> {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .args([
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
        ])
        .current_dir(folder)
        .stderr(Stdio::null())
        .status()
        .ok()?;
    if !made.success() {
        return None;
    }
    let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let mut server = Command::new("openssl")
        .args(["s_server", "-www", "-key", "key.pem", "-cert", "cert.pem", "-accept"])
        .arg(format!("127.0.0.1:{port}"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    for _ in 0..100 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some((server, format!("localhost:{port}")));
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let _ = server.kill();
    let _ = server.wait();
    None
}

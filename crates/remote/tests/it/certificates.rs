//! Certificates for single hosts: whom we trust, and who we are, each where it was said and nowhere else.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use strata_remote::{Client, ClientOptions, RemoteError, TrustedRealm};
use strata_testkit::{Pair, TestCa};

use crate::images::{blob, layer, manifest, served};
use crate::server::{Asked, Reply, Server, options, password};

const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A client that speaks TLS with these servers on loopback, and looks for certificates in `places`.
fn client(servers: &[&Server], places: &[&Path]) -> Client {
    Client::new(with_tls(servers, places)).unwrap()
}

fn with_tls(servers: &[&Server], places: &[&Path]) -> ClientOptions {
    ClientOptions {
        tls: servers.iter().map(|server| server.address.to_string()).collect(),
        certs_dirs: places.iter().map(|place| (*place).to_owned()).collect(),
        ..options()
    }
}

/// Writes files into the folder that `place` has for a server.
fn write(place: &Path, server: &Server, files: &[(&str, &str)]) {
    let folder = place.join(server.address.to_string());
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

fn pong(pair: &Pair, clients: Option<&TestCa>) -> Server {
    Server::start_tls(pair, clients, |_| Reply::ok("{}"))
}

async fn ping(client: &Client, server: &Server) -> Result<(), RemoteError> {
    client.ping(&server.address.to_string()).await.map(|_| ())
}

#[tokio::test]
async fn an_authority_is_trusted_for_its_host_alone() {
    let authority = TestCa::new("ours");
    let pair = authority.server(&NAMES);
    let (told, other) = (pong(&pair, None), pong(&pair, None));
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(second.path(), &told, &[("ca.crt", &authority.pem()), ("README", "no certificate")]);
    let client = client(&[&told, &other], &[first.path(), second.path()]);
    ping(&client, &told).await.unwrap();
    let refused = ping(&client, &other).await.unwrap_err();
    assert!(matches!(refused, RemoteError::Tls { .. }), "{refused}");
    assert_eq!((told.asked().len(), other.asked().len()), (1, 0));
}

#[tokio::test]
async fn the_authority_of_another_server_is_no_help() {
    let pair = TestCa::new("theirs").server(&NAMES);
    let server = pong(&pair, None);
    let place = tempfile::tempdir().unwrap();
    write(place.path(), &server, &[("ca.crt", &TestCa::new("ours").pem())]);
    let refused = ping(&client(&[&server], &[place.path()]), &server).await.unwrap_err();
    let RemoteError::Tls { reason, .. } = &refused else { panic!("{refused}") };
    assert!(reason.contains("certificate"), "{reason}");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let authority = TestCa::new("ours");
    let server = pong(&authority.server(&["registry.example"]), None);
    let place = tempfile::tempdir().unwrap();
    write(place.path(), &server, &[("ca.crt", &authority.pem())]);
    let refused = ping(&client(&[&server], &[place.path()]), &server).await.unwrap_err();
    assert!(matches!(refused, RemoteError::Tls { .. }), "{refused}");
}

#[tokio::test]
async fn we_show_who_we_are_where_a_host_wants_it() {
    let authority = TestCa::new("ours");
    let (pair, me) = (authority.server(&NAMES), authority.client("me"));
    let server = pong(&pair, Some(&authority));
    let place = tempfile::tempdir().unwrap();
    write(place.path(), &server, &[("ca.crt", &authority.pem())]);
    assert!(ping(&client(&[&server], &[place.path()]), &server).await.is_err());
    let files = [("me.cert", me.certificate_pem()), ("me.key", me.key_pem())];
    write(place.path(), &server, &files.each_ref().map(|(name, text)| (*name, text.as_str())));
    ping(&client(&[&server], &[place.path()]), &server).await.unwrap();
    assert_eq!(server.asked().len(), 1);
}

/// Two servers of one authority that ask every client who it is; it shows itself to `home` only.
#[tokio::test]
async fn our_certificate_stays_with_its_host_when_a_blob_is_elsewhere() {
    let authority = TestCa::new("ours");
    let (pair, me) = (authority.server(&NAMES), authority.client("me"));
    let away = Server::start_tls(&pair, Some(&authority), |_| Reply::ok(blob(9)));
    let target = format!("https://{}/blob", away.address);
    let home = Server::start_tls(&pair, Some(&authority), move |_| Reply::redirect(&target));
    let place = tempfile::tempdir().unwrap();
    write(
        place.path(),
        &home,
        &[
            ("ca.crt", &authority.pem()),
            ("me.cert", &me.certificate_pem()),
            ("me.key", &me.key_pem()),
        ],
    );
    write(place.path(), &away, &[("ca.crt", &authority.pem())]);
    let client = client(&[&home, &away], &[place.path()]);
    let error = client.fetch_blob(&home.reference("app"), &layer(&blob(9)), 0).await;
    assert!(error.is_err());
    assert_eq!((home.asked().is_empty(), away.asked().len()), (false, 0));
}

#[tokio::test]
async fn what_a_registry_trusts_holds_for_its_token_service_but_not_who_we_are() {
    let authority = TestCa::new("ours");
    let (pair, me) = (authority.server(&NAMES), authority.client("me"));
    let tokens = Server::start_tls(&pair, None, |asked: &Asked| match asked.header("x-client") {
        Some(_) => Reply::new(500, ""),
        None => Reply::ok(r#"{"token": "tok"}"#),
    });
    let realm = format!("https://localhost:{}/token", tokens.address.port());
    let server = Server::start_tls(&pair, Some(&authority), move |asked| {
        match asked.header("authorization") {
            Some("Bearer tok") => served(&manifest("a")),
            _ => Reply::error(401, "UNAUTHORIZED", "who?")
                .with("WWW-Authenticate", &format!("Bearer realm=\"{realm}\"")),
        }
    });
    let place = tempfile::tempdir().unwrap();
    write(
        place.path(),
        &server,
        &[
            ("ca.crt", &authority.pem()),
            ("me.cert", &me.certificate_pem()),
            ("me.key", &me.key_pem()),
        ],
    );
    let client = Client::new(ClientOptions {
        credentials: password("me", "pw"),
        trusted_realms: vec![TrustedRealm {
            registry: server.address.to_string(),
            host: format!("localhost:{}", tokens.address.port()),
        }],
        ..with_tls(&[&server, &tokens], &[place.path()])
    });
    client.unwrap().fetch_manifest(&server.reference("app:1")).await.unwrap();
    assert_eq!(tokens.asked().len(), 1);
}

#[tokio::test]
async fn a_broken_file_is_named_and_only_when_its_host_is_asked() {
    let authority = TestCa::new("ours");
    let pair = authority.server(&NAMES);
    let (broken, fine) = (pong(&pair, None), pong(&pair, None));
    let place = tempfile::tempdir().unwrap();
    write(place.path(), &fine, &[("ca.crt", &authority.pem())]);
    for (name, text) in [("bad.crt", "nothing"), ("lone.cert", &*pair.certificate_pem())] {
        write(place.path(), &broken, &[(name, text)]);
        let client = client(&[&broken, &fine], &[place.path()]);
        ping(&client, &fine).await.unwrap();
        let error = ping(&client, &broken).await.unwrap_err();
        let (RemoteError::CertificateFile { path, .. } | RemoteError::Certificate { path, .. }) =
            &error
        else {
            panic!("{error}")
        };
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        assert_eq!(stem, name.split('.').next());
        fs::remove_file(place.path().join(broken.address.to_string()).join(name)).unwrap();
    }
    assert_eq!(broken.asked().len(), 0);
}

#[tokio::test]
async fn a_literal_ipv6_address_is_a_registry_like_any_other() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        println!("skipped: this machine has no IPv6 loopback");
        return;
    }
    let content = Arc::new(blob(70_000));
    let answer = {
        let content = Arc::clone(&content);
        move |asked: &Asked| match asked.target.contains("/blobs/") {
            true => Reply::part(&content, asked),
            false => served(&manifest("six")),
        }
    };
    let plain = Server::start_at("::1", answer);
    let reference = plain.reference("team/app:1");
    assert_eq!(reference.registry(), format!("[::1]:{}", plain.address.port()));
    let client = Client::new(options()).unwrap();
    assert!(client.resolve(&reference).await.is_ok());
    client.fetch_manifest(&reference).await.unwrap();
    let mut stream = client.fetch_blob(&reference, &layer(&content), 69_990).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), content[69_990..]);
    let host = plain.asked()[0].header("host").unwrap_or_default().to_owned();
    assert_eq!(host, plain.address.to_string());
}

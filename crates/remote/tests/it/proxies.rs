//! Proxies: asked where one is chosen, and passed by where it is not.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use strata_remote::{Client, ClientOptions, ProxyChoice, RemoteError};
use strata_testkit::TestCa;

use crate::server::{Reply, Server, options};

/// A host that no resolver knows: only a proxy gets there.
const FAR: &str = "registry.invalid";
/// Says that this process is the child of a test, and which registry it shall ping.
const CHILD: &str = "STRATA_TEST_PING";

/// A proxy for `CONNECT` whose every tunnel ends at one address. Gives what it was asked for.
fn tunnel(to: SocketAddr) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let log = Arc::clone(&log);
            thread::spawn(move || connect(stream, to, &log));
        }
    });
    (address, asked)
}

fn connect(mut client: TcpStream, to: SocketAddr, log: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    log.lock().unwrap().push(head.lines().next().unwrap_or_default().to_owned());
    let mut server = TcpStream::connect(to)?;
    client.write_all(b"HTTP/1.1 200 Established\r\n\r\n")?;
    let (mut from, mut back) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || io::copy(&mut from, &mut back));
    io::copy(&mut server, &mut client)?;
    Ok(())
}

fn through(proxy: &str, no_proxy: &[&str]) -> ClientOptions {
    let no_proxy = no_proxy.iter().map(|host| (*host).to_owned()).collect();
    ClientOptions {
        proxy: ProxyChoice::Url { url: proxy.to_owned(), no_proxy },
        attempts: 1,
        ..options()
    }
}

#[tokio::test]
async fn a_registry_without_tls_is_asked_of_the_proxy_itself() {
    let proxy = Server::start(|_| Reply::ok("{}"));
    let plain = ClientOptions { plain_http: vec![FAR.to_owned()], ..through(&proxy.url(""), &[]) };
    Client::new(plain).unwrap().ping(FAR).await.unwrap();
    assert_eq!(proxy.asked()[0].target, format!("http://{FAR}/v2/"));
}

#[tokio::test]
async fn tls_goes_through_a_tunnel_that_sees_nothing_of_it() {
    let authority = TestCa::new("ours");
    let server = Server::start_tls(&authority.server(&[FAR]), None, |_| Reply::ok("{}"));
    let (proxy, asked) = tunnel(server.address);
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join(FAR)).unwrap();
    fs::write(place.path().join(FAR).join("ca.crt"), authority.pem()).unwrap();
    let certs_dirs = vec![place.path().to_owned()];
    let options = ClientOptions { certs_dirs, ..through(&format!("http://{proxy}"), &[]) };
    Client::new(options).unwrap().ping(FAR).await.unwrap();
    assert_eq!(*asked.lock().unwrap(), [format!("CONNECT {FAR}:443 HTTP/1.1")]);
    assert_eq!(server.asked()[0].target, "/v2/");
}

#[tokio::test]
async fn exceptions_and_this_machine_are_asked_without_it() {
    let proxy = Server::start(|_| Reply::ok("{}"));
    for no_proxy in [FAR, ".invalid", "other.example, invalid"] {
        let except = Client::new(through(&proxy.url(""), &[no_proxy])).unwrap();
        let error = except.ping(FAR).await.unwrap_err();
        assert!(matches!(error, RemoteError::HostUnknown { .. }), "{no_proxy}: {error}");
    }
    let near = Server::start(|_| Reply::ok("{}"));
    let client = Client::new(through(&proxy.url(""), &[])).unwrap();
    client.ping(&near.address.to_string()).await.unwrap();
    assert_eq!((proxy.asked().len(), near.asked().len()), (0, 1));
}

#[test]
fn a_proxy_that_is_no_url_is_refused() {
    let error = Client::new(through("http://", &[])).err().unwrap();
    assert!(matches!(error, RemoteError::Setup { .. }), "{error}");
}

/// Runs this test program again as [`child`], with an environment of its own.
fn ping_with(variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    {
        command.env_remove(name);
    }
    for name in ["NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).env(CHILD, FAR);
    let output = command.args(["--exact", "proxies::child", "--nocapture"]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What the environment says is read once for a process, so it takes another process to set it.
#[tokio::test]
async fn child() {
    let Ok(registry) = std::env::var(CHILD) else { return };
    let plain = ClientOptions { plain_http: vec![registry.clone()], attempts: 1, ..options() };
    let said = Client::new(plain).unwrap().ping(&registry).await;
    println!("said: {}", said.map_or_else(|error| error.to_string(), |_| "pong".to_owned()));
}

#[test]
fn the_systems_proxy_is_the_default_and_its_exceptions_hold() {
    let proxy = Server::start(|_| Reply::ok("{}"));
    let url = proxy.url("");
    assert!(ping_with(&[("http_proxy", &url)]).contains("said: pong"));
    assert_eq!(proxy.asked().len(), 1);
    let except = ping_with(&[("http_proxy", &url), ("no_proxy", FAR)]);
    assert!(except.contains("said: cannot find the host"), "{except}");
    assert_eq!(proxy.asked().len(), 1);
}

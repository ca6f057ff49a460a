//! Docker Hub made to order: its web API (search, tags) and the limit of its registry, in the formats that its
//! documentation gives ("Docker Hub API", "Usage and limits").

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::hub_pages::answer;

/// What the service has and allows.
#[derive(Debug, Clone, Default)]
pub struct HubFixture {
    /// Its repositories, in the order in which the search finds them.
    pub repositories: Vec<HubRepositoryFixture>,
    /// How many images may be pulled; any number where there is none.
    pub pulls: Option<PullLimit>,
    /// It answers nothing but 429, and asks to wait so many seconds.
    pub busy_seconds: Option<u64>,
}

/// A repository.
#[derive(Debug, Clone, Default)]
pub struct HubRepositoryFixture {
    /// Its whole name: `library/nginx`.
    pub name: String,
    /// What it says of itself.
    pub description: String,
    /// How many people like it.
    pub stars: u64,
    /// How often it was pulled.
    pub pulls: u64,
    /// Its tags.
    pub tags: Vec<HubTagFixture>,
}

/// A tag.
#[derive(Debug, Clone, Default)]
pub struct HubTagFixture {
    /// The tag.
    pub name: String,
    /// What its digest is of: tags of the same content have the same digest.
    pub content: String,
    /// When it was last pushed, RFC 3339.
    pub last_updated: String,
    /// Its platforms, `linux/arm/v7`, each with its compressed bytes.
    pub images: Vec<(String, u64)>,
}

/// How many images may be pulled.
#[derive(Debug, Clone)]
pub struct PullLimit {
    /// In one window.
    pub limit: u64,
    /// Of these, those that are left.
    pub remaining: u64,
    /// The length of the window, in seconds.
    pub window_seconds: u64,
    /// By what they are counted: an address, or an account's UUID.
    pub source: String,
}

/// A request that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubAsked {
    /// `GET`, `HEAD`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// It carried a login.
    pub signed: bool,
}

/// A running service: the web API and the registry at one address, without TLS. Its thread ends with the process.
pub struct HubServer {
    /// Where it listens.
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<HubAsked>>>,
}

impl HubServer {
    /// Listens on a free port of this machine.
    #[must_use]
    pub fn start(fixture: HubFixture) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<HubAsked>>> = Arc::default();
        let (log, fixture) = (Arc::clone(&asked), Arc::new(Mutex::new(fixture)));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, fixture) = (Arc::clone(&log), Arc::clone(&fixture));
                thread::spawn(move || serve(stream, address, &log, &fixture));
            }
        });
        Self { address, asked }
    }

    /// The root of its URLs, without a slash at its end: as a client is told of it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<HubAsked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    address: SocketAddr,
    log: &Mutex<Vec<HubAsked>>,
    fixture: &Mutex<HubFixture>,
) -> Option<()> {
    let asked = read(&stream)?;
    log.lock().unwrap().push(asked.clone());
    let answer = answer(&asked, address, &mut fixture.lock().unwrap());
    let body = answer.body.to_string();
    let mut head = format!(
        "HTTP/1.1 {} Answer\r\nConnection: close\r\nContent-Length: {}\r\n",
        answer.status,
        body.len()
    );
    for (name, value) in &answer.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    if !head.contains("Content-Type") {
        head.push_str("Content-Type: application/json\r\n");
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    match asked.method.as_str() {
        "HEAD" => Some(()),
        _ => stream.write_all(body.as_bytes()).ok(),
    }
}

fn read(stream: &TcpStream) -> Option<HubAsked> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut signed = false;
    for line in lines {
        let line = line.ok()?;
        if line.is_empty() {
            break;
        }
        signed |= line.to_ascii_lowercase().starts_with("authorization:");
    }
    Some(HubAsked { method, target, signed })
}

//! A small HTTP/1.1 server: one request a connection, each answered as the test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use strata_remote::{Client, ClientOptions, Credentials, Login, RemoteError, Secret};
use strata_spec::Reference;
use strata_testkit::{Pair, TestCa, TlsServer};

/// What a client asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// How many requests for the same method and target came before.
    pub earlier: usize,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The first byte of a `Range`.
    pub fn from(&self) -> Option<usize> {
        self.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
    }
}

/// What happens after the body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum After {
    Close,
    /// The connection stays open and quiet until the client goes away.
    Hang,
    /// The body comes one byte at a time.
    Trickle,
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// What `Content-Length` says; `None` for no such header.
    pub length: Option<usize>,
    pub after: After,
    /// Sent instead of all that.
    pub raw: Option<Vec<u8>>,
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let length = Some(body.len());
        Self { status, headers: Vec::new(), body, length, after: After::Close, raw: None }
    }

    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body)
    }

    /// An error document with one entry.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let entry = serde_json::json!({"errors": [{"code": code, "message": message}]});
        Self::new(status, entry.to_string()).with("Content-Type", "application/json")
    }

    pub fn redirect(to: &str) -> Self {
        Self::new(307, "").with("Location", to)
    }

    /// Closes without any answer.
    pub fn nothing() -> Self {
        Self { raw: Some(Vec::new()), ..Self::ok("") }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The part of a blob that was asked for.
    pub fn part(blob: &[u8], asked: &Asked) -> Self {
        match asked.from() {
            None => Self::ok(blob),
            Some(from) if from >= blob.len() => Self::new(416, ""),
            Some(from) => Self::new(206, &blob[from..])
                .with("Content-Range", &format!("bytes {from}-{}/{}", blob.len() - 1, blob.len())),
        }
    }

    /// Sends only the first bytes, and says it would send all.
    pub fn cut(mut self, at: usize) -> Self {
        self.body.truncate(at);
        self
    }

    pub fn after(mut self, after: After) -> Self {
        self.after = after;
        self
    }

    pub fn length(mut self, length: Option<usize>) -> Self {
        self.length = length;
        self
    }
}

type Handler<'a> = dyn Fn(&Asked) -> Reply + Send + Sync + 'a;

/// A running server. Its thread ends with the process.
pub struct Server {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub fn start(handler: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1", handler)
    }

    /// On a free port of `host`.
    pub fn start_at(host: &str, handler: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (log, handler): (_, Arc<Handler<'static>>) = (Arc::clone(&asked), Arc::new(handler));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, handler) = (Arc::clone(&log), Arc::clone(&handler));
                thread::spawn(move || serve(stream, &log, &*handler));
            }
        });
        Self { address, asked }
    }

    /// Over TLS, with a certificate. A request of a client that showed one has the header `X-Client`.
    pub fn start_tls(
        pair: &Pair,
        clients: Option<&TestCa>,
        handler: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let log = Arc::clone(&asked);
        let server = TlsServer::start("127.0.0.1", pair, &["http/1.1"], clients, move |stream| {
            let shown = stream.conn.peer_certificates().is_some();
            serve(stream, &log, &|asked: &Asked| {
                let mut asked = asked.clone();
                if shown {
                    asked.headers.push(("X-Client".to_owned(), "shown".to_owned()));
                }
                handler(&asked)
            });
        });
        Self { address: server.address, asked }
    }

    /// Everything that was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub fn count(&self, method: &str) -> usize {
        self.asked().iter().filter(|asked| asked.method == method).count()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// `repo:tag` on this server.
    pub fn reference(&self, name: &str) -> Reference {
        Reference::parse(&format!("{}/{name}", self.address)).unwrap()
    }
}

fn serve(mut stream: impl Read + Write, log: &Mutex<Vec<Asked>>, handler: &Handler) -> Option<()> {
    let mut asked = read(&mut stream)?;
    let reply = {
        let mut log = log.lock().unwrap();
        let same = |other: &&Asked| other.method == asked.method && other.target == asked.target;
        asked.earlier = log.iter().filter(same).count();
        log.push(asked.clone());
        drop(log);
        handler(&asked)
    };
    if let Some(raw) = reply.raw {
        return stream.write_all(&raw).ok();
    }
    let mut head = format!("HTTP/1.1 {} Said\r\nConnection: close\r\n", reply.status);
    if let Some(length) = reply.length {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).ok()?;
    if asked.method == "HEAD" {
        return Some(());
    }
    if reply.after == After::Trickle {
        for byte in &reply.body {
            stream.write_all(&[*byte]).ok()?;
            thread::sleep(Duration::from_millis(20));
        }
        return Some(());
    }
    stream.write_all(&reply.body).ok()?;
    if reply.after == After::Hang {
        let _ = stream.read(&mut [0]);
    }
    Some(())
}

fn read(stream: &mut impl Read) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
            None => break,
        }
    }
    let mut asked = Asked { method, target, headers, body: String::new(), earlier: 0 };
    let length: usize = asked.header("content-length").unwrap_or("0").parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    asked.body = String::from_utf8(body).ok()?;
    Some(asked)
}

/// A login for every registry.
pub struct Always(pub Login);

/// A login for each registry that is named, and none for others.
pub struct Named(pub Vec<(String, &'static str)>);

impl Credentials for Named {
    fn lookup(&self, registry: &str) -> Result<Option<Login>, RemoteError> {
        let named = self.0.iter().find(|(name, _)| name == registry);
        Ok(named.map(|(_, password)| Login::Password {
            username: "me".to_owned(),
            password: Secret::new(*password),
        }))
    }
}

impl Credentials for Always {
    fn lookup(&self, _registry: &str) -> Result<Option<Login>, RemoteError> {
        Ok(Some(self.0.clone()))
    }
}

pub fn password(username: &str, password: &str) -> Arc<dyn Credentials> {
    Arc::new(Always(Login::Password {
        username: username.to_owned(),
        password: Secret::new(password),
    }))
}

/// Patience that suits tests.
pub fn options() -> ClientOptions {
    ClientOptions {
        idle_timeout: Duration::from_secs(3),
        least_rate: 0,
        attempts: 4,
        ..ClientOptions::default()
    }
}

pub fn client() -> Client {
    Client::new(options()).unwrap()
}

pub fn client_with(credentials: Arc<dyn Credentials>) -> Client {
    Client::new(ClientOptions { credentials, ..options() }).unwrap()
}

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use strata_registry::{Faults, Server, ServerOptions, WriteToken};
use strata_store::Store;
use strata_testkit::{BuiltImage, Image, Layer, Packing};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const TOKEN: &str = "a-write-token";

/// The command with a store of its own.
pub struct Site {
    folder: TempDir,
}

impl Site {
    pub fn open() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command in English, with no settings or logins of the machine.
    pub fn strata(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strata"));
        command.args(arguments).stdin(Stdio::null());
        command.env("STRATA_STORE", self.path("store"));
        command.env("STRATA_CONFIG_DIR", self.path("config"));
        command.env("DOCKER_CONFIG", self.path("no-docker")).env("LC_ALL", "C.UTF-8");
        command.env_remove("XDG_RUNTIME_DIR").env_remove("RUST_BACKTRACE");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.strata(arguments).output().unwrap())
    }

    /// What the command prints; it must succeed.
    pub fn prints(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, Some(0), "{arguments:?}: {}", ended.said);
        String::from_utf8(ended.printed).unwrap()
    }

    /// The JSON document that the command prints.
    pub fn document(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.prints(arguments)).unwrap()
    }

    /// The JSON lines that the command prints.
    pub fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        self.prints(arguments).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// How the command ended.
pub struct Ended {
    pub code: Option<i32>,
    pub printed: Vec<u8>,
    pub said: String,
}

impl Ended {
    pub fn of(output: Output) -> Self {
        let said = String::from_utf8(output.stderr).unwrap();
        Self { code: output.status.code(), printed: output.stdout, said }
    }
}

/// A registry in this process.
pub struct Registry {
    pub server: Server,
    runtime: Runtime,
    _folder: TempDir,
}

impl Registry {
    pub fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let write_token = Some(WriteToken::new(TOKEN.to_owned()));
        let options = ServerOptions { write_token, ..ServerOptions::default() };
        let server = runtime.block_on(Server::start(store, options)).unwrap();
        Self { server, runtime, _folder: folder }
    }

    /// With the image [`image`] as `test/app:1.0`; gives its full reference.
    pub fn with_image() -> (Self, String, BuiltImage) {
        let (registry, image) = (Self::start(), image());
        let reference = registry.push("test/app", "1.0", &image);
        (registry, reference, image)
    }

    pub fn push(&self, name: &str, tag: &str, image: &BuiltImage) -> String {
        for (digest, bytes) in &image.blobs {
            let path = format!("/v2/{name}/blobs/uploads/?digest={digest}");
            self.send("POST", &path, "application/octet-stream", bytes);
        }
        let path = format!("/v2/{name}/manifests/{tag}");
        self.send("PUT", &path, &image.media_type, &image.manifest);
        format!("{}/{name}:{tag}", self.server.address())
    }

    pub fn fail(&self, faults: Faults) {
        let _entered = self.runtime.enter();
        self.server.set_faults(faults);
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) {
        let address = self.server.address();
        let mut stream = TcpStream::connect(address).unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n");
        write!(request, "authorization: Bearer {TOKEN}\r\ncontent-type: {kind}\r\n").unwrap();
        write!(request, "content-length: {}\r\nconnection: close\r\n\r\n", body.len()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 201"), "{path}: {answer}");
    }
}

/// The architecture of this machine, as images name it.
pub fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// Three layers: odd names; a step without files; changes and a deletion.
pub fn image() -> BuiltImage {
    let base = Layer::new()
        .time(1_709_210_096)
        .dir("etc")
        .file("etc/motd", "hello\n")
        .file("etc/old", "old")
        .symlink("etc/link", "motd")
        .owner(1000, 42)
        .mode(0o4755)
        .file("bin/app", [0_u8, 159, 146, 150]);
    let odd =
        Layer::new().file(b"odd/\xff\n\x1b[31m", "odd").hardlink("odd/hard", b"odd/\xff\n\x1b[31m");
    let changes = Layer::new().file("etc/motd", "hello again\n").whiteout("etc/old");
    Image::new()
        .platform("linux", architecture())
        .config(json!({ "Env": ["A=1\u{1b}[2J"], "Cmd": ["/bin/app", "two words"], "Labels": { "x": "y" } }))
        .layer(base.tar(), Packing::Gzip, "/bin/sh -c #(nop) ADD file:1 in / ")
        .setting("CMD [\"/bin/app\"]")
        .layer(odd.tar(), Packing::Zstd, "COPY odd /odd # buildkit")
        .layer(changes.tar(), Packing::Plain, "RUN /bin/sh -c rm /etc/old # buildkit")
        .build()
}

use strata_registry::{Faults, Seen, Server, ServerOptions, WriteToken};
use strata_store::Store;
use strata_testkit::{BuiltImage, Image, Layer, Packing, noise};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const TOKEN: &str = "a-write-token";

/// A registry in this process.
pub struct Registry {
    pub server: Server,
    _folder: TempDir,
}

impl Registry {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let write_token = Some(WriteToken::new(TOKEN.to_owned()));
        let options = ServerOptions { write_token, ..ServerOptions::default() };
        Self { server: Server::start(store, options).await.unwrap(), _folder: folder }
    }

    /// Gives the full reference.
    pub async fn push(&self, name: &str, tag: &str, image: &BuiltImage) -> String {
        for (digest, bytes) in &image.blobs {
            let path = format!("/v2/{name}/blobs/uploads/?digest={digest}");
            self.send("POST", &path, "application/octet-stream", bytes).await;
        }
        self.put(name, tag, &image.media_type, &image.manifest).await;
        format!("{}/{name}:{tag}", self.server.address())
    }

    /// Puts a manifest or index.
    pub async fn put(&self, name: &str, tag: &str, media_type: &str, document: &[u8]) {
        let path = format!("/v2/{name}/manifests/{tag}");
        self.send("PUT", &path, media_type, document).await;
    }

    pub fn fail(&self, faults: Faults) {
        self.server.set_faults(faults);
    }

    /// The requests of a method whose path has a part.
    pub fn asked(&self, method: &str, part: &str) -> Vec<Seen> {
        let mut log = self.server.log();
        log.retain(|seen| seen.method == method && seen.path.contains(part));
        log
    }

    async fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) {
        let address = self.server.address();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\n\
             content-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 201"), "{path}: {answer}");
    }
}

/// An image of one layer of so many bytes, another one for each seed.
pub fn image(seed: u64, bytes: usize) -> BuiltImage {
    image_for(architecture(), seed, bytes)
}

pub fn image_for(architecture: &str, seed: u64, bytes: usize) -> BuiltImage {
    let tar = Layer::new().file("noise", noise(seed, bytes)).tar();
    Image::new()
        .platform("linux", architecture)
        .layer(tar, Packing::Plain, "COPY noise /noise")
        .build()
}

/// The architecture of this machine, as images name it.
pub fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

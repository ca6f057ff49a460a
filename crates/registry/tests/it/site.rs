use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use strata_registry::{Faults, Server, ServerOptions, WriteToken};
use strata_store::Store;
use strata_testkit::{BuiltImage, Image, Layer, Packing, noise};
use tempfile::TempDir;

/// What a writer has to show in these tests.
pub const TOKEN: &str = "a-write-token";

/// A server over an empty store, and a client.
pub struct Site {
    pub server: Server,
    pub store: Store,
    client: Client,
    _folder: TempDir,
}

impl Site {
    pub async fn open() -> Self {
        Self::with(ServerOptions::default()).await
    }

    pub async fn with(options: ServerOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let write_token = Some(WriteToken::new(TOKEN.to_owned()));
        let options = ServerOptions { write_token, ..options };
        let server = Server::start(store.clone(), options).await.unwrap();
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()
            .unwrap();
        Self { server, store, client, _folder: folder }
    }

    /// A server with an image, failing as told.
    pub async fn failing(faults: Faults) -> (Self, BuiltImage) {
        let site = Self::open().await;
        let image = small_image();
        site.push("app", "1.0", &image).await;
        site.server.set_faults(faults);
        (site, image)
    }

    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let url = match path.strip_prefix("http") {
            Some(_) => path.to_owned(),
            None => format!("http://{}{path}", self.server.address()),
        };
        self.client.request(method, url)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.ask(Method::GET, path).send().await.unwrap()
    }

    pub async fn head(&self, path: &str) -> Response {
        self.ask(Method::HEAD, path).send().await.unwrap()
    }

    /// A request of one who may write.
    pub fn write(&self, method: Method, path: &str) -> RequestBuilder {
        self.ask(method, path).bearer_auth(TOKEN)
    }

    pub async fn push_blob(&self, name: &str, digest: &str, bytes: &[u8]) -> Response {
        let path = format!("/v2/{name}/blobs/uploads/?digest={digest}");
        self.write(Method::POST, &path).body(bytes.to_vec()).send().await.unwrap()
    }

    pub async fn push_manifest(
        &self,
        name: &str,
        target: &str,
        kind: &str,
        raw: &[u8],
    ) -> Response {
        self.write(Method::PUT, &format!("/v2/{name}/manifests/{target}"))
            .header("content-type", kind)
            .body(raw.to_vec())
            .send()
            .await
            .unwrap()
    }

    pub async fn push(&self, name: &str, tag: &str, image: &BuiltImage) {
        for (digest, bytes) in &image.blobs {
            let pushed = self.push_blob(name, &digest.to_string(), bytes).await;
            assert_eq!(pushed.status(), StatusCode::CREATED);
        }
        let pushed = self.push_manifest(name, tag, &image.media_type, &image.manifest).await;
        assert_eq!(pushed.status(), StatusCode::CREATED);
    }
}

/// An image with one layer of some 300 kB that cannot be compressed.
pub fn small_image() -> BuiltImage {
    let tar = Layer::new().dir("bin").file("bin/app", noise(1, 300_000)).tar();
    Image::new().layer(tar, Packing::Gzip, "COPY app /bin/app").build()
}

pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// The status of a refusal and the code in its document.
pub async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(header(&response, "content-type"), "application/json");
    let document = json(response).await;
    (status, document["errors"][0]["code"].as_str().unwrap().to_owned())
}

pub fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

pub async fn json(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

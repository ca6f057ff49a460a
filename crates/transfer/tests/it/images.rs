use std::sync::Arc;

use serde_json::json;
use strata_registry::{Fault, Faults};
use strata_remote::{ClientOptions, Credentials, Login, RemoteError, Secret};
use strata_testkit::{Image, Layer, Packing, noise};
use strata_transfer::StepState;
use tokio_util::sync::CancellationToken;

use crate::reporter::Told;
use crate::site::{Site, altered};

fn app(seed: u64) -> Vec<u8> {
    Layer::new().dir("bin").file("bin/app", noise(seed, 400_000)).symlink("bin/sh", "app").tar()
}

#[tokio::test]
async fn every_packing_gives_the_right_files() {
    let site = Site::open().await;
    for (name, docker, packing) in [
        ("plain:1", false, Packing::Plain),
        ("gzip:1", false, Packing::Gzip),
        ("zstd:1", false, Packing::Zstd),
        ("docker:1", true, Packing::Gzip),
        ("docker-plain:1", true, Packing::Plain),
    ] {
        let image = if docker { Image::new().docker() } else { Image::new() };
        let whiteout = Layer::new().whiteout("bin/sh").tar();
        let image = image
            .layer(app(1), packing, "COPY app /bin/app")
            .layer(whiteout, packing, "RUN rm /bin/sh")
            .build();
        site.serve(name, &image);
        let pulled = site.pull(name).await.unwrap();
        assert_eq!(pulled.manifest, image.manifest_digest, "{name}");
        assert_eq!(pulled.target.digest, image.manifest_digest);
        assert_eq!(pulled.reference, site.reference(name));
        site.has_all_of(&image);
        let tree = site.tree(&image.layers[0].1);
        let file = tree.node(tree.find(b"bin/app").unwrap());
        assert_eq!(file.size(), 400_000);
        assert!(tree.find(b"bin/sh").is_some() && tree.find(b"bin/ash").is_none());
        let kept = site.store.target(&site.reference(name)).unwrap().unwrap();
        assert_eq!((kept.digest, kept.size), (image.manifest_digest, image.manifest.len() as u64));
    }
}

#[tokio::test]
async fn what_is_typed_without_a_tag_is_the_latest() {
    let site = Site::open().await;
    let image = Image::new().layer(app(1), Packing::Gzip, "COPY").build();
    site.serve("app:latest", &image);
    let pulled = site.pull("app").await.unwrap();
    assert_eq!(pulled.reference.tag(), Some("latest"));
    site.has_all_of(&image);
}

#[tokio::test]
async fn an_image_is_pulled_by_its_digest() {
    let site = Site::open().await;
    let image = Image::new().layer(app(1), Packing::Gzip, "COPY").build();
    site.serve("app:1", &image);
    let pulled = site.pull(&format!("app@{}", image.manifest_digest)).await.unwrap();
    assert_eq!(pulled.manifest, image.manifest_digest);
    site.has_all_of(&image);
}

#[tokio::test]
async fn an_image_without_layers_is_an_image() {
    let site = Site::open().await;
    let image = Image::new().setting("CMD [\"sh\"]").build();
    site.serve("empty:1", &image);
    site.pull("empty:1").await.unwrap();
    site.has_all_of(&image);
}

#[tokio::test]
async fn a_layer_passes_through_its_states() {
    let site = Site::open().await;
    let image = Image::new().layer(app(1), Packing::Gzip, "COPY").build();
    site.serve("app:1", &image);
    let (digest, size) = (&image.layers[0].0, image.blobs[0].1.len() as u64);
    let told = Arc::new(Told::new());
    site.pull_telling("app:1", told.clone(), CancellationToken::new()).await.unwrap();
    let (waiting, downloading) = (StepState::Waiting, StepState::Downloading);
    let (verifying, done) = (StepState::Verifying, StepState::Done);
    assert_eq!(told.states(digest), [waiting, downloading, verifying, done]);
    assert_eq!(told.steps.lock().unwrap().last().unwrap().2, size);
    assert_eq!(*told.total.lock().unwrap(), Some((size, 0)));

    let again = Arc::new(Told::new());
    site.pull_telling("app:1", again.clone(), CancellationToken::new()).await.unwrap();
    assert_eq!(again.states(digest), [StepState::AlreadyHere]);
    assert_eq!(*again.total.lock().unwrap(), Some((size, size)));
}

#[tokio::test]
async fn a_moved_tag_brings_the_new_image_and_keeps_the_old_one() {
    let site = Site::open().await;
    let old = Image::new().layer(app(1), Packing::Gzip, "COPY").build();
    let new = Image::new().layer(app(2), Packing::Gzip, "COPY").build();
    site.serve("app:1", &old);
    site.pull("app:1").await.unwrap();
    site.serve("app:1", &new);
    site.pull("app:1").await.unwrap();
    site.has_all_of(&new);
    let kept = site.store.target(&site.reference("app:1")).unwrap().unwrap();
    assert_eq!(kept.digest, new.manifest_digest);
    assert!(site.store.blob_size(&old.layers[0].0).unwrap().is_some());
}

#[tokio::test]
async fn unknown_fields_of_the_documents_change_nothing() {
    let site = Site::open().await;
    let image = Image::new().layer(app(1), Packing::Gzip, "COPY").build();
    let image = altered(&image, |manifest, config| {
        manifest["future"] = json!({ "deep": [1, 2] });
        config["moby.buildkit.cache.v0"] = json!("x");
    });
    site.serve("app:1", &image);
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
}

/// One login for whoever asks.
struct Ada;

impl Credentials for Ada {
    fn lookup(&self, _registry: &str) -> Result<Option<Login>, RemoteError> {
        let password = Secret::new("secret".to_owned());
        Ok(Some(Login::Password { username: "ada".to_owned(), password }))
    }
}

#[tokio::test]
async fn an_image_behind_a_login_is_pulled_by_one_who_has_it() {
    let image = Image::new().layer(app(1), Packing::Gzip, "COPY").build();
    let (username, password) = ("ada".to_owned(), "secret".to_owned());
    for login in [
        Fault::BasicLogin { username: username.clone(), password: password.clone() },
        Fault::TokenLogin { username, password },
    ] {
        let stranger = Site::open().await;
        let credentials = Arc::new(Ada);
        let known = Site::with(ClientOptions { credentials, ..ClientOptions::default() }).await;
        for site in [&stranger, &known] {
            site.serve("app:1", &image);
            site.fail(Faults::none().always("/v2/", login.clone()));
        }
        let error = stranger.pull("app:1").await.unwrap_err();
        let refused = matches!(
            error,
            strata_transfer::TransferError::Remote(RemoteError::Unauthorized { .. })
        );
        assert!(refused, "{error:?}");
        stranger.has_nothing_of(&image);
        known.pull("app:1").await.unwrap();
        known.has_all_of(&image);
    }
}

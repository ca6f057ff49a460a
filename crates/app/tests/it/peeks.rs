use strata_app::api::{
    ErrorCode, FileRow, LayerPeekStart, OpenBase, Outcome, PeekRowsRead, PeekSource, PeekedLayer,
    SortBy, StepState,
};
use strata_registry::{Fault, Faults};
use strata_testkit::{BuiltImage, Image, Layer, Packing};

use crate::registry::{Registry, architecture, image_for};
use crate::site::Site;

fn layered() -> BuiltImage {
    let base = Layer::new().file("etc/motd", "hello").file("etc/old", "old").tar();
    let top = Layer::new().file("etc/motd", "hello again").whiteout("etc/old").tar();
    Image::new()
        .platform("linux", architecture())
        .layer(base, Packing::Gzip, "ADD base /")
        .layer(top, Packing::Zstd, "COPY top /")
        .build()
}

async fn peek(site: &Site, reference: &str, layer: &str) -> Outcome {
    let (reference, layer) = (reference.to_owned(), layer.to_owned());
    let id = site.app.layer_peek_start(LayerPeekStart { reference, platform: None, layer });
    site.outcome(id.unwrap()).await
}

async fn peeked(site: &Site, reference: &str, layer: &str) -> PeekedLayer {
    match peek(site, reference, layer).await {
        Outcome::Peeked { layer } => layer,
        other => panic!("{other:?}"),
    }
}

fn page(layer: &str, filter: &str) -> PeekRowsRead {
    PeekRowsRead {
        layer: layer.to_owned(),
        sort: SortBy::Name,
        filter: filter.to_owned(),
        base: OpenBase::Open,
        except: Vec::new(),
        from: 0,
        count: 100,
    }
}

fn paths(rows: &[FileRow]) -> Vec<&str> {
    rows.iter().map(|row| row.path.as_str()).collect()
}

#[tokio::test]
async fn the_files_of_a_layer_are_read_and_nothing_is_kept() {
    let (registry, site) = (Registry::start().await, Site::open());
    let image = layered();
    let reference = registry.push("test/app", "1", &image).await;
    let top = image.layers[1].0.to_string();
    let read = peeked(&site, &reference, &top).await;
    assert_eq!((read.source, read.downloaded_bytes), (PeekSource::WholeLayer, read.layer_bytes));
    assert!(read.layer_bytes > 0);
    let rows = site.app.peek_rows(page(&top, "")).await.unwrap();
    assert_eq!(paths(&rows.rows), ["etc", "etc/motd", "etc/old"]);
    let found = site.app.peek_rows(page(&top, "motd")).await.unwrap();
    assert_eq!(paths(&found.rows), ["etc", "etc/motd"]);
    let mut listed = Vec::new();
    let list = site.app.peek_files(&top, &mut |entry| {
        listed.push(String::from_utf8(entry.path).unwrap());
        true
    });
    list.unwrap();
    assert_eq!(listed, ["etc", "etc/motd", "etc/old"]);
    assert!(site.app.images_list().await.unwrap().images.is_empty());
    assert!(!site.folder.path().join("store/blobs/sha256").join(image.layers[1].0.hex()).exists());
    let job = &site.app.jobs_list()[0];
    let step = &job.steps[0];
    assert_eq!((step.id.as_str(), step.state), (top.as_str(), StepState::Done));
    assert_eq!((step.done, step.total), (read.layer_bytes, Some(read.layer_bytes)));
}

#[tokio::test]
async fn of_a_layer_that_is_here_nothing_is_downloaded() {
    let (registry, site) = (Registry::start().await, Site::open());
    let image = layered();
    let reference = registry.push("test/app", "1", &image).await;
    site.pull(&reference).await;
    let base = image.layers[0].0.to_string();
    let before = registry.asked("GET", "/blobs/").len();
    let read = peeked(&site, &reference, &base).await;
    assert_eq!((read.source, read.downloaded_bytes), (PeekSource::Store, 0));
    assert_eq!(registry.asked("GET", "/blobs/").len(), before);
    let rows = site.app.peek_rows(page(&base, "")).await.unwrap();
    assert_eq!(paths(&rows.rows), ["etc", "etc/motd", "etc/old"]);
}

#[tokio::test]
async fn what_is_not_what_it_should_be_is_not_shown() {
    let (registry, site) = (Registry::start().await, Site::open());
    let image = layered();
    let reference = registry.push("test/app", "1", &image).await;
    let base = image.layers[0].0.to_string();
    registry.fail(Faults::none().always(&format!("GET /blobs/{base}"), Fault::Flip { at: 40 }));
    let Outcome::Failed { error } = peek(&site, &reference, &base).await else { panic!("shown") };
    assert_eq!(error.code, ErrorCode::ContentMismatch);
    assert!(site.app.peek_rows(page(&base, "")).await.is_err());
    let unknown = format!("sha256:{}", "0".repeat(64));
    let Outcome::Failed { error } = peek(&site, &reference, &unknown).await else {
        panic!("found")
    };
    assert_eq!(error.code, ErrorCode::BlobUnknown);
}

#[tokio::test]
async fn the_images_of_an_index_have_sizes_and_what_is_here_of_them() {
    let (registry, site) = (Registry::start().await, Site::open());
    let (ours, other) = (image_for(architecture(), 1, 1_000), image_for("s390x", 2, 5_000));
    let mut entries = Vec::new();
    for (image, architecture) in [(&ours, architecture()), (&other, "s390x")] {
        let digest = image.manifest_digest.to_string();
        registry.push("test/app", &digest, image).await;
        entries.push(serde_json::json!({
            "mediaType": image.media_type, "digest": digest, "size": image.manifest.len(),
            "platform": { "os": "linux", "architecture": architecture }
        }));
    }
    let media_type = "application/vnd.oci.image.index.v1+json";
    let index =
        serde_json::json!({ "schemaVersion": 2, "mediaType": media_type, "manifests": entries });
    registry.put("test/app", "1.0", media_type, index.to_string().as_bytes()).await;
    let reference = format!("{}/test/app:1.0", registry.server.address());
    site.pull(&reference).await;
    let sizes = site.app.offer_sizes(&reference).await.unwrap();
    assert_eq!(sizes.len(), 2);
    assert_eq!(sizes[0].manifest, ours.manifest_digest.to_string());
    assert!(sizes[0].total_bytes > 1_000 && sizes[0].here_bytes == sizes[0].total_bytes);
    assert!(sizes[1].total_bytes > 5_000 && sizes[1].here_bytes == 0);
    let ours = format!("manifests/{}", ours.manifest_digest);
    assert_eq!(registry.asked("GET", &ours).len(), 1, "the store has it since the pull");
    let single = registry.push("test/single", "1", &other).await;
    assert!(site.app.offer_sizes(&single).await.unwrap().is_empty());
}

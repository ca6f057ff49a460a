use std::io::{Seek, SeekFrom, Write};

use strata_registry::{Fault, Faults};
use strata_testkit::{BuiltImage, Image, Layer, Packing, noise};

use crate::site::Site;

/// What may be fetched twice after an interruption.
const FETCHED_TWICE: u64 = 1024 * 1024;
const CUT: u64 = 3_000_000;

/// An image of one layer of some 5 MB.
pub fn large() -> BuiltImage {
    let tar = Layer::new().file("big", noise(3, 5_000_000)).file("small", "x").tar();
    Image::new().layer(tar, Packing::Gzip, "COPY big /").build()
}

/// A pull that failed after most of the layer had come.
async fn interrupted() -> (Site, BuiltImage) {
    let site = Site::impatient().await;
    let image = large();
    site.serve("app:1", &image);
    let blob = format!("GET /blobs/{}", image.layers[0].0);
    site.fail(Faults::none().always(&blob, Fault::Cut { after: CUT }));
    site.pull("app:1").await.unwrap_err();
    site.has_nothing_of(&image);
    site.fail(Faults::none());
    (site, image)
}

#[tokio::test]
async fn a_pull_goes_on_where_the_last_one_was_cut() {
    let (site, image) = interrupted().await;
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
    let (digest, size) = (&image.layers[0].0, image.blobs[0].1.len() as u64);
    assert_eq!(site.asked(digest).len(), 2);
    assert!(site.given(digest) <= size + FETCHED_TWICE, "{} of {size}", site.given(digest));
    assert_eq!(site.files("ingest"), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn a_cut_connection_is_replaced_within_one_pull() {
    let site = Site::open().await;
    let image = large();
    site.serve("app:1", &image);
    site.fail(Faults::none().times(2, "GET /blobs/", Fault::Cut { after: 1_500_000 }));
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
    let (digest, size) = (&image.layers[0].0, image.blobs[0].1.len() as u64);
    assert!(site.given(digest) <= size + 2 * FETCHED_TWICE, "{} of {size}", site.given(digest));
}

#[tokio::test]
async fn a_registry_that_gives_no_parts_gives_the_whole_again() {
    let (site, image) = interrupted().await;
    site.fail(Faults::none().always("/blobs/", Fault::IgnoreRange));
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
    let (digest, size) = (&image.layers[0].0, image.blobs[0].1.len() as u64);
    assert_eq!(site.given(digest), size + CUT);
}

#[tokio::test]
async fn kept_bytes_that_were_damaged_are_fetched_again() {
    let (site, image) = interrupted().await;
    let kept: Vec<_> = site
        .files("ingest")
        .into_iter()
        .filter(|file| std::fs::metadata(file).unwrap().len() > 1000)
        .collect();
    let [file] = kept.as_slice() else { panic!("{kept:?}") };
    let mut file = std::fs::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(1000)).unwrap();
    file.write_all(b"damaged").unwrap();
    drop(file);
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
    let asked = site.asked(&image.layers[0].0);
    assert_eq!(asked.len(), 3);
    assert!(asked[1].is_some() && asked[2].is_none(), "{asked:?}");
}

#[tokio::test]
async fn a_layer_that_had_come_whole_before_another_failed_is_kept() {
    let site = Site::impatient().await;
    let small = Layer::new().file("small", noise(9, 100_000)).tar();
    let big = Layer::new().file("big", noise(3, 5_000_000)).tar();
    let image = Image::new()
        .layer(small, Packing::Gzip, "COPY small /")
        .layer(big, Packing::Gzip, "COPY big /")
        .build();
    site.serve("app:1", &image);
    let (first, second) = (&image.layers[0].0, &image.layers[1].0);
    site.fail(Faults::none().always(&format!("GET {second}"), Fault::Cut { after: CUT }));
    site.pull("app:1").await.unwrap_err();
    site.has_nothing_of(&image);
    site.fail(Faults::none());
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
    let size = image.blobs[0].1.len() as u64;
    assert!(site.given(first) <= size, "{} of {size}", site.given(first));
}

#[tokio::test]
async fn a_busy_registry_is_asked_again() {
    let site = Site::open().await;
    let image = large();
    site.serve("app:1", &image);
    let busy = Fault::Status { status: 503, retry_after: None };
    let limited = Fault::Status { status: 429, retry_after: Some(0) };
    site.fail(
        Faults::none()
            .times(1, "HEAD /manifests/", busy.clone())
            .times(1, "GET /manifests/", limited.clone())
            .times(1, "/blobs/", limited)
            .times(2, &format!("/blobs/{}", image.layers[0].0), busy),
    );
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
}

#[tokio::test]
async fn a_layer_may_lie_on_another_host() {
    let (site, other) = (Site::open().await, Site::open().await);
    let image = large();
    site.serve("app:1", &image);
    other.serve("app:1", &image);
    let to = format!("http://{}", other.server.address());
    site.fail(Faults::none().always(&format!("{}", image.layers[0].0), Fault::Redirect { to }));
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
    assert_eq!(other.asked(&image.layers[0].0).len(), 1);
}

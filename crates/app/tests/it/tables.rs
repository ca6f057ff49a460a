//! Layers that carry a table of contents: their files are known by a small part of their bytes.

use serde_json::json;
use strata_app::api::{LayerPeekStart, OpenBase, Outcome, PeekRowsRead, PeekSource, SortBy};
use strata_spec::Digest;
use strata_testkit::{BuiltImage, Chunked, Layer, estargz, noise, zstd_chunked};

use crate::registry::Registry;
use crate::site::Site;

/// Bytes of the largest file: the table is small beside it.
const LARGE: usize = 2_000_000;

fn tar() -> Vec<u8> {
    Layer::new()
        .dir("opt/")
        .file("opt/large", noise(1, LARGE))
        .file("opt/small", "text")
        .symlink("opt/link", "small")
        .tar()
}

/// An image of one such layer. Its diff ID is right for whoever reads all of it.
fn image(layer: &Chunked, gzip: bool) -> BuiltImage {
    let plain = if gzip { all_members(&layer.packed) } else { tar() };
    let (digest, diff_id) = (Digest::sha256_of(&layer.packed), Digest::sha256_of(&plain));
    let config = json!({
        "os": "linux", "architecture": "amd64", "config": {},
        "rootfs": { "type": "layers", "diff_ids": [diff_id] },
    });
    let config = serde_json::to_vec(&config).unwrap();
    let config_digest = Digest::sha256_of(&config);
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let packing = if gzip { "gzip" } else { "zstd" };
    let manifest = json!({
        "schemaVersion": 2, "mediaType": kind,
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": config_digest, "size": config.len(),
        },
        "layers": [{
            "mediaType": format!("application/vnd.oci.image.layer.v1.tar+{packing}"),
            "digest": digest, "size": layer.packed.len(), "annotations": layer.annotations,
        }],
    });
    let manifest = serde_json::to_vec(&manifest).unwrap();
    BuiltImage {
        manifest_digest: Digest::sha256_of(&manifest),
        media_type: kind.to_owned(),
        manifest,
        blobs: vec![(config_digest, config.clone()), (digest.clone(), layer.packed.clone())],
        config,
        layers: vec![(digest, diff_id)],
        tar_bytes: vec![plain.len() as u64],
    }
}

fn all_members(packed: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(packed).read_to_end(&mut plain).unwrap();
    plain
}

/// Where the list of a layer came from, how many bytes came, and its paths with their sizes.
async fn peeked(layer: &Chunked, gzip: bool) -> (PeekSource, u64, Vec<(String, u64)>) {
    let (registry, site) = (Registry::start().await, Site::open());
    let image = image(layer, gzip);
    let reference = registry.push("team/app", "1", &image).await;
    let digest = image.layers[0].0.to_string();
    let wanted = LayerPeekStart {
        reference,
        platform: Some("linux/amd64".to_owned()),
        layer: digest.clone(),
    };
    let id = site.app.layer_peek_start(wanted).unwrap();
    let Outcome::Peeked { layer } = site.outcome(id).await else { panic!("it was not read") };
    let page = PeekRowsRead {
        layer: digest,
        sort: SortBy::Name,
        filter: String::new(),
        base: OpenBase::Open,
        except: Vec::new(),
        from: 0,
        count: 100,
    };
    let rows = site.app.peek_rows(page).await.unwrap().rows;
    let paths = rows.into_iter().map(|row| (row.path, row.size_bytes)).collect();
    (layer.source, layer.downloaded_bytes, paths)
}

fn expected() -> Vec<(String, u64)> {
    let large = LARGE as u64;
    [("opt", large + 4), ("opt/large", large), ("opt/link", 0), ("opt/small", 4)]
        .map(|(path, size)| (path.to_owned(), size))
        .to_vec()
}

#[tokio::test]
async fn a_table_that_the_manifest_vouches_for_is_read_in_place_of_the_layer() {
    for (layer, gzip) in [(estargz(&tar(), None), true), (zstd_chunked(&tar(), true), false)] {
        let (source, came, paths) = peeked(&layer, gzip).await;
        assert_eq!(source, PeekSource::TableOfContents);
        assert!(came < LARGE as u64 / 100, "{came} bytes came");
        assert_eq!(paths, expected());
    }
}

#[tokio::test]
async fn a_table_that_nothing_vouches_for_is_said_to_be_one() {
    let (source, _, paths) = peeked(&zstd_chunked(&tar(), false), false).await;
    assert_eq!((source, paths), (PeekSource::UncheckedTable, expected()));
}

#[tokio::test]
async fn a_table_that_is_not_what_the_manifest_says_is_passed_over_for_the_layer_itself() {
    let lie = Digest::sha256_of(b"another table").to_string();
    let (source, came, paths) = peeked(&estargz(&tar(), Some(&lie)), true).await;
    assert_eq!(source, PeekSource::WholeLayer);
    assert!(came > LARGE as u64, "{came} bytes came");
    assert_eq!(paths, expected());
    // A footer that was cut off leads nowhere either.
    let mut cut = estargz(&tar(), None);
    cut.packed.truncate(usize::try_from(cut.table_at).unwrap());
    assert_eq!(peeked(&cut, true).await.0, PeekSource::WholeLayer);
}

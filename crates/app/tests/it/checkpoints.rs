use std::path::PathBuf;

use strata_app::api::{ErrorCode, Outcome, UserError};
use strata_app::{ExportRequest, Exported};
use strata_spec::Digest;
use strata_store::Store;
use strata_testkit::{Image, Layer, Packing, noise};

use crate::registry::{Registry, architecture};
use crate::site::Site;

/// Where the place stands in the bytes of checkpoints that the first one gives for the plain tar.
const FIRST_PLACE: usize = 12;
const LARGE: usize = 9 << 20;
const SMALL: usize = 100_000;

/// A pulled image of one layer: 20 MiB, then a small file and a large one.
struct Pulled {
    site: Site,
    reference: String,
    blob: Digest,
}

impl Pulled {
    async fn new() -> Self {
        let registry = Registry::start().await;
        let layer = Layer::new()
            .file("a/first", noise(1, 20 << 20))
            .file("b/small", noise(2, SMALL))
            .file("b/large", noise(3, LARGE));
        let image = Image::new().platform("linux", architecture());
        let image = image.layer(layer.tar(), Packing::Gzip, "COPY . /").build();
        let reference = registry.push("team/app", "1", &image).await;
        let site = Site::open();
        let outcome = site.pull(&reference).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let found = site.app.image_find(&reference, None).await.unwrap();
        let blob = Digest::parse(found.strata[0].digest.as_ref().unwrap()).unwrap();
        Self { site, reference, blob }
    }

    fn store(&self) -> Store {
        Store::open(&self.site.folder.path().join("store")).unwrap()
    }

    fn path(&self) -> PathBuf {
        self.site.folder.path().join("store/blobs/sha256").join(self.blob.hex())
    }

    fn cat(&self, path: &str) -> (Vec<u8>, Option<ErrorCode>) {
        let mut out = Vec::new();
        let done = self.site.app.cat(&self.reference, None, path.as_bytes(), None, &mut out);
        (out, done.err().map(|error| error.code))
    }

    async fn try_export(&self) -> (PathBuf, Result<Exported, UserError>) {
        let destination = self.site.folder.path().join("out");
        let (image, path) = (self.reference.clone(), b"b".to_vec());
        let wanted = ExportRequest {
            image,
            platform: None,
            path,
            layer: None,
            destination: destination.clone(),
        };
        (destination, self.site.app.export(wanted).await)
    }

    async fn export(&self) -> PathBuf {
        let (destination, done) = self.try_export().await;
        let done = done.unwrap();
        assert_eq!(done.bytes, (SMALL + LARGE) as u64);
        destination
    }

    /// Changes a bit of a file where it is stored: noise is stored as it is, so that the layer can be decoded all the same.
    fn damage(&self, content: &[u8]) {
        let mut bytes = std::fs::read(self.path()).unwrap();
        let at = bytes.windows(16).position(|found| found == &content[50_000..50_016]).unwrap();
        bytes[at] ^= 1;
        std::fs::write(self.path(), bytes).unwrap();
    }

    /// Has the checkpoints say that they stand a block further on than they do; gives them as they are then.
    fn shift(&self) -> Vec<u8> {
        let mut wrong = self.store().checkpoints(&self.blob).unwrap();
        let place = u64::from_le_bytes(wrong[FIRST_PLACE..][..8].try_into().unwrap()) + 512;
        wrong[FIRST_PLACE..][..8].copy_from_slice(&place.to_le_bytes());
        self.store().keep_checkpoints(&self.blob, &wrong).unwrap();
        wrong
    }
}

#[tokio::test]
async fn a_pull_keeps_where_reading_can_begin_and_what_is_lost_is_found_again_by_reading() {
    let pulled = Pulled::new().await;
    let kept = pulled.store().checkpoints(&pulled.blob).unwrap();
    assert_eq!(pulled.cat("b/large"), (noise(3, LARGE), None));
    assert_eq!(pulled.store().checkpoints(&pulled.blob).unwrap(), kept);
    for broken in [None, Some(&b"no checkpoints"[..])] {
        match broken {
            None => pulled.store().forget_checkpoints(&pulled.blob).unwrap(),
            Some(bytes) => pulled.store().keep_checkpoints(&pulled.blob, bytes).unwrap(),
        }
        assert_eq!(pulled.cat("b/small"), (noise(2, SMALL), None));
        assert!(pulled.store().checkpoints(&pulled.blob).is_some_and(|found| found.len() > 1000));
    }
}

#[tokio::test]
async fn a_small_file_that_a_wrong_checkpoint_spoils_is_read_from_the_start() {
    let pulled = Pulled::new().await;
    let wrong = pulled.shift();
    assert_eq!(pulled.cat("b/small"), (noise(2, SMALL), None));
    assert_ne!(pulled.store().checkpoints(&pulled.blob).unwrap(), wrong);
    assert_eq!(pulled.cat("b/small"), (noise(2, SMALL), None));
}

#[tokio::test]
async fn a_large_file_that_a_wrong_checkpoint_spoils_is_an_error_once() {
    let pulled = Pulled::new().await;
    pulled.shift();
    let (out, code) = pulled.cat("b/large");
    assert_eq!((out == noise(3, LARGE), code), (false, Some(ErrorCode::StoreDamaged)));
    assert_eq!(pulled.cat("b/large"), (noise(3, LARGE), None));
}

#[tokio::test]
async fn an_export_that_meets_a_wrong_checkpoint_writes_the_right_files() {
    let pulled = Pulled::new().await;
    pulled.shift();
    let wrong = pulled.store().checkpoints(&pulled.blob).unwrap();
    let out = pulled.export().await;
    assert_ne!(pulled.store().checkpoints(&pulled.blob).unwrap(), wrong);
    assert!(std::fs::read(out.join("small")).unwrap() == noise(2, SMALL));
    assert!(std::fs::read(out.join("large")).unwrap() == noise(3, LARGE));
}

#[tokio::test]
async fn a_byte_that_the_disk_has_changed_is_told_and_not_given_out() {
    let pulled = Pulled::new().await;
    pulled.damage(&noise(2, SMALL));
    assert_eq!(pulled.cat("b/small"), (Vec::new(), Some(ErrorCode::StoreDamaged)));
    assert_eq!(pulled.store().checkpoints(&pulled.blob), None);
}

#[tokio::test]
async fn an_export_of_a_damaged_layer_ends_and_says_so() {
    // A large file: while it is read again from the layer's start, places to begin at are found anew.
    let pulled = Pulled::new().await;
    pulled.damage(&noise(3, LARGE));
    let (_, done) = pulled.try_export().await;
    assert_eq!(done.unwrap_err().code, ErrorCode::StoreDamaged);
    assert_eq!(pulled.store().checkpoints(&pulled.blob), None);
}

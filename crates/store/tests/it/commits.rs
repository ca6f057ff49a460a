use std::fs;
use std::os::unix::fs::PermissionsExt;

use strata_spec::{Algorithm, Digest};
use strata_store::{Store, StoreError};
use tempfile::tempdir;

use crate::image::{Image, blob_path, diff_id, reference, take_in, tree};
use crate::whole;

const NAME: &str = "docker.io/library/app:1";

#[test]
fn a_commit_is_read_back_by_a_store_opened_anew() {
    let folder = tempdir().unwrap();
    let image = Image::of_index("amd64", &[b"base", b"app"], "one");
    let store = Store::open(folder.path()).unwrap();
    image.keep(&store, Some(NAME)).unwrap();
    let before = store.images().unwrap();
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.images().unwrap(), before);
    let kept = &before[0];
    assert_eq!(kept.reference, Some(reference(NAME)));
    assert_eq!((&kept.manifest, &kept.target), (&image.digest(), &image.target().digest));
    assert_eq!(kept.layers, image.records());
    assert_eq!(store.target(&reference(NAME)).unwrap(), Some(image.target()));
    let mapped = store.tree(&diff_id(b"app")).unwrap().unwrap();
    assert_eq!(mapped.as_ref(), tree(b"app"));
    assert!(store.has_layer(&Digest::sha256_of(b"app"), 3, &diff_id(b"app")).unwrap());
    assert!(!store.has_layer(&Digest::sha256_of(b"app"), 4, &diff_id(b"app")).unwrap());
    assert!(!store.has_layer(&Digest::sha256_of(b"app"), 3, &diff_id(b"other")).unwrap());
    whole::check(&store);
}

#[test]
fn the_same_image_again_changes_nothing_but_its_date() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let image = Image::new("amd64", &[b"base", b"app", b"base"]);
    image.keep(&store, Some(NAME)).unwrap();
    let index = fs::read(folder.path().join("index.json")).unwrap();
    let before = (store.images().unwrap().len(), store.totals().unwrap());
    image.keep(&store, Some(NAME)).unwrap();
    assert_eq!((store.images().unwrap().len(), store.totals().unwrap()), before);
    assert_eq!(fs::read(folder.path().join("index.json")).unwrap(), index);
    assert_eq!(before.1.image_bytes, 7, "a layer that is there twice counts once");
    whole::check(&store);
}

#[test]
fn an_image_without_one_of_its_layers_stays_out_of_sight() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let image = Image::new("amd64", &[b"base", b"app"]);
    let mut commit = image.bring(&store, Some(NAME)).unwrap();
    let left_out = commit.blobs.pop().unwrap();
    let refused = store.commit(commit);
    assert!(
        matches!(&refused, Err(StoreError::BlobUnknown { digest }) if digest == left_out.digest())
    );
    assert!(store.images().unwrap().is_empty() && whole::named(&store).is_empty());
    store.commit_blobs(vec![left_out]).unwrap();
    image.keep(&store, Some(NAME)).unwrap();
    whole::check(&store);
}

#[test]
fn an_image_under_no_name_is_listed_and_can_be_named_later() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let image = Image::new("amd64", &[b"base"]);
    image.keep(&store, None).unwrap();
    assert_eq!(store.image(&image.digest()).unwrap().unwrap().reference, None);
    image.keep(&store, Some(NAME)).unwrap();
    image.keep(&store, Some("localhost/app:2")).unwrap();
    assert_eq!(store.images().unwrap().len(), 2, "once for each name");
    assert_eq!(store.totals().unwrap().image_count, 1);
    whole::check(&store);
}

#[test]
fn a_manifest_that_goes_by_another_algorithm_is_found_by_it() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let image = Image::new("amd64", &[b"base"]);
    let digest = Digest::of(Algorithm::Sha512, &image.manifest);
    let mut commit = image.bring(&store, Some(NAME)).unwrap();
    commit.documents[0].0 = digest.clone();
    commit.manifest = digest.clone();
    commit.target.digest = digest.clone();
    store.commit(commit).unwrap();
    assert!(blob_path(&store, &digest).is_file());
    assert_eq!(store.images_of(&reference(NAME)).unwrap()[0].manifest, digest);
    whole::check(&store);
    drop(store);
    fs::remove_file(folder.path().join("strata.db")).unwrap();
    whole::check(&Store::open(folder.path()).unwrap());
}

#[test]
fn the_folder_and_its_files_are_private() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("above/store");
    let store = Store::open(&path).unwrap();
    Image::new("amd64", &[b"base"]).keep(&store, Some(NAME)).unwrap();
    let kept = take_in(&store, b"not yet committed").unwrap();
    let mut folders = vec![path];
    while let Some(folder) = folders.pop() {
        let mode = fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
    }
    drop(kept);
}

use strata_spec::{Descriptor, Digest, MediaType};
use strata_store::{Store, StoreError};
use tempfile::tempdir;

use crate::image::{Image, reference};
use crate::whole;

const NAME: &str = "docker.io/library/app:1";

/// Target and manifest of each move of a name, the oldest first.
fn moves(store: &Store, name: &str) -> Vec<(String, String, String)> {
    let database = rusqlite::Connection::open(store.folder().join("strata.db")).unwrap();
    let sql =
        "SELECT target, manifest, source FROM name_history WHERE reference = ?1 ORDER BY rowid";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

fn came(image: &Image) -> (String, String, String) {
    let (target, manifest) = (image.target().digest.to_string(), image.digest().to_string());
    (target, manifest, "registry.example".to_owned())
}

#[test]
fn a_moved_tag_leaves_the_old_image_without_a_name_and_keeps_its_history() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let (old, new) = (Image::new("amd64", &[b"base", b"1"]), Image::new("amd64", &[b"base", b"2"]));
    for image in [&old, &old, &new, &new, &old] {
        image.keep(&store, Some(NAME)).unwrap();
        let under: Vec<Digest> = store
            .images_of(&reference(NAME))
            .unwrap()
            .into_iter()
            .map(|record| record.manifest)
            .collect();
        assert_eq!(under, [image.digest()]);
        assert_eq!(store.target(&reference(NAME)).unwrap(), Some(image.target()));
        whole::check(&store);
    }
    let left = store.image(&new.digest()).unwrap().unwrap();
    assert_eq!((left.reference, left.target), (None, new.digest()));
    assert_eq!(store.images().unwrap().len(), 2);
    assert_eq!(store.shared_with(&old.digest()).unwrap(), [1, 0]);
    assert_eq!(moves(&store, NAME), [came(&old), came(&new), came(&old)]);
}

#[test]
fn platforms_under_one_name_stand_side_by_side_and_each_is_replaced_alone() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let amd = Image::of_index("amd64", &[b"amd"], "1");
    let arm = Image::of_index("arm64", &[b"arm"], "1");
    let newer = Image::of_index("amd64", &[b"newer"], "2");
    for image in [&amd, &arm, &newer] {
        image.keep(&store, Some(NAME)).unwrap();
        assert_eq!(store.target(&reference(NAME)).unwrap(), Some(image.target()), "the latest");
    }
    let mut under: Vec<_> =
        store.images_of(&reference(NAME)).unwrap().into_iter().map(|i| i.manifest).collect();
    under.sort();
    let mut expected = [arm.digest(), newer.digest()];
    expected.sort();
    assert_eq!(under, expected);
    assert_eq!(store.image(&amd.digest()).unwrap().unwrap().reference, None);
    whole::check(&store);
}

#[test]
fn a_change_is_seen_through_another_store_on_the_same_folder() {
    let folder = tempdir().unwrap();
    let (one, two) = (Store::open(folder.path()).unwrap(), Store::open(folder.path()).unwrap());
    let before = two.generation().unwrap();
    Image::new("amd64", &[b"1"]).keep(&one, Some(NAME)).unwrap();
    assert!(two.generation().unwrap() > before);
    Image::new("amd64", &[b"2"]).keep(&two, Some("localhost/two:1")).unwrap();
    assert_eq!(one.images().unwrap().len(), 2);
    whole::check(&one);
}

#[test]
fn a_registry_finds_what_was_put() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let index = br#"{"schemaVersion":2,"manifests":[]}"#;
    let target = Descriptor::new(MediaType::OciIndex, Digest::sha256_of(index), index.len() as u64);
    for name in ["localhost/b:2", "localhost/b:10", "localhost/b:1", "localhost/a/c:x", "other/a:1"]
    {
        store.put_target(&reference(name), &target, index).unwrap();
        assert_eq!(store.target(&reference(name)).unwrap(), Some(target.clone()));
    }
    assert_eq!(store.tags("localhost", "b", None, 10).unwrap(), ["1", "10", "2"]);
    assert_eq!(store.tags("localhost", "b", Some("1"), 1).unwrap(), ["10"]);
    assert_eq!(store.repositories("localhost", None, 10).unwrap(), ["a/c", "b"]);
    assert_eq!(store.repositories("localhost", Some("a/c"), 10).unwrap(), ["b"]);
    assert_eq!(store.target(&reference("localhost/b:3")).unwrap(), None);
    assert!(store.images().unwrap().is_empty());
    let refused = store.put_target(&reference("localhost/b:3"), &target, b"{}");
    assert!(matches!(refused, Err(StoreError::Damaged { .. })));
    assert_eq!(store.target(&reference("localhost/b:3")).unwrap(), None);
}

#[test]
fn registries_are_counted_by_their_names() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let image = Image::new("amd64", &[b"base"]);
    for name in [NAME, "docker.io/library/app:2", "localhost:5000/app:1"] {
        image.keep(&store, Some(name)).unwrap();
    }
    let expected = [("docker.io".to_owned(), 2), ("localhost:5000".to_owned(), 1)];
    assert_eq!(store.registries().unwrap(), expected);
}

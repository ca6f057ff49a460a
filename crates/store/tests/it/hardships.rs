use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use strata_spec::Digest;
use strata_store::{Store, StoreError};
use tempfile::{TempDir, tempdir};

use crate::image::{Image, blob_path, diff_id, reference, tree, written};
use crate::whole;

const NAME: &str = "docker.io/library/app:1";

fn store_with(image: &Image) -> (TempDir, Store) {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    image.keep(&store, Some(NAME)).unwrap();
    (folder, store)
}

#[test]
fn a_damaged_document_is_told_and_mended_by_the_next_commit() {
    let image = Image::new("amd64", &[b"base"]);
    let (_folder, store) = store_with(&image);
    let path = blob_path(&store, &image.digest());
    let mut bytes = fs::read(&path).unwrap();
    bytes[20] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let read = store.read_document(&image.digest(), 4096);
    assert!(matches!(read, Err(StoreError::Damaged { .. })), "{read:?}");
    image.keep(&store, Some(NAME)).unwrap();
    assert_eq!(store.read_document(&image.digest(), 4096).unwrap(), image.manifest);
    let read = store.read_document(&image.digest(), 20);
    assert!(matches!(read, Err(StoreError::TooLarge { limit_bytes: 20, .. })), "{read:?}");
}

#[test]
fn a_link_in_the_place_of_a_blob_or_tree_is_refused() {
    let image = Image::new("amd64", &[b"base"]);
    let (folder, store) = store_with(&image);
    let layer = Digest::sha256_of(b"base");
    let elsewhere = folder.path().join("ingest/elsewhere");
    fs::write(&elsewhere, b"base").unwrap();
    let replace = |path: &Path| {
        fs::remove_file(path).unwrap();
        symlink(&elsewhere, path).unwrap();
    };
    replace(&blob_path(&store, &layer));
    // It is no blob, and not followed; the same bytes come in again in its place.
    assert!(matches!(store.open_blob(&layer), Err(StoreError::BlobUnknown { .. })));
    assert!(matches!(store.read_document(&layer, 99), Err(StoreError::BlobUnknown { .. })));
    assert_eq!(store.blob_size(&layer).unwrap(), None);
    let mut ingest = store.ingest(&layer, 4, &|| false).unwrap();
    ingest.append(b"base").unwrap();
    store.commit_blobs(vec![ingest.finish().unwrap()]).unwrap();
    assert_eq!(store.blob_size(&layer).unwrap(), Some(4));
    replace(&folder.path().join("trees").join(format!("sha256-{}", layer.hex())));
    assert!(store.tree(&diff_id(b"base")).is_err());
    let whole = store.take_tree(|out| written(out, &tree(b"base"))).unwrap();
    store.keep_tree(&diff_id(b"base"), whole).unwrap();
    assert_eq!(store.tree(&diff_id(b"base")).unwrap().unwrap().as_ref(), tree(b"base"));
    assert_eq!(fs::read(&elsewhere).unwrap(), b"base", "nothing was written through the link");
}

#[test]
fn a_link_in_the_place_of_an_ingest_is_not_written_through() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let target = folder.path().join("ingest/target");
    fs::write(&target, b"mine").unwrap();
    let digest = Digest::sha256_of(b"x");
    symlink(&target, folder.path().join(format!("ingest/sha256-{}.part", digest.hex()))).unwrap();
    assert!(store.ingest(&digest, 1, &|| false).is_err());
    assert_eq!(fs::read(&target).unwrap(), b"mine");
}

#[test]
fn a_folder_that_is_a_link_or_no_store_or_has_links_is_refused() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("real")).unwrap();
    symlink(at("real"), at("link")).unwrap();
    let full = at("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("letter.txt"), b"dear").unwrap();
    let linked = at("linked");
    drop(Store::open(&linked).unwrap());
    fs::remove_dir(linked.join("trees")).unwrap();
    symlink(at("real"), linked.join("trees")).unwrap();
    let database = at("database");
    drop(Store::open(&database).unwrap());
    fs::rename(database.join("strata.db"), at("elsewhere.db")).unwrap();
    symlink(at("elsewhere.db"), database.join("strata.db")).unwrap();
    for path in [at("link"), at("link/"), full.clone(), full.join("letter.txt"), linked] {
        let refused = Store::open(&path);
        assert!(matches!(refused, Err(StoreError::NotAStore { .. })), "{}", path.display());
    }
    assert!(matches!(Store::open(&database), Err(StoreError::File { .. })));
    assert_eq!(fs::read_dir(&full).unwrap().count(), 1, "nothing was put into it");
    assert_eq!(fs::read_dir(at("real")).unwrap().count(), 0);
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    let folder = tempdir().unwrap();
    drop(Store::open(folder.path()).unwrap());
    if let Err(error) = chown(folder.path(), Some(12_345), None) {
        println!("skipped: only root can give a folder away: {error}");
        return;
    }
    assert!(matches!(Store::open(folder.path()), Err(StoreError::NotAStore { .. })));
}

#[test]
fn a_folder_that_others_could_read_is_closed() {
    let (folder, store) = store_with(&Image::new("amd64", &[b"base"]));
    drop(store);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    drop(Store::open(folder.path()).unwrap());
    assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
}

/// All files of a folder with their modes and bytes.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, (u32, Option<Vec<u8>>)> {
    let mut found = BTreeMap::new();
    let mut paths = vec![folder.to_owned()];
    while let Some(path) = paths.pop() {
        let data = fs::symlink_metadata(&path).unwrap();
        if data.is_dir() {
            paths.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        let bytes = data.is_file().then(|| fs::read(&path).unwrap());
        found.insert(path, (data.permissions().mode(), bytes));
    }
    found
}

#[test]
fn a_store_of_a_newer_version_is_not_touched() {
    let (folder, store) = store_with(&Image::new("amd64", &[b"base"]));
    drop(store);
    let database = rusqlite::Connection::open(folder.path().join("strata.db")).unwrap();
    database.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(database);
    fs::remove_dir_all(folder.path().join("trees")).unwrap();
    fs::write(folder.path().join("new-1-2-3"), b"its own business").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let before = snapshot(folder.path());
    let refused = Store::open(folder.path());
    assert!(matches!(refused, Err(StoreError::Newer { found: 99, .. })), "{refused:?}");
    assert!(snapshot(folder.path()) == before, "something has changed");
}

#[test]
fn a_lost_database_is_made_anew_from_the_folder() {
    let (folder, store) = store_with(&Image::of_index("amd64", &[b"base", b"app"], "1"));
    Image::of_index("arm64", &[b"arm"], "1").keep(&store, Some(NAME)).unwrap();
    Image::new("amd64", &[b"base", b"tool"]).keep(&store, Some("localhost/tool:2")).unwrap();
    let index = br#"{"schemaVersion":2,"manifests":[]}"#;
    let target = Image::new("amd64", &[]).target();
    let target = strata_spec::Descriptor {
        media_type: strata_spec::MediaType::OciIndex,
        digest: Digest::sha256_of(index),
        ..target
    };
    store.put_target(&reference("localhost/put:1"), &target, index).unwrap();
    let told = |store: &Store| {
        let mut images = store.images().unwrap();
        for image in &mut images {
            // What the folder does not tell.
            image.pulled_at = String::new();
            image.layers.iter_mut().for_each(|layer| layer.tar_bytes = 0);
        }
        images.sort_by_key(|image| image.manifest.clone());
        let tags = store.tags("localhost", "put", None, 9).unwrap();
        let target = store.target(&reference(NAME)).unwrap();
        (images, tags, target, store.totals().unwrap())
    };
    let before = told(&store);
    assert_eq!(before.0.len(), 3);
    drop(store);
    for ending in ["", "-wal", "-shm"] {
        fs::remove_file(folder.path().join(format!("strata.db{ending}"))).ok();
    }
    let store = Store::open(folder.path()).unwrap();
    assert!(told(&store) == before, "{:#?}\n{before:#?}", told(&store));
    let layer = Digest::sha256_of(b"base");
    assert!(!store.is_checked_layer(&layer, &diff_id(b"base")).unwrap(), "a config is no proof");
    Image::new("amd64", &[b"base", b"more"]).keep(&store, Some(NAME)).unwrap();
    assert_eq!(store.images().unwrap().len(), 4);
}

#[test]
fn a_name_that_another_tool_wrote_or_removed_is_followed() {
    let image = Image::new("amd64", &[b"base"]);
    let (folder, store) = store_with(&image);
    let path = folder.path().join("index.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("library/app:1", "library/other:7")).unwrap();
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    assert!(store.images_of(&reference(NAME)).unwrap().is_empty());
    assert_eq!(store.images_of(&reference("library/other:7")).unwrap().len(), 1);
    whole::check(&store);
    // Written while we have the store open: the next commit keeps it.
    fs::write(&path, text.replace("library/app:1", "library/third:77")).unwrap();
    Image::new("amd64", &[b"2"]).keep(&store, Some(NAME)).unwrap();
    let names: Vec<String> = whole::named(&store).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [NAME, "docker.io/library/third:77"]);
    whole::check(&store);
}

#[test]
fn what_an_interrupted_write_left_goes_and_what_can_be_taken_up_stays() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let digest = Digest::sha256_of(b"ten bytes.");
    let mut ingest = store.ingest(&digest, 10, &|| false).unwrap();
    ingest.append(b"ten").unwrap();
    drop((ingest, store));
    fs::write(folder.path().join("new-1-2-3"), b"half an index").unwrap();
    let long_ago = std::time::SystemTime::UNIX_EPOCH;
    for name in ["upload-1-2-3", "tree-1-2-3"] {
        let file = fs::File::create(folder.path().join("ingest").join(name)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    fs::write(folder.path().join("ingest/upload-now"), b"somebody writes this").unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert!(!folder.path().join("new-1-2-3").exists());
    let mut left: Vec<_> = fs::read_dir(folder.path().join("ingest"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, [format!("sha256-{}.part", digest.hex()), "upload-now".to_owned()]);
    assert_eq!(store.ingest(&digest, 10, &|| false).unwrap().offset(), 3);
}

#[test]
fn what_a_killed_pull_left_goes_soon_and_what_is_still_held_stays() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let ingest = folder.path().join("ingest");
    let held = store.take_tree::<StoreError>(|_| Ok(())).unwrap();
    fs::write(ingest.join("tree-1-2-3"), b"half an index").unwrap();
    let two_minutes_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(120);
    for entry in fs::read_dir(&ingest).unwrap() {
        let file = fs::File::options().write(true).open(entry.unwrap().path()).unwrap();
        file.set_modified(two_minutes_ago).unwrap();
    }
    Store::open(folder.path()).unwrap();
    assert!(!ingest.join("tree-1-2-3").exists());
    assert_eq!(fs::read_dir(&ingest).unwrap().count(), 1);
    drop(held);
    assert_eq!(fs::read_dir(&ingest).unwrap().count(), 0);
}

#[test]
fn all_who_use_a_store_have_the_same_key_and_a_cut_one_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let stores: Vec<Store> = (0..8).map(|_| Store::open(&path).unwrap()).collect();
    let asking: Vec<_> = stores
        .into_iter()
        .map(|store| std::thread::spawn(move || store.fingerprint_key().unwrap()))
        .collect();
    let keys: Vec<[u8; 32]> = asking.into_iter().map(|asked| asked.join().unwrap()).collect();
    assert!(keys.iter().all(|key| *key == keys[0] && *key != [0; 32]));
    let file = path.join("trees/key");
    fs::write(&file, b"half a key").unwrap();
    let new = Store::open(&path).unwrap().fingerprint_key().unwrap();
    assert_ne!(new, keys[0]);
    assert_eq!(fs::read(&file).unwrap(), new);
    assert_eq!(fs::read_dir(path.join("ingest")).unwrap().count(), 0);
}

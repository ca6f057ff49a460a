use std::path::Path;
use std::process::Command;

use strata_spec::{Descriptor, Platform};
use strata_store::Store;
use tempfile::tempdir;

use crate::image::{Image, reference};

const NAME: &str = "docker.io/library/app:1";

fn skopeo(arguments: &[&str]) -> Option<Vec<u8>> {
    match Command::new("skopeo").args(arguments).output() {
        Ok(output) => {
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "skopeo {arguments:?}: {told}");
            Some(output.stdout)
        }
        Err(error) => {
            println!("skipped: skopeo cannot be run: {error}");
            None
        }
    }
}

fn place(folder: &Path, name: &str) -> String {
    format!("oci:{}:{name}", folder.display())
}

/// Copies an image, which reads all its blobs and compares them.
fn copies(from: &str) {
    let copy = tempdir().unwrap();
    let to = format!("dir:{}", copy.path().join("copy").display());
    skopeo(&["--insecure-policy", "copy", "-q", from, &to]);
}

#[test]
fn skopeo_reads_one_image_of_an_index_whose_others_are_not_here() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    // Of a platform that nobody has: skopeo must take it for it is named, not for where it runs.
    for architecture in [Platform::host().architecture.as_str(), "riscv64"] {
        let name = format!("registry.example:5000/{architecture}/app:1");
        let image = Image::of_index(architecture, &[b"base", b"app"], "1");
        image.keep(&store, Some(&name)).unwrap();
        let from = place(folder.path(), &name);
        let Some(raw) = skopeo(&["inspect", "--raw", &from]) else { return };
        assert_eq!(raw, image.manifest);
        assert_eq!(skopeo(&["inspect", "--config", "--raw", &from]).unwrap(), image.config);
        copies(&from);
    }
}

#[test]
fn of_two_platforms_under_a_name_skopeo_takes_the_one_of_this_machine() {
    let host = Platform::host().architecture;
    let here = Image::of_index(&host, &[b"here"], "1");
    let there = Image::of_index("riscv64", &[b"there"], "1");
    for order in [[&here, &there], [&there, &here]] {
        let folder = tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        for image in order {
            image.keep(&store, Some(NAME)).unwrap();
        }
        let from = place(folder.path(), NAME);
        let Some(raw) = skopeo(&["inspect", "--raw", &from]) else { return };
        assert_eq!(raw, here.manifest);
        copies(&from);
    }
}

#[test]
fn skopeo_reads_what_was_put_and_we_read_what_skopeo_wrote() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let image = Image::new("amd64", &[b"base", b"app"]);
    image.keep(&store, None).unwrap();
    let target: Descriptor = image.target();
    store.put_target(&reference("localhost/put:1"), &target, &image.manifest).unwrap();
    let (from, to) =
        (place(folder.path(), "localhost/put:1"), place(folder.path(), "localhost/copied:2"));
    if skopeo(&["--insecure-policy", "copy", "-q", &from, &to]).is_none() {
        return;
    }
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    let copied = store.images_of(&reference("localhost/copied:2")).unwrap();
    assert_eq!(copied.len(), 1);
    assert_eq!(copied[0].layers.len(), 2);
}

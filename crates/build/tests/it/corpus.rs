//! Dockerfiles as folders, each with the files and the config that come of it.
//!
//! A folder holds a `Dockerfile` and the context. `expected.files` has a line for each path of the image, `expected.image`
//! the config's settings and the history. Where `STRATA_WRITE_EXPECTED` is set they are written instead, for somebody to
//! read.

use std::fmt::Write;
use std::path::Path;

use crate::host::{Site, copy_folder, history};

fn described(site: &Site, built: &strata_build::Built) -> String {
    let config = site.config(built);
    let mut text = serde_json::to_string_pretty(&config["config"]).unwrap();
    text.push('\n');
    for line in history(&config) {
        writeln!(text, "{line}").unwrap();
    }
    text
}

fn check(folder: &Path) {
    let site = Site::new();
    copy_folder(folder, &site.context());
    for name in ["expected.files", "expected.image"] {
        std::fs::remove_file(site.context().join(name)).ok();
    }
    let dockerfile = std::fs::read_to_string(folder.join("Dockerfile")).unwrap();
    let built =
        site.build(&dockerfile).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let found =
        [("expected.files", site.files(&built)), ("expected.image", described(&site, &built))];
    for (name, found) in found {
        let path = folder.join(name);
        if std::env::var_os("STRATA_WRITE_EXPECTED").is_some() {
            std::fs::write(&path, found).unwrap();
            continue;
        }
        let expected = std::fs::read_to_string(&path).unwrap();
        assert_eq!(found, expected, "{}", path.display());
    }
    // All of it is there the second time.
    let again = site.build(&dockerfile).unwrap();
    assert_eq!(again.manifest.digest, built.manifest.digest, "{}", folder.display());
}

#[test]
fn every_folder_becomes_the_image_that_is_expected() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut folders: Vec<_> =
        std::fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 10, "the corpus is not there");
    for folder in folders {
        check(&folder);
    }
}

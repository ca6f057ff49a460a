//! Public tables of what unpackers make of layers.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use strata_testkit::{Layer, cases, with_entry};

use super::{Site, needs_root, paths};

fn tar(entries: &Value) -> Vec<u8> {
    entries.as_array().unwrap().iter().fold(Layer::new(), with_entry).tar()
}

/// Where a path leads inside of a root, as if that were the root of all.
fn inside(root: &Path, path: &str) -> PathBuf {
    let mut at = Vec::<String>::new();
    let mut rest: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
    for _ in 0..1000 {
        let Some(name) = rest.pop() else { break };
        match &*name {
            "" | "." => continue,
            ".." => {
                at.pop();
                continue;
            }
            _ => at.push(name),
        }
        if let Ok(target) = fs::read_link(root.join(at.join("/"))) {
            at.pop();
            if target.is_absolute() {
                at.clear();
            }
            rest.extend(target.to_str().unwrap().split('/').rev().map(str::to_owned));
        }
    }
    root.join(at.join("/"))
}

fn check(name: &str, root: &Path, check: &Value) {
    let path = |at: usize| inside(root, check[at].as_str().unwrap());
    let number = |path: PathBuf| {
        fs::symlink_metadata(&path).unwrap_or_else(|error| panic!("{name}: {path:?} {error}")).ino()
    };
    match check[0].as_str().unwrap() {
        "file-equals" => {
            let found =
                fs::read_to_string(path(1)).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(found, check[2].as_str().unwrap(), "{name}");
        }
        "absent" => assert!(fs::symlink_metadata(path(1)).is_err(), "{name}"),
        "same-inode" => assert_eq!(number(path(1)), number(path(2)), "{name}"),
        "different-inode" => assert_ne!(number(path(1)), number(path(2)), "{name}"),
        "same-symlink" => {
            let link = |at: usize| {
                let path = root.join(check[at].as_str().unwrap().trim_start_matches('/'));
                fs::read_link(path).unwrap_or_else(|error| panic!("{name}: {error}"))
            };
            assert_eq!(link(1), link(2), "{name}");
        }
        "dirs-exist" => {
            for at in 1..check.as_array().unwrap().len() {
                assert!(path(at).is_dir(), "{name}");
            }
        }
        "nothing-outside-root" => {}
        other => panic!("{name}: an unknown check, {other}"),
    }
}

#[test]
fn layers_are_applied_as_unpackers_apply_them() {
    if !needs_root() {
        return;
    }
    for case in cases("layer-apply.jsonl") {
        let name = case["name"].as_str().unwrap();
        let mut site = Site::new();
        site.unpack(&tar(&case["before"])).unwrap();
        let unpacked = site.unpack(&tar(&case["tar"]));
        if case["error"] == true {
            assert!(unpacked.is_err(), "{name}");
            continue;
        }
        if let Err(error) = unpacked {
            // The table has one link without a name. No file can be called so: such a layer may be refused.
            assert_eq!(name, "SymlinkEmptyFilename", "{error}");
            continue;
        }
        let Some(merged) = site.mounted() else { return };
        for each in case["after"].as_array().unwrap() {
            check(name, &merged.0, each);
        }
    }
}

#[test]
fn layers_that_want_out_stay_in() {
    for case in cases("layer-breakout.jsonl") {
        let mut site = Site::new();
        let (victim, secret) = (site.folder.path().join("victim"), "random bytes of a victim");
        fs::create_dir(&victim).unwrap();
        fs::write(victim.join("hello"), secret).unwrap();
        let unpacked = site.unpack(&tar(&case["tar"]));
        assert_eq!(paths(&victim), ["hello"], "{case}");
        assert_eq!(fs::read_to_string(victim.join("hello")).unwrap(), secret);
        assert_eq!(fs::metadata(victim.join("hello")).unwrap().nlink(), 1, "{case}");
        if unpacked.is_err() {
            continue;
        }
        for path in paths(site.top()).iter().filter(|path| !path.contains(" -> ")) {
            let found = fs::read_to_string(site.top().join(path)).unwrap_or_default();
            assert_ne!(found, secret, "{case}: {path}");
        }
    }
}

#[test]
fn opaque_folders_keep_what_their_own_layer_brings() {
    if !needs_root() {
        return;
    }
    for case in cases("layer-whiteouts.jsonl").iter().filter(|case| case["op"] == "opaque") {
        let entries = case["entries"].as_array().unwrap();
        let layer = |upper: bool| {
            let of_layer = entries.iter().filter(|entry| entry["upper"] == upper);
            of_layer.fold(Layer::new().dir("d"), |layer, entry| {
                let mut entry = entry.clone();
                entry["path"] = Value::from(format!("d/{}", entry["path"].as_str().unwrap()));
                with_entry(layer, &entry)
            })
        };
        let mut site = Site::new();
        site.unpack(&layer(false).tar()).unwrap();
        site.unpack(&layer(true).opaque("d").tar()).unwrap();
        let Some(merged) = site.mounted() else { return };
        for entry in entries {
            let path = entry["path"].as_str().unwrap();
            if path.contains(".wh.") {
                continue;
            }
            let is_there = fs::symlink_metadata(merged.0.join("d").join(path)).is_ok();
            assert_eq!(Some(is_there), entry["survives"].as_bool(), "{}: {path}", case["name"]);
        }
    }
}

#[test]
fn whiteouts_delete_what_they_name() {
    if !needs_root() {
        return;
    }
    for case in cases("layer-whiteouts.jsonl").iter().filter(|case| case["op"] == "whiteout") {
        let path = case["path"].as_str().unwrap();
        let below = match case["dir"] == true {
            true => Layer::new().dir(path).file(format!("{path}/inner"), "x"),
            false => Layer::new().file(path, "x"),
        };
        let mut site = Site::new();
        site.unpack(&below.tar()).unwrap();
        let unpacked = site.unpack(&Layer::new().whiteout(path).tar());
        if case["error"] == true {
            assert!(unpacked.is_err(), "{}", case["name"]);
            continue;
        }
        unpacked.unwrap();
        let Some(merged) = site.mounted() else { return };
        let there = merged.paths();
        assert!(!there.iter().any(|found| found.trim_end_matches('/') == path), "{there:?}");
    }
}

#[test]
fn what_is_written_through_a_link_lands_inside() {
    let cases = cases("layer-whiteouts.jsonl");
    for case in cases.iter().filter(|case| case["op"] == "scope-symlink") {
        let prefix = case["prefix"].as_str().unwrap();
        let mut site = Site::new();
        let tar = Layer::new().symlink("link", prefix).file("link/strata-canary", "x").tar();
        site.unpack(&tar).unwrap();
        assert!(site.top().join("strata-canary").is_file(), "{prefix}: {:?}", paths(site.top()));
        assert!(!Path::new("/strata-canary").exists());
        assert!(!site.folder.path().join("strata-canary").exists());
    }
}

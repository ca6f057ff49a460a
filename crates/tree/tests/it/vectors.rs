//! Public tables of what unpackers make of layers.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use strata_layer::{EntryKind, Limits, scan};
use strata_testkit::{Layer, cases, with_entry};
use strata_tree::{Listing, Tree, TreeBuilder};

use crate::{path, rows};

/// What is there with all layers unpacked; `None` if one is refused.
fn system(layers: Vec<Layer>) -> Option<Listing<Vec<u8>>> {
    let mut trees = Vec::new();
    for layer in layers {
        let mut builder = TreeBuilder::new();
        let scanned = scan(&layer.tar()[..], &Limits::default(), &mut builder).ok()?;
        trees.push(Tree::open(builder.finish(&scanned.diff_id).unwrap()).unwrap());
    }
    let trees: Arc<[_]> = trees.into();
    let last = trees.len() - 1;
    Some(Listing::up_to(trees, last).unwrap())
}

/// Whether something is at `wanted`, if the links on the way there are followed.
fn is_there(listing: &Listing<Vec<u8>>, wanted: &str) -> bool {
    let all: BTreeMap<String, (EntryKind, String)> = rows(listing)
        .map(|row| {
            let target = String::from_utf8(row.link.to_vec()).unwrap();
            (path(listing, &row), (row.kind, target))
        })
        .collect();
    let mut at: Vec<String> = Vec::new();
    let mut rest: Vec<String> = wanted.split('/').rev().map(str::to_owned).collect();
    while let Some(name) = rest.pop() {
        match name.as_str() {
            "" | "." => continue,
            ".." => {
                at.pop();
                continue;
            }
            _ => at.push(name),
        }
        let Some((kind, target)) = all.get(&at.join("/")) else { return false };
        if *kind == EntryKind::Symlink && !rest.is_empty() {
            at.pop();
            if target.starts_with('/') {
                at.clear();
            }
            rest.extend(target.split('/').rev().map(str::to_owned));
        }
    }
    true
}

#[test]
fn layers_are_applied_as_unpackers_apply_them() {
    for case in cases("layer-apply.jsonl") {
        let layers = ["before", "tar"]
            .map(|part| case[part].as_array().unwrap().iter().fold(Layer::new(), with_entry));
        let found = system(layers.into());
        if case["error"] == true {
            assert!(found.is_none(), "{}", case["name"]);
            continue;
        }
        // The table has one link without a name. No file can be called so: such a layer may be refused.
        let Some(found) = found else {
            assert_eq!(case["name"], "SymlinkEmptyFilename");
            continue;
        };
        for check in case["after"].as_array().unwrap() {
            let wanted = check[1].as_str().unwrap();
            let expected = check[0] != "absent";
            assert_eq!(is_there(&found, wanted), expected, "{}: {wanted}", case["name"]);
        }
    }
}

#[test]
fn opaque_folders_keep_what_their_own_layer_brings() {
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
        let found = system(vec![layer(false), layer(true).opaque("d")]).unwrap();
        for entry in entries {
            let wanted = entry["path"].as_str().unwrap();
            if wanted.contains(".wh.") {
                continue;
            }
            let is_found = rows(&found).any(|row| path(&found, &row) == format!("d/{wanted}"));
            assert_eq!(Some(is_found), entry["survives"].as_bool(), "{}: {wanted}", case["name"]);
        }
    }
}

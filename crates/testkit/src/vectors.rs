//! Public tables of test cases, in the folder that `STRATA_SHARED` names, or in `shared` beside the repository.

use std::path::PathBuf;

use serde_json::Value;
use tar::EntryType;

use crate::Layer;

/// The cases of one table, a line each; none, with a word, where the table is not there.
#[must_use]
pub fn cases(file: &str) -> Vec<Value> {
    let shared = std::env::var_os("STRATA_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = shared.join("conformance").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no vectors at {}", path.display());
        return Vec::new();
    };
    let lines = text.lines().filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A text field of a case; empty where it has none.
#[must_use]
pub fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_default()
}

/// A layer with one more entry, as the tables of layers write them.
#[must_use]
pub fn with_entry(layer: Layer, entry: &Value) -> Layer {
    let bytes = |field: &str| text(entry, field).as_bytes().to_vec();
    let kind = match entry["kind"].as_str().unwrap() {
        "dir" => EntryType::Directory,
        "symlink" => EntryType::Symlink,
        "hardlink" => EntryType::Link,
        "fifo" => EntryType::Fifo,
        _ => EntryType::Regular,
    };
    let mode = u32::try_from(entry["mode"].as_u64().unwrap_or(0o644)).unwrap();
    layer.raw(&bytes("path"), kind, mode, &bytes("target"), &bytes("data"))
}

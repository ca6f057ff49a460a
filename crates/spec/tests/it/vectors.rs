//! Finding the vectors.

use std::path::PathBuf;

use serde_json::Value;

/// The cases of one file, or none (said so) where the folder is not there.
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
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A text field of a case.
pub fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_default()
}

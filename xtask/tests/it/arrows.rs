use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::sources::root;

/// What each crate may use directly or through others, as the drawing in ARCHITECTURE.md says. Tests may use `testkit`,
/// and what `TEST_ARROWS` names.
const ARROWS: &[(&str, &[&str])] = &[
    ("spec", &[]),
    ("layer", &["spec"]),
    ("tree", &["spec", "layer"]),
    ("store", &["spec"]),
    ("remote", &["spec"]),
    ("transfer", &["spec", "layer", "tree", "store", "remote"]),
    ("registry", &["spec", "store"]),
    ("content", &[]),
    ("dockerfile", &["spec"]),
    ("inspect", &["spec", "layer", "tree", "dockerfile"]),
    ("build", &["spec", "layer", "tree", "store", "remote", "transfer", "dockerfile"]),
    ("run", &["spec", "layer", "store"]),
    ("engine", &["spec", "layer", "store", "transfer", "build", "run"]),
    ("testkit", &["spec"]),
    (
        "app",
        &[
            "spec",
            "layer",
            "tree",
            "store",
            "remote",
            "transfer",
            "registry",
            "content",
            "dockerfile",
            "inspect",
            "build",
            "engine",
            "run",
        ],
    ),
    ("cli", &["app"]),
    ("desktop", &["app"]),
    ("system-tests", &[]),
];

/// What tests and examples of a crate may use beyond that: the real thing at the other end.
const TEST_ARROWS: &[(&str, &[&str])] = &[
    ("store", &["layer", "tree"]),
    ("remote", &["store", "registry"]),
    ("transfer", &["registry"]),
    ("cli", &["registry", "store"]),
    ("registry", &["remote", "layer", "tree"]),
];

/// Libraries that only these crates may use directly.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("tauri", &["desktop"]),
    ("tauri-build", &["desktop"]),
    ("reqwest", &["remote"]),
    ("hyper", &[]),
    ("axum", &["registry"]),
    ("rusqlite", &["store"]),
    ("clap", &["cli"]),
    ("dirs", &["app"]),
];

/// Crates that do no work over the net and know no async runtime.
const SYNCHRONOUS: &[&str] =
    &["spec", "layer", "tree", "store", "run", "build", "engine", "testkit"];

struct Edge {
    from: String,
    to: String,
    is_for_tests: bool,
}

fn edges() -> Vec<Edge> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut edges = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        for dependency in package["dependencies"].as_array().unwrap() {
            edges.push(Edge {
                from: short(package["name"].as_str().unwrap()),
                to: dependency["name"].as_str().unwrap().to_owned(),
                is_for_tests: dependency["kind"] == "dev",
            });
        }
    }
    edges
}

fn short(name: &str) -> String {
    name.strip_prefix("strata-").unwrap_or(name).to_owned()
}

fn table(rows: &'static [(&str, &[&str])]) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    rows.iter().map(|(name, others)| (*name, others.iter().copied().collect())).collect()
}

#[test]
fn crates_use_only_what_the_drawing_allows() {
    let (arrows, test_arrows) = (table(ARROWS), table(TEST_ARROWS));
    let mut wrong = Vec::new();
    for edge in edges() {
        let Some(to) = edge.to.strip_prefix("strata-") else { continue };
        let from = edge.from.as_str();
        let Some(allowed) = arrows.get(from) else {
            wrong.push(format!("{from} is not in the drawing"));
            continue;
        };
        let in_tests =
            test_arrows.get(from).is_some_and(|more| more.contains(to)) || to == "testkit";
        if !(allowed.contains(to) || edge.is_for_tests && in_tests) {
            wrong.push(format!("{from} must not use {to}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_drawing_has_no_circle() {
    let arrows = table(ARROWS);
    // The table lists all that may be used, near and far, so a circle of any length shows as one of two.
    for (name, used) in &arrows {
        for other in used {
            let beyond =
                arrows.get(other).unwrap_or_else(|| panic!("{other} is not in the drawing"));
            assert!(!beyond.contains(name), "{name} and {other} use each other");
        }
    }
}

#[test]
fn some_libraries_are_kept_to_one_place() {
    let wrong: Vec<String> = edges()
        .iter()
        .filter(|edge| !edge.is_for_tests)
        .filter_map(|edge| {
            let (_, owners) = KEPT_TO.iter().find(|(library, _)| *library == edge.to)?;
            (!owners.contains(&edge.from.as_str()))
                .then(|| format!("{} must not use {}", edge.from, edge.to))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_lower_crates_know_no_async_runtime() {
    let wrong: Vec<String> = edges()
        .iter()
        .filter(|edge| !edge.is_for_tests && edge.to.starts_with("tokio"))
        .filter(|edge| SYNCHRONOUS.contains(&edge.from.as_str()))
        .map(|edge| format!("{} must not use {}", edge.from, edge.to))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

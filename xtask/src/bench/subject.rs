//! An image of the corpus that is measured with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::corpus::Corpus;
use crate::error::TaskError;
use crate::process;

/// All of the corpus, in the order of the report.
const CORPUS: &[&str] = &["debian:12", "py:gz", "py:zstd", "node:gz", "big:gz", "tiny120:gz"];

/// An image to pull.
#[derive(Debug)]
pub struct Subject {
    /// As `py:gz`.
    pub name: String,
    /// The bytes of its layers, compressed, as the registry has them.
    pub compressed_bytes: u64,
    /// All that a tool must keep: manifest, config and layers.
    pub kept_bytes: u64,
}

/// The images that were asked for; without a wish all that are there. One that was asked for is made.
pub fn subjects(corpus: &Corpus, wanted: &[String]) -> Result<Vec<Subject>, TaskError> {
    if !wanted.is_empty() {
        return wanted
            .iter()
            .map(|name| {
                corpus.image(name)?;
                subject(corpus, name)
            })
            .collect();
    }
    let mut found = Vec::new();
    for name in CORPUS {
        match subject(corpus, name) {
            Ok(subject) => found.push(subject),
            Err(_) => println!("skipped: {name} is not in the corpus (name it to have it made)"),
        }
    }
    Ok(found)
}

/// How an image is called at `address`.
pub fn reference(address: &str, name: &str) -> String {
    format!("{address}/corpus/{name}")
}

fn subject(corpus: &Corpus, name: &str) -> Result<Subject, TaskError> {
    let mut inspect = Command::new("skopeo");
    inspect.args(["inspect", "--raw", "--tls-verify=false"]);
    inspect.arg(format!("docker://{}", reference(&corpus.address, name)));
    let output = inspect.output();
    let output = output.map_err(|source| start_failed("skopeo", source))?;
    let wrong = || TaskError::Output {
        command: process::shown(&inspect),
        expected: "a manifest",
        found: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    let manifest: Value = serde_json::from_slice(&output.stdout).map_err(|_| wrong())?;
    let size = |value: &Value| value["size"].as_u64().unwrap_or_default();
    let layers = manifest["layers"].as_array().ok_or_else(wrong)?;
    let compressed_bytes = layers.iter().map(size).sum();
    let documents = output.stdout.len() as u64 + size(&manifest["config"]);
    Ok(Subject {
        name: name.to_owned(),
        compressed_bytes,
        kept_bytes: compressed_bytes + documents,
    })
}

/// Copies the layers of an image into `folder` and returns their files.
pub fn layers(corpus: &Corpus, name: &str, folder: &Path) -> Result<Vec<PathBuf>, TaskError> {
    let mut copy = Command::new("skopeo");
    copy.args(["copy", "--quiet", "--src-tls-verify=false"]);
    copy.arg(format!("docker://{}", reference(&corpus.address, name)));
    process::capture(copy.arg(format!("dir:{}", folder.display())))?;
    let text = crate::workspace::read_text(&folder.join("manifest.json"))?;
    let manifest: Value = serde_json::from_str(&text).unwrap_or_default();
    let layers = manifest["layers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let digests = layers.iter().filter_map(|layer| layer["digest"].as_str()?.split(':').nth(1));
    Ok(digests.map(|hex| folder.join(hex)).filter(|path| fs::metadata(path).is_ok()).collect())
}

fn start_failed(program: &str, source: std::io::Error) -> TaskError {
    TaskError::Start { program: program.to_owned(), source }
}

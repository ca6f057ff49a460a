//! The kind of a file from its name and its first bytes.

use serde::{Deserialize, Serialize};

use super::magic::by_magic;
use super::{Encoding, Kind, encoding};
use crate::bounded::text;
use crate::entry_path::last_part;

/// How many of a file's first bytes tell its kind; more are not looked at.
pub const HEAD_BYTES: usize = 4_096;

/// What the name and the first bytes of a file say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sniffed {
    /// The kind.
    pub kind: Kind,
    /// The encoding, where it is a text.
    pub encoding: Option<Encoding>,
    /// The program in the first line, where it is a script: `sh`, `python3`.
    pub interpreter: Option<String>,
}

/// The kind of a file from its name (or path) and its first bytes, [`HEAD_BYTES`] of them if there are so many.
#[must_use]
pub fn sniff(name: &[u8], head: &[u8]) -> Sniffed {
    let head = head.get(..HEAD_BYTES).unwrap_or(head);
    let name = last_part(name).to_ascii_lowercase();
    let binary = |kind| Sniffed { kind, encoding: None, interpreter: None };
    if head.is_empty() {
        return binary(Kind::Empty);
    }
    if let Some(kind) = by_magic(head) {
        return binary(by_name_and_magic(&name, kind));
    }
    let Some(encoding) = encoding(head) else {
        return binary(if is_plain_tar(head) { Kind::Tar } else { binary_by_name(&name) });
    };
    let interpreter = interpreter(head);
    let kind = match &interpreter {
        Some(_) => Kind::Script,
        None => text_kind(&name, head),
    };
    Sniffed { kind, encoding: Some(encoding), interpreter }
}

fn ends(name: &[u8], endings: &[&str]) -> bool {
    endings.iter().any(|ending| name.ends_with(ending.as_bytes()))
}

/// A kind that is more special than what the bytes alone say.
fn by_name_and_magic(name: &[u8], kind: Kind) -> Kind {
    match kind {
        Kind::Zip if ends(name, &[".jar", ".war", ".ear", ".jmod"]) => Kind::Jar,
        Kind::Zip if ends(name, &[".whl"]) => Kind::Wheel,
        Kind::Gzip if ends(name, &[".tgz", ".tar.gz"]) => Kind::TarGzip,
        Kind::Gzip if ends(name, &[".svgz"]) => Kind::Svg,
        kind => kind,
    }
}

/// Kinds whose bytes say nothing.
fn binary_by_name(name: &[u8]) -> Kind {
    if ends(name, &[".p12", ".pfx", ".jks", ".keystore"]) {
        Kind::KeyStore
    } else if ends(name, &[".mp3", ".aac"]) {
        Kind::Audio
    } else {
        Kind::Binary
    }
}

/// A tar of before POSIX has no mark, but a checksum in its header.
fn is_plain_tar(block: &[u8]) -> bool {
    let Some(block) = block.get(..512) else { return false };
    let said = std::str::from_utf8(&block[148..156]).ok();
    let said = said.map(|text| text.trim_matches(|c: char| c == '\0' || c == ' '));
    let said = said.and_then(|text| u64::from_str_radix(text, 8).ok());
    let sum: u64 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) })
        .sum();
    said == Some(sum)
}

/// The program that `#!` names; `env` and its options are passed over.
fn interpreter(head: &[u8]) -> Option<String> {
    let line = head.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = text(line, 256);
    let mut words = line.split_whitespace();
    let mut program = words.next()?;
    if last_part(program.as_bytes()) == b"env" {
        program = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
    }
    let name = text(last_part(program.as_bytes()), 64);
    (!name.is_empty()).then_some(name)
}

/// Endings of texts, with their kinds.
const TEXT_ENDINGS: &[(Kind, &[&str])] = &[
    (Kind::Json, &[".json", ".jsonl", ".ndjson", ".map", ".webmanifest"]),
    (Kind::Svg, &[".svg"]),
    (Kind::Html, &[".html", ".htm", ".xhtml"]),
    (Kind::Xml, &[".xml", ".xsd", ".xsl", ".xslt", ".pom", ".plist"]),
    (Kind::Yaml, &[".yaml", ".yml"]),
    (Kind::Css, &[".css", ".scss", ".less"]),
    (Kind::Markup, &[".md", ".markdown", ".rst", ".adoc"]),
    (Kind::Table, &[".csv", ".tsv"]),
    (Kind::Log, &[".log"]),
    (
        Kind::Settings,
        &[
            ".toml",
            ".ini",
            ".conf",
            ".cfg",
            ".cnf",
            ".properties",
            ".env",
            ".service",
            ".desktop",
            ".npmrc",
        ],
    ),
    (
        Kind::Source,
        &[
            ".c", ".h", ".cc", ".cpp", ".hpp", ".rs", ".go", ".py", ".pyi", ".pyx", ".js", ".mjs",
            ".cjs", ".ts", ".tsx", ".jsx", ".svelte", ".vue", ".java", ".kt", ".scala", ".rb",
            ".pl", ".pm", ".php", ".lua", ".tcl", ".sql", ".swift", ".cs", ".r", ".sh", ".bash",
            ".ps1", ".el", ".vim", ".cmake", ".mk", ".s", ".proto", ".gradle", ".clj", ".ex",
            ".erl", ".hs", ".ml",
        ],
    ),
];

fn text_kind(name: &[u8], head: &[u8]) -> Kind {
    if let Some(kind) = pem_kind(head) {
        return kind;
    }
    if let Some((kind, _)) = TEXT_ENDINGS.iter().find(|(_, endings)| ends(name, endings)) {
        return *kind;
    }
    let start = head.trim_ascii_start();
    let lower = start.get(..256).unwrap_or(start).to_ascii_lowercase();
    if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") {
        return Kind::Html;
    }
    if lower.starts_with(b"<svg") || lower.starts_with(b"<?xml") && has(start, b"<svg") {
        return Kind::Svg;
    }
    if lower.starts_with(b"<?xml") {
        return Kind::Xml;
    }
    if looks_like_json(head, start) {
        return Kind::Json;
    }
    Kind::Text
}

fn pem_kind(head: &[u8]) -> Option<Kind> {
    let start = head.windows(11).position(|window| window == b"-----BEGIN ")?;
    // Text before it may explain a certificate, but not be a program that holds one.
    if start > 0 && head[start - 1] != b'\n' {
        return None;
    }
    let label = head[start + 11..].split(|byte| *byte == b'-').next()?;
    if label.ends_with(b"PRIVATE KEY") || label.ends_with(b"PRIVATE KEY BLOCK") {
        Some(Kind::PrivateKey)
    } else if label.ends_with(b"CERTIFICATE") {
        Some(Kind::Certificate)
    } else if label.ends_with(b"PUBLIC KEY") || label.ends_with(b"PUBLIC KEY BLOCK") {
        Some(Kind::PublicKey)
    } else {
        None
    }
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The whole of a short text, or a start that only JSON has.
fn looks_like_json(head: &[u8], start: &[u8]) -> bool {
    if !matches!(start.first(), Some(b'{' | b'[')) {
        return false;
    }
    if head.len() < HEAD_BYTES {
        return serde_json::from_slice::<serde::de::IgnoredAny>(head).is_ok();
    }
    let next = start[1..].trim_ascii_start();
    matches!(next, [b'"', ..] | [b'{', b'"', ..]) || next.starts_with(b"{\n")
}

#[cfg(test)]
mod tests;

//! What a file is, from its name and its first bytes. Names are only asked where bytes do not tell.

use crate::text::decode;

/// How many first bytes are enough.
const HEAD: usize = 8 * 1024;

/// How a file's content is best shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// There is none.
    Empty,
    /// Text in some encoding.
    Text,
    /// Text that is JSON by its name.
    Json,
    /// A picture that a browser shows.
    Image,
    /// An executable, library or core of Linux and its kin.
    Elf,
    /// Several files in one: tar, zip, or a packed tar.
    Archive,
    /// Bytes.
    Other,
}

/// What was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sniffed {
    /// How it is best shown.
    pub kind: Kind,
    /// Its media type, as far as it can be told.
    pub media_type: &'static str,
}

/// Pictures that a web view shows by itself.
const PICTURES: [&str; 7] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/bmp",
    "image/vnd.microsoft.icon",
    "image/avif",
];

/// Tells what a file is by its path and its first bytes.
#[must_use]
pub fn sniff(path: &[u8], head: &[u8]) -> Sniffed {
    let head = &head[..head.len().min(HEAD)];
    let is = |kind, media_type| Sniffed { kind, media_type };
    if head.is_empty() {
        return is(Kind::Empty, "application/x-empty");
    }
    if head.starts_with(b"\x7fELF") {
        return is(Kind::Elf, "application/x-elf");
    }
    if is_tar(head) {
        return is(Kind::Archive, "application/x-tar");
    }
    let found = infer::get(head).map(|found| found.mime_type());
    match found {
        Some("application/gzip") => return is(Kind::Archive, "application/gzip"),
        // Shell scripts and pages are text for us.
        Some(media_type) if media_type.starts_with("text/") => {}
        Some(media_type) if PICTURES.contains(&media_type) => return is(Kind::Image, media_type),
        Some(media_type) if head.starts_with(b"PK") => return is(Kind::Archive, media_type),
        Some(media_type) => return is(Kind::Other, media_type),
        None => {}
    }
    if decode(head, true).is_none() {
        return is(Kind::Other, "application/octet-stream");
    }
    match extension(path).as_str() {
        "json" | "jsonld" | "webmanifest" | "ipynb" => is(Kind::Json, "application/json"),
        "svg" => is(Kind::Image, "image/svg+xml"),
        _ => is(Kind::Text, "text/plain"),
    }
}

/// The mark of a tar's first header (POSIX ustar and GNU alike).
fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
}

/// The letters after the last point of a name, in small letters.
fn extension(path: &[u8]) -> String {
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    match name.iter().rposition(|&byte| byte == b'.') {
        Some(at) if at > 0 => String::from_utf8_lossy(&name[at + 1..]).to_ascii_lowercase(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_tell_before_names_do() {
        let png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR";
        for (path, head, kind, media_type) in [
            ("a.txt", &b""[..], Kind::Empty, "application/x-empty"),
            ("a.txt", png, Kind::Image, "image/png"),
            ("bin/sh", b"\x7fELF\x02\x01\x01", Kind::Elf, "application/x-elf"),
            ("a.json", b"{\"a\": 1}", Kind::Json, "application/json"),
            ("run.sh", b"#!/bin/sh\necho hello\n", Kind::Text, "text/plain"),
            ("index.html", b"<!DOCTYPE html><html>", Kind::Text, "text/plain"),
            (
                "logo.svg",
                b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                Kind::Image,
                "image/svg+xml",
            ),
            ("a.gz", b"\x1f\x8b\x08\0", Kind::Archive, "application/gzip"),
            ("a.jar", b"PK\x03\x04\x14\0\0\0", Kind::Archive, "application/zip"),
            ("a", b"\0\x01\x02\x03", Kind::Other, "application/octet-stream"),
        ] {
            assert_eq!(sniff(path.as_bytes(), head), Sniffed { kind, media_type }, "{path}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_something(path in ".{0,20}", head in prop::collection::vec(any::<u8>(), 0..600)) {
            let found = sniff(path.as_bytes(), &head);
            prop_assert_eq!(found.kind == Kind::Empty, head.is_empty());
        }
    }
}

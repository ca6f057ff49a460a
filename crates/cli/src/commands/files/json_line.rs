//! A file as one JSON object.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use strata_app::FileEntry;
use strata_app::api::{Change, FileKind};

/// A line of `strata files --json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JsonLine<'a> {
    /// From the root, without leading slash. If it is not UTF-8, this is only for reading.
    path: Cow<'a, str>,
    /// The exact bytes of a path that is not UTF-8, in Base64 (RFC 4648, section 4).
    #[serde(skip_serializing_if = "Option::is_none")]
    path_base64: Option<String>,
    /// None of it, nor mode, owner and time, for the deletion of what was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<FileKind>,
    /// Permission bits, octal: `0755`.
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gid: Option<u64>,
    /// Bytes of a file; of a folder, of all below it.
    size: u64,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_base64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<Device>,
    /// What a program may do without root: `cap_net_raw+ep`.
    #[serde(skip_serializing_if = "Option::is_none")]
    capabilities: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    xattrs: Vec<Attribute<'a>>,
    change: Change,
    /// The layer that brought it, 1 is the oldest.
    layer: usize,
    /// The layer that has the version below.
    #[serde(skip_serializing_if = "Option::is_none")]
    was_in: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Device {
    major: u32,
    minor: u32,
}

/// An extended attribute.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Attribute<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    /// The exact bytes of a value that is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    value_base64: Option<String>,
}

impl<'a> JsonLine<'a> {
    /// The line for a file.
    pub fn of(entry: &'a FileEntry) -> Self {
        let (path, path_base64) = text_and_bytes(&entry.path);
        let (target, target_base64) = match &entry.target {
            Some(target) => {
                let (text, bytes) = text_and_bytes(target);
                (Some(text), bytes)
            }
            None => (None, None),
        };
        let is_known = !entry.of_nothing;
        let xattrs = entry.xattrs.iter().map(|(name, value)| {
            let (value, value_base64) = text_and_bytes(value);
            Attribute { name: String::from_utf8_lossy(name), value, value_base64 }
        });
        Self {
            path,
            path_base64,
            kind: is_known.then_some(entry.kind),
            mode: is_known.then(|| format!("{:04o}", entry.mode)),
            uid: is_known.then_some(entry.uid),
            gid: is_known.then_some(entry.gid),
            size: entry.size_bytes,
            modified: is_known.then_some(entry.modified.as_str()),
            target,
            target_base64,
            device: entry.device.map(|(major, minor)| Device { major, minor }),
            capabilities: entry.capabilities.as_deref(),
            xattrs: xattrs.collect(),
            change: entry.change,
            layer: entry.layer,
            was_in: entry.was_in,
        }
    }
}

fn text_and_bytes(name: &[u8]) -> (Cow<'_, str>, Option<String>) {
    let text = String::from_utf8_lossy(name);
    let bytes = matches!(text, Cow::Owned(_)).then(|| STANDARD.encode(name));
    (text, bytes)
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    pub fn entry(path: &[u8]) -> FileEntry {
        FileEntry {
            path: path.to_vec(),
            of_nothing: false,
            kind: FileKind::File,
            mode: 0o644,
            uid: 0,
            gid: 3_000_000,
            size_bytes: 12,
            modified: "2024-02-29T12:34:56.5Z".to_owned(),
            target: None,
            device: None,
            capabilities: None,
            xattrs: Vec::new(),
            change: Change::Added,
            layer: 2,
            was_in: None,
        }
    }

    #[test]
    fn a_line_has_the_documented_fields() {
        let text = serde_json::to_string(&JsonLine::of(&entry("etc/층".as_bytes()))).unwrap();
        assert_eq!(
            text,
            r#"{"path":"etc/층","kind":"file","mode":"0644","uid":0,"gid":3000000,"size":12,"modified":"2024-02-29T12:34:56.5Z","change":"added","layer":2}"#
        );
    }

    #[test]
    fn a_deletion_of_nothing_has_no_made_up_values() {
        let mut entry = entry(b"never");
        (entry.of_nothing, entry.change, entry.size_bytes) = (true, Change::Deleted, 0);
        let text = serde_json::to_string(&JsonLine::of(&entry)).unwrap();
        assert_eq!(text, r#"{"path":"never","size":0,"change":"deleted","layer":2}"#);
    }

    #[test]
    fn attributes_and_capabilities_are_told() {
        let mut entry = entry(b"ping");
        entry.capabilities = Some("cap_net_raw+ep".to_owned());
        entry.xattrs = vec![
            (b"security.capability".to_vec(), b"\x01\xff".to_vec()),
            (b"user.foo".to_vec(), b"bar".to_vec()),
        ];
        let value = serde_json::to_value(JsonLine::of(&entry)).unwrap();
        assert_eq!(value["capabilities"], "cap_net_raw+ep");
        assert_eq!(value["xattrs"][0]["valueBase64"], "Af8=");
        assert_eq!(value["xattrs"][1], serde_json::json!({ "name": "user.foo", "value": "bar" }));
    }

    #[test]
    fn names_that_are_not_utf8_come_with_their_bytes() {
        let mut entry = entry(b"a\xff");
        entry.kind = FileKind::CharDevice;
        entry.target = Some(b"b\xfe".to_vec());
        entry.device = Some((1, 3));
        entry.was_in = Some(1);
        let value = serde_json::to_value(JsonLine::of(&entry)).unwrap();
        assert_eq!((&value["path"], &value["pathBase64"]), (&"a\u{fffd}".into(), &"Yf8=".into()));
        assert_eq!(value["targetBase64"], "Yv4=");
        assert_eq!(value["device"]["minor"], 3);
        assert_eq!((&value["kind"], &value["wasIn"]), (&"charDevice".into(), &1.into()));
    }
}

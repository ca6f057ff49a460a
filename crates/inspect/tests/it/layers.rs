use std::io::{self, Cursor, Read, Seek, SeekFrom};

use strata_inspect::kinds::Kind;
use strata_inspect::secrets::{Place, Severity};
use strata_inspect::{
    Ecosystem, EntryPath, FORMAT, LayerFindings, LayerInspector, Want, WarningReason,
};

/// A file of a layer: path, mode, content.
type File<'a> = (&'a str, u32, &'a [u8]);

/// Does what a caller does: gives no more than is wanted.
fn inspect(files: &[File<'_>]) -> LayerFindings {
    let mut inspector = LayerInspector::new();
    for (path, mode, content) in files {
        let size = content.len() as u64;
        let given = match inspector.wants(path.as_bytes(), true, *mode, size) {
            Want::Nothing => continue,
            Want::Head { most_bytes } | Want::Whole { most_bytes } => {
                &content[..content.len().min(usize::try_from(most_bytes).unwrap())]
            }
        };
        inspector.take(path.as_bytes(), &mut Cursor::new(given), size);
    }
    inspector.finish()
}

const STATUS: &[u8] = b"Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36-9\n\nPackage: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2.15-2\n";

fn debian() -> Vec<File<'static>> {
    vec![
        (
            "./usr/lib/os-release",
            0o644,
            b"ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n",
        ),
        ("./var/lib/dpkg/status", 0o644, STATUS),
        ("./bin/tool", 0o755, b"#!/bin/sh\necho hello\n"),
        ("./etc/empty", 0o644, b""),
        ("./usr/share/logo.png", 0o644, b"\x89PNG\r\n\x1a\n\0\0"),
        (
            "./app/node_modules/left-pad/package.json",
            0o644,
            br#"{"name":"left-pad","version":"1.3.0","license":"WTFPL"}"#,
        ),
        ("./app/.env", 0o600, b"MODE=prod\nAPI_TOKEN=k9Lm2xQpZt\n"),
    ]
}

#[test]
fn a_layer_says_what_is_in_it() {
    let found = inspect(&debian());
    assert_eq!(found.format, FORMAT);
    assert_eq!(found.os_release.as_ref().unwrap().distro(), "debian-12");
    let names: Vec<&str> = found.packages.iter().map(|package| package.name.as_str()).collect();
    assert_eq!(names, ["bash", "libc6", "left-pad"]);
    assert_eq!(found.packages[0].evidence, EntryPath::from("var/lib/dpkg/status"));
    assert_eq!(found.sources.len(), 2);
    assert_eq!((found.sources[0].ecosystem, found.sources[0].packages), (Ecosystem::Deb, 2));
    assert_eq!(found.kinds[&Kind::Empty].files, 1);
    assert_eq!(found.kinds[&Kind::Png].bytes, 10);
    assert_eq!(found.kinds[&Kind::Script].files, 1);
    assert_eq!(found.kinds.values().map(|total| total.files).sum::<u64>(), 7);
    assert_eq!(found.secrets.len(), 1, "{:?}", found.secrets);
    let secret = &found.secrets[0];
    assert_eq!(
        (secret.rule.as_str(), secret.severity, secret.line),
        ("env-file", Severity::Likely, Some(2))
    );
    assert_eq!(secret.place, Place::File { path: EntryPath::from("app/.env") });
    assert!(found.warnings.is_empty());
}

#[test]
fn the_order_of_the_entries_does_not_matter() {
    let mut files = debian();
    files.reverse();
    assert_eq!(inspect(&files), inspect(&debian()));
}

#[test]
fn findings_survive_being_kept() {
    let mut inspector = LayerInspector::new();
    let path = b"odd\xff/.netrc";
    let content = b"machine x login y password k9Lm2xQ\n";
    assert_ne!(inspector.wants(path, true, 0o600, content.len() as u64), Want::Nothing);
    inspector.take(path, &mut Cursor::new(content), content.len() as u64);
    for mut findings in [inspector.finish(), inspect(&debian())] {
        findings.warnings.push(strata_inspect::Warning {
            path: EntryPath::from("x"),
            reason: WarningReason::TooLarge { size_bytes: 1 },
        });
        let kept = serde_json::to_vec(&findings).unwrap();
        assert_eq!(serde_json::from_slice::<LayerFindings>(&kept).unwrap(), findings);
    }
}

#[test]
fn the_kept_form_is_the_one_of_this_format() {
    // Whoever changes the form changes FORMAT, too, or old findings are read as what they are not.
    let found =
        inspect(&[("etc/os-release", 0o644, b"ID=x\n"), ("srv/a.jks", 0o600, b"\xfe\xed\xfe\xed")]);
    let expected = serde_json::json!({
        "format": 2,
        "packages": [],
        "sources": [],
        "secrets": [{
            "rule": "key-store", "severity": "possible", "place": {"in": "file", "path": "srv/a.jks"},
            "line": null, "offset": 0, "lengthBytes": 4, "masked": "",
        }],
        "kinds": {"text": {"files": 1, "bytes": 5}, "key-store": {"files": 1, "bytes": 4}},
        "osRelease": {"id": "x", "versionId": "", "name": "", "prettyName": "", "idLike": []},
        "warnings": [],
    });
    assert_eq!(serde_json::to_value(found).unwrap(), expected);
}

#[test]
fn what_is_too_large_is_named_and_not_read() {
    let mut inspector = LayerInspector::new();
    let head = Want::Head { most_bytes: 4_096 };
    assert_eq!(inspector.wants(b"usr/bin/huge", true, 0o755, 300 << 20), head);
    let Want::Head { .. } = inspector.wants(b"var/lib/rpm/Packages", true, 0o644, 1 << 30) else {
        panic!()
    };
    let found = inspector.finish();
    assert_eq!(found.warnings.len(), 2);
    assert_eq!(found.warnings[0].reason, WarningReason::TooLarge { size_bytes: 300 << 20 });
    assert!(found.sources[0].is_unread);
}

#[test]
fn an_emptied_database_is_still_a_source() {
    let found = inspect(&[("var/lib/dpkg/status", 0o644, b"")]);
    assert_eq!(
        (found.sources.len(), found.sources[0].packages, found.sources[0].is_unread),
        (1, 0, false)
    );
    let found = inspect(&[("var/lib/rpm/Packages", 0o644, b"not one of Berkeley DB")]);
    assert!(found.sources[0].is_unread);
    assert_eq!(found.warnings.len(), 1);
}

#[test]
fn folders_and_links_are_passed_over() {
    let mut inspector = LayerInspector::new();
    assert_eq!(inspector.wants(b"var/lib/dpkg/status", false, 0o777, 0), Want::Nothing);
    let found = inspector.finish();
    assert!(found.sources.is_empty() && found.kinds.is_empty());
}

/// A source that fails.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}

impl Seek for Broken {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Ok(0)
    }
}

#[test]
fn a_source_that_fails_is_a_warning_and_the_rest_goes_on() {
    let mut inspector = LayerInspector::new();
    inspector.wants(b"etc/a", true, 0o644, 10);
    inspector.take(b"etc/a", &mut Broken, 10);
    inspector.wants(b"etc/b", true, 0o644, 2);
    inspector.take(b"etc/b", &mut Cursor::new(b"b\n"), 2);
    let found = inspector.finish();
    let WarningReason::Unread { reason } = &found.warnings[0].reason else { panic!() };
    assert!(reason.contains("the disk is gone"));
    assert_eq!(found.kinds[&Kind::Text].files, 1);
}

proptest::proptest! {
    #[test]
    fn any_entries_do_no_harm(
        which in 0_usize..10,
        name in "[a-z.]{0,8}",
        mode: u32,
        size: u64,
        content: Vec<u8>,
    ) {
        const PATHS: [&str; 10] = [
            "var/lib/dpkg/status", "lib/apk/db/installed", "var/lib/rpm/Packages", "var/lib/rpm/rpmdb.sqlite",
            "var/lib/rpm/Packages.db", "a.jar", "bin/x", "site-packages/a.dist-info/METADATA", "x/.env", "",
        ];
        let mut inspector = LayerInspector::new();
        let path = format!("{}{name}", PATHS[which]);
        for path in [path.as_bytes(), PATHS[which].as_bytes()] {
            inspector.wants(path, true, mode, size);
            inspector.take(path, &mut Cursor::new(&content), size);
            inspector.wants(path, true, mode, content.len() as u64);
            inspector.take(path, &mut Cursor::new(&content), content.len() as u64);
        }
        let _ = inspector.finish();
    }
}

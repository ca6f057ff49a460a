//! Files that GNU tar stores without their holes, put together again.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::process::Command;

use strata_layer::{Limits, scan, sparse_map};

use crate::Kept;

/// A file with more parts than a header has room for, holes between them and one at its end.
fn make(path: &std::path::Path) -> Vec<u8> {
    let mut expected = vec![0; 4 << 20];
    let file = File::create(path).unwrap();
    for number in 0..30_u8 {
        let at = usize::from(number) * 128 * 1024 + 4096;
        let bytes = vec![number + 1; 4096];
        expected[at..at + 4096].copy_from_slice(&bytes);
        file.write_all_at(&bytes, at as u64).unwrap();
    }
    file.set_len(expected.len() as u64).unwrap();
    expected
}

fn archived(folder: &std::path::Path, form: &[&str]) -> Option<Vec<u8>> {
    let made = Command::new("tar")
        .args(["--sparse", "--hole-detection=raw", "-cf", "-", "-C"])
        .arg(folder)
        .args(form)
        .args(["before", "holes", "after"])
        .output()
        .ok()?;
    made.status.success().then_some(made.stdout)
}

#[test]
fn the_holes_of_every_form_are_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let expected = make(&folder.path().join("holes"));
    std::fs::write(folder.path().join("before"), "before").unwrap();
    std::fs::write(folder.path().join("after"), "after").unwrap();
    for form in [
        &["--format=gnu"][..],
        &["--format=pax", "--sparse-version=0.0"],
        &["--format=pax", "--sparse-version=0.1"],
        &["--format=pax", "--sparse-version=1.0"],
    ] {
        let Some(tar) = archived(folder.path(), form) else {
            println!("skipped: there is no GNU tar");
            return;
        };
        assert!(tar.len() < 1 << 20, "{form:?}: it has its holes");
        let mut kept = Kept::default();
        scan(&tar[..], &Limits::default(), &mut kept).unwrap();
        let entry = kept.0.iter().find(|entry| entry.path == b"holes").unwrap();
        assert!(entry.sparse && entry.size == expected.len() as u64, "{form:?}");
        let map = sparse_map(&tar[..], entry.offset, &Limits::default()).unwrap();
        let mut found = vec![0; usize::try_from(map.size).unwrap()];
        for part in &map.parts {
            let size = usize::try_from(part.size).unwrap();
            let (to, from) =
                (usize::try_from(part.at).unwrap(), usize::try_from(part.stored).unwrap());
            found[to..to + size].copy_from_slice(&tar[from..from + size]);
        }
        assert!(found == expected, "{form:?}");
        assert!(sparse_map(&tar[..], entry.offset + 512, &Limits::default()).is_err());
    }
}

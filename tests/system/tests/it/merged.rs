use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::image::{self, CHANGES, ODDITIES, Packing};
use crate::listing::{self, Row};
use crate::site::{Site, prints};

/// More changes: through a link to a folder, a folder in place of a link, a file in place of a folder, whiteouts of what
/// is not there, a folder deleted and made again, hard links of which one goes.
const MORE: &str = r"
    mkdir -p more/usr/share/in more/srv/odd more/srv/new more/gone; cd more
    ln -s usr/share link; printf a >usr/share/in/a; printf b >srv/new/b; ln srv/new/b srv/new/c; : >gone/.wh.nothing
    : >srv/odd/.wh.hard; printf file >srv/odd/setgid; : >srv/odd/.wh.sticky; mkdir srv/odd/again; printf x >srv/odd/again/x
    cd ..; tar -cf OUT -C more --format=posix --owner=:7 --group=:8 --sort=name .
";

/// Through the link that the layer below brought, and that link replaced by a folder at last.
const LAST: &str = r"
    mkdir -p last/link last/srv/new; cd last
    : >srv/new/.wh.b; : >srv/odd 2>/dev/null || true; printf y >link/y; mkdir -p srv/again; : >srv/.wh.odd
    cd ..; tar -cf OUT -C last --format=gnu --owner=:0 --group=:0 --sort=name --mtime='2025-02-02 UTC' .
";

/// One path as both sides see it once all layers are unpacked. A hard link is a file like any other then.
#[derive(Debug, PartialEq, Eq)]
struct Merged {
    kind: &'static str,
    mode: u32,
    owner: String,
    size: u64,
    target: Vec<u8>,
    /// None where no layer names the path: each side has its own idea then.
    modified: Option<String>,
}

/// Holds every path of an image against what GNU tar unpacks, with a script for the whiteouts.
fn holds_against_unpacking(site: &Site, reference: &str) {
    let tar = unpacked(site, reference);
    let rows = listing::by_strata(&site.strata_prints(&["files", reference, "--json"]));
    for (path, (_, row)) in &rows {
        let name = String::from_utf8_lossy(path);
        let expected = tar.get(path).unwrap_or_else(|| panic!("tar has no `{name}`"));
        let file = if row.kind == "hardlink" { linked(&rows, row) } else { row };
        let found = Merged {
            kind: file.kind,
            mode: if row.kind == "symlink" { 0o777 } else { file.mode },
            owner: file.owner.clone(),
            size: file.size.unwrap_or_default(),
            target: file.target.clone().unwrap_or_default(),
            modified: expected.modified.as_ref().map(|_| file.modified.clone()),
        };
        assert_eq!(found, *expected, "`{name}`");
    }
    let missing = tar.keys().find(|path| !rows.contains_key(*path));
    assert_eq!(missing.map(|path| String::from_utf8_lossy(path)), None);
    assert!(rows.len() > 5, "there is next to nothing in it");
}

/// The file that a hard link shares.
fn linked<'a>(rows: &'a BTreeMap<Vec<u8>, (String, Row)>, link: &'a Row) -> &'a Row {
    let target = link.target.as_ref().and_then(|target| rows.get(target));
    match target {
        Some((_, row)) if row.kind == "hardlink" => linked(rows, row),
        Some((_, row)) => row,
        None => link,
    }
}

fn unpacked(site: &Site, reference: &str) -> BTreeMap<Vec<u8>, Merged> {
    let layers = site.strata_prints(&["layers", reference, "--json"]);
    let layers: Vec<Value> = serde_json::from_slice(&layers).unwrap();
    let root = site.path("unpacked");
    std::fs::create_dir(&root).unwrap();
    let mut script = Command::new("python3");
    script.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/merge.py")).arg(&root);
    for digest in layers.iter().filter_map(|layer| layer["digest"].as_str()) {
        let (algorithm, hex) = digest.split_once(':').unwrap();
        script.arg(site.store().join("blobs").join(algorithm).join(hex));
    }
    let printed = prints(&mut script);
    std::fs::remove_dir_all(&root).unwrap();
    let fields: Vec<&[u8]> = printed.split(|&byte| byte == 0).collect();
    fields.chunks_exact(9).map(merged).collect()
}

fn merged(fields: &[&[u8]]) -> (Vec<u8>, Merged) {
    let text = |at: usize| std::str::from_utf8(fields[at]).unwrap();
    let kinds = ["file", "directory", "symlink", "charDevice", "blockDevice", "fifo"];
    let merged = Merged {
        kind: kinds.into_iter().find(|kind| *kind == text(1)).unwrap(),
        mode: u32::from_str_radix(text(2), 8).unwrap(),
        owner: format!("{}/{}", text(3), text(4)),
        size: text(5).parse().unwrap(),
        target: fields[7].to_vec(),
        modified: (text(8) == "1").then(|| text(6).to_owned()),
    };
    (fields[0].to_vec(), merged)
}

#[test]
fn lists_all_layers_together_as_tar_unpacks_them() {
    let Some(site) = Site::open() else { return };
    let own = image::packages("base-files perl-base", "gnu");
    let layers = [
        (own.as_str(), Packing::Gzip),
        (ODDITIES, Packing::Zstd),
        (CHANGES, Packing::Gzip),
        (MORE, Packing::Plain),
        (LAST, Packing::Gzip),
    ];
    let image = image::push(&site, "merged", &layers, false);
    let mut references = vec![image.reference];
    // Images at hand, for a person or a long run.
    references.extend(
        std::env::var("STRATA_IMAGES").unwrap_or_default().split_whitespace().map(str::to_owned),
    );
    for reference in references {
        println!("holding {reference} against tar");
        site.strata_prints(&["pull", &reference]);
        holds_against_unpacking(&site, &reference);
    }
}

//! Real layers: a listing names what the layer's tar names, and nothing else, wherever the layer lies in a stack.
//!
//! Every `*.tar` of the folder that `STRATA_CORPUS` names is tried.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use strata_layer::{Entry, EntrySink, LayerError, Limits, Mark, mark, scan};
use strata_tree::{Change, Listing, Tree, TreeBuilder};

use crate::rows;

/// What a tar names: paths, and whether they are deletions.
#[derive(Default)]
struct Named(BTreeSet<(Vec<u8>, bool)>);

impl EntrySink for Named {
    fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
        match mark(&entry.path) {
            Some(Mark::Whiteout { path }) => self.0.insert((path, true)),
            // The root is no row; an opaque mark is a property of its folder.
            Some(_) => false,
            None => !entry.path.is_empty() && self.0.insert((entry.path, false)),
        };
        Ok(())
    }
}

#[test]
fn listings_name_what_the_tars_of_the_corpus_name() {
    let Some(corpus) = std::env::var_os("STRATA_CORPUS") else {
        println!("skipped: STRATA_CORPUS names no folder of layers");
        return;
    };
    let mut archives: Vec<PathBuf> = fs::read_dir(corpus)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension() == Some(OsStr::new("tar")))
        .collect();
    archives.sort();
    let mut below: Option<Vec<u8>> = None;
    for archive in archives {
        let mut named = Named::default();
        scan(File::open(&archive).unwrap(), &Limits::default(), &mut named).unwrap();
        let mut builder = TreeBuilder::new();
        let scanned =
            scan(File::open(&archive).unwrap(), &Limits::default(), &mut builder).unwrap();
        let bytes = builder.finish(&scanned.diff_id).unwrap();
        let open = |bytes: &Vec<u8>| Tree::open(bytes.clone()).unwrap();
        let trees: Arc<[_]> = below.iter().chain([&bytes]).map(open).collect();
        let listing = Listing::of_layer(Arc::clone(&trees), trees.len() - 1).unwrap();
        let found: BTreeSet<_> = rows(&listing)
            .filter(|row| row.named)
            .map(|row| (listing.path(row.id), row.change == Change::Deleted))
            .collect();
        assert!(found == named.0, "{}", archive.display());
        below = Some(bytes);
    }
}

//! Files of all layers of an image, found as somebody types.

use strata_layer::EntryKind;
use strata_store::Mapped;
use strata_tree::{Found, Search, Tree};

use crate::api::{FilesSearch, FoundFile, FoundFiles, UserError};
use crate::app::{App, on_thread};
use crate::escape::escape;
use crate::file_rows::file_kind;
use crate::images::manifest_digest;
use crate::who::hidden_by;

/// The most finds that are told.
const MOST: usize = 200;

impl App {
    /// Finds files in all layers of a stored image, also those that a later layer hides.
    ///
    /// # Errors
    /// If there is no such image, or it is damaged.
    pub async fn files_search(&self, wanted: FilesSearch) -> Result<FoundFiles, UserError> {
        let inner = self.inner.clone();
        on_thread("a search", move || {
            let manifest = manifest_digest(&wanted.manifest)?;
            let trees = inner.listings.trees(&inner.store, &manifest)?;
            let search = Search::of(&trees, wanted.text.trim(), wanted.limit.min(MOST));
            let found = search.found.iter().map(|found| found_file(&trees, *found)).collect();
            Ok(FoundFiles { found, total: search.total })
        })
        .await
    }
}

fn found_file(trees: &[Tree<Mapped>], found: Found) -> FoundFile {
    let tree = &trees[found.layer];
    let (node, path) = (tree.node(found.node), tree.path(found.node));
    FoundFile {
        path: escape(&path),
        layer: found.layer + 1,
        kind: file_kind(if node.is_deleted() { EntryKind::File } else { node.kind() }),
        size_bytes: if node.is_deleted() { 0 } else { node.subtree_bytes() },
        is_deletion: node.is_deleted(),
        hidden_by: hidden_by(trees, found.layer, &path, node.is_folder()),
    }
}

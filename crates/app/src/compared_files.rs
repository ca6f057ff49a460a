//! The files in which two images differ, as the command lists them.

use crate::api::UserError;
use crate::app::{App, Inner};
use crate::compare::compared_key;
use crate::error::AppError;
use crate::files::{FileEntry, FileSelection, walk};

impl App {
    /// Hands each path in which two stored images differ to `each` until it answers `false`, with the folders that lead
    /// there left out: `added` is only in the right one, `deleted` only in the left one. Both are named by their
    /// manifests. Blocks.
    ///
    /// # Errors
    /// If there is no such image, or one is damaged.
    pub fn compared_files(
        &self,
        left: &str,
        right: &str,
        each: &mut dyn FnMut(FileEntry) -> bool,
    ) -> Result<(), UserError> {
        self.inner.list_compared(left, right, each).map_err(UserError::from)
    }
}

impl Inner {
    fn list_compared(
        &self,
        left: &str,
        right: &str,
        each: &mut dyn FnMut(FileEntry) -> bool,
    ) -> Result<(), AppError> {
        let key = compared_key(left, right)?;
        let (count, listing) = self.listings.compared(&self.store, &key)?;
        // What differs is what the list marks as named.
        let selection = FileSelection { layer: Some(1), changed: true, ..FileSelection::default() };
        walk(&listing, &selection, &mut |entry| {
            let layer = if entry.layer > count { entry.layer - count } else { entry.layer };
            each(FileEntry { layer, ..entry })
        })
    }
}

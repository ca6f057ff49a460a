//! Where the bytes of a listing are: what is in a folder, and which layers brought it.

use crate::listed::content;
use crate::{Change, Listing};

impl<B: AsRef<[u8]>> Listing<B> {
    /// The places of what is in a folder, in the order of the listing; of the root for `None`.
    #[must_use]
    pub fn children(&self, folder: Option<usize>) -> Vec<usize> {
        match folder {
            None => self.top().collect(),
            Some(place) => self.below(place).collect(),
        }
    }

    /// Bytes of the files at and below a place by the layer that brought them, the oldest first; of all for `None`. What
    /// is listed as deleted counts nothing.
    #[must_use]
    pub fn bytes_by_layer(&self, place: Option<usize>) -> Vec<u64> {
        let mut sums = vec![0_u64; self.trees().len()];
        for record in self.listed(place) {
            let node = content(self.trees(), record);
            if record.change == Change::Deleted || node.is_folder() {
                continue;
            }
            if let Some(sum) = sums.get_mut(record.content.layer as usize) {
                *sum = sum.saturating_add(node.size());
            }
        }
        sums
    }
}

//! Rows by path.

use strata_layer::EntryKind;

use crate::{Listing, Row};

/// How many symbolic links are followed on one way, as Linux has it.
const MAX_LINKS: usize = 40;

impl<B: AsRef<[u8]>> Listing<B> {
    /// The row of exactly this path (components joined by `/`), if the filter leaves it. Links are not followed.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<u32> {
        let mut found = None;
        let mut rows = self.top();
        for component in components(path) {
            let place = self.place_of(rows, component)?;
            found = Some(place);
            rows = self.below(place);
        }
        self.row(found?).map(|row| row.id)
    }

    /// The row that a path leads to when symbolic links are followed, within the image, to the end.
    #[must_use]
    pub fn follow(&self, path: &[u8]) -> Option<u32> {
        // The places of the folders on the way, outermost first, and what is still to go, the next one last.
        let mut at: Vec<usize> = Vec::new();
        let mut rest: Vec<&[u8]> = components(path).rev().collect();
        let mut links = 0;
        while let Some(component) = rest.pop() {
            if component == b".." {
                at.pop();
                continue;
            }
            let rows = at.last().map_or_else(|| self.top(), |&folder| self.below(folder));
            let place = self.place_of(rows, component)?;
            let row = self.row(place)?;
            if row.kind != EntryKind::Symlink {
                at.push(place);
                continue;
            }
            links += 1;
            if links > MAX_LINKS {
                return None;
            }
            if row.link.starts_with(b"/") {
                at.clear();
            }
            rest.extend(components(row.link).rev());
        }
        self.row(*at.last()?).map(|row: Row<'_>| row.id)
    }
}

fn components(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    path.split(|&byte| byte == b'/').filter(|name| !matches!(*name, b"" | b"."))
}

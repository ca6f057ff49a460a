//! Which folders are open.

use std::collections::HashSet;

/// Which folders of a listing are open, by the ids of their rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenSet {
    /// Whether folders are open unless they are in `except`.
    pub all_open: bool,
    /// The others.
    pub except: HashSet<u32>,
}

impl OpenSet {
    /// All closed but these.
    #[must_use]
    pub fn closed_except(ids: impl IntoIterator<Item = u32>) -> Self {
        Self { all_open: false, except: ids.into_iter().collect() }
    }

    /// All open but these.
    #[must_use]
    pub fn open_except(ids: impl IntoIterator<Item = u32>) -> Self {
        Self { all_open: true, except: ids.into_iter().collect() }
    }

    /// Whether the folder of a row is open.
    #[must_use]
    pub fn is_open(&self, id: u32) -> bool {
        self.all_open != self.except.contains(&id)
    }
}

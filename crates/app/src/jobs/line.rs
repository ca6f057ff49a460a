//! The order in which pulls have their turn.

/// The numbers of pulls, each once, whose turn is sooner first. Some thousands at most: a list is fast enough.
#[derive(Debug, Default)]
pub(super) struct Line {
    ids: Vec<u64>,
}

impl Line {
    /// Adds one at the end.
    pub fn push(&mut self, id: u64) {
        self.ids.push(id);
    }

    /// Takes one out, if it stands here.
    pub fn remove(&mut self, id: u64) {
        if let Some(at) = self.at(id) {
            self.ids.remove(at);
        }
    }

    /// Puts one right before another, or at the end. Answers whether both stand here.
    pub fn place(&mut self, id: u64, before: Option<u64>) -> bool {
        let Some(from) = self.at(id) else { return false };
        if before == Some(id) {
            return true;
        }
        if before.is_some_and(|other| self.at(other).is_none()) {
            return false;
        }
        self.ids.remove(from);
        let to = before.and_then(|other| self.at(other)).unwrap_or(self.ids.len());
        self.ids.insert(to, id);
        true
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.ids.iter().copied()
    }

    fn at(&self, id: u64) -> Option<usize> {
        self.ids.iter().position(|other| *other == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_moved_stands_before_the_named_one_or_at_the_end() {
        let mut line = Line::default();
        (1..=4).for_each(|id| line.push(id));
        assert!(line.place(4, Some(1)));
        assert_eq!(line.iter().collect::<Vec<_>>(), [4, 1, 2, 3]);
        assert!(line.place(4, Some(3)));
        assert_eq!(line.iter().collect::<Vec<_>>(), [1, 2, 4, 3]);
        assert!(line.place(1, None) && line.place(2, Some(2)));
        assert_eq!(line.iter().collect::<Vec<_>>(), [2, 4, 3, 1]);
        assert!(!line.place(9, None) && !line.place(2, Some(9)));
        line.remove(4);
        assert_eq!(line.iter().collect::<Vec<_>>(), [2, 3, 1]);
    }
}

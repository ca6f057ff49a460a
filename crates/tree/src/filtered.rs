//! A listing of what fits a filter.

use crate::Listing;
use crate::filter::Filter;
use crate::listed::{Listed, content, node};
use crate::pattern::Pattern;

impl<B: AsRef<[u8]>> Listing<B> {
    /// The rows that fit `text`, in order of names, with the folders above them and what is in folders that fit.
    ///
    /// `text` is a part of a name, or a glob with `?`, `*` and `**`; with a `/` in it, it is held against the path.
    /// Words among it may be conditions, all of which must be met; then what is in a folder that fits must meet them
    /// itself:
    ///
    /// | condition | is met by |
    /// | --- | --- |
    /// | `owner:1000`, `owner:1000:50`, `owner::50` | what this user, user and group, or group owns |
    /// | `mode:setuid`, `setgid`, `sticky`, `executable`, `writable` (by all), `capability`, `0755` | what has the bit, file capabilities, exactly these bits; several with commas: any |
    /// | `size:>1M`, `size:<=20KiB`, `size:0` | files of that size |
    /// | `change:added`, `changed`, `attributes`, `replaced`, `deleted`, `unchanged` | what the layer did that to; several with commas: any |
    #[must_use]
    pub fn filtered(&self, text: &str) -> Self {
        if text.is_empty() {
            return self.with(self.lay_out(|_| true, |_| true));
        }
        let filter = Filter::new(text);
        let mut matched = match &filter.name {
            Some(pattern) => self.matches(pattern),
            None => vec![true; self.records().len()],
        };
        let mut kept = matched.clone();
        if filter.is_name_only() {
            for row in 0..kept.len() {
                let parent = self.records()[row].parent as usize;
                // Rows come after their folders; a kept folder is at this point one that fits.
                kept[row] |= kept.get(parent).copied().unwrap_or(false);
            }
        } else {
            for (row, record) in self.records().iter().enumerate().filter(|(row, _)| kept[*row]) {
                matched[row] = filter.admits(record, &content(self.trees(), record));
            }
            kept.clone_from(&matched);
        }
        self.keeping(kept, &matched)
    }

    fn matches(&self, pattern: &Pattern) -> Vec<bool> {
        let name = |record: &Listed| node(self.trees(), record).name();
        if !pattern.wants_path() {
            return self.records().iter().map(|record| pattern.fits(name(record))).collect();
        }
        let mut path = Vec::new();
        // How long the path is without the name, for each depth.
        let mut lengths: Vec<usize> = Vec::new();
        let fits = self.records().iter().map(|record| {
            let depth = record.depth as usize;
            path.truncate(lengths.get(depth).copied().unwrap_or(path.len()));
            lengths.truncate(depth);
            lengths.push(path.len());
            path.push(b'/');
            path.extend_from_slice(name(record));
            pattern.fits(&path)
        });
        fits.collect()
    }
}

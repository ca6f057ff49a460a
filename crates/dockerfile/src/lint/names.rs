//! Names of stages.

use std::collections::HashMap;

use super::rules::{DUPLICATE_STAGE_NAME, RESERVED_STAGE_NAME, STAGE_NAME_CASING};
use super::{Edit, File, Found};

/// Names that mean something else.
const RESERVED: &[&str] = &["context", "scratch"];

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for name in file.stages.all.iter().filter_map(|stage| stage.name) {
        let (range, text) = (name.range.clone(), name.text.as_str());
        let small = text.to_ascii_lowercase();
        if small != text {
            found
                .add(&STAGE_NAME_CASING, range.clone(), &[text])
                .edit(Edit::replace(range.clone(), small.as_str()));
        }
        if RESERVED.contains(&small.as_str()) {
            found.add(&RESERVED_STAGE_NAME, range.clone(), &[text]);
        }
        match seen.get(&small) {
            Some(&first) => {
                let line = file.line(first).to_string();
                found.add(&DUPLICATE_STAGE_NAME, range, &[text, &line]);
            }
            None => {
                seen.insert(small, range.start);
            }
        }
    }
}

//! Whole layers: as tools write them, and as attackers do.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod archives;
mod attacks;
#[cfg(target_os = "linux")]
mod on_disk;
mod packing;
#[cfg(unix)]
mod parity;
#[cfg(unix)]
mod sparse_files;

use strata_layer::{Entry, EntrySink, LayerError, Limits, Scanned, scan};

/// Keeps every entry.
#[derive(Default)]
pub struct Kept(pub Vec<Entry>);

impl EntrySink for Kept {
    fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
        self.0.push(entry);
        Ok(())
    }
}

/// Scans with the default limits.
pub fn read(bytes: &[u8]) -> Result<(Scanned, Vec<Entry>), LayerError> {
    let mut kept = Kept::default();
    let scanned = scan(bytes, &Limits::default(), &mut kept)?;
    Ok((scanned, kept.0))
}

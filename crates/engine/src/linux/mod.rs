//! Commands on Linux: layers unpacked as snapshots, a room for what changes, the helper that runs.

mod caches;
mod lines;
mod mounts;
mod running;
mod runs;
mod snapshots;

pub(crate) use runs::Runs;

//! A store as its users see it, on a real disk, alone and shared by several processes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// What a commit makes visible, and that it is all or nothing.
mod builds;
mod commits;
/// Damage, links, other owners, newer versions, lost databases.
mod hardships;
/// Small images to keep.
mod image;
/// Bytes on their way in.
mod ingests;
/// Thousands of images against a plain model.
mod kept_layers;
mod listings;
/// Names that move, and what a registry asks for.
mod names;
/// Several processes on one store, some of them killed.
mod processes;
/// What another tool makes of the folder.
mod skopeo;
/// A store with everything it says compared with what it holds.
mod whole;

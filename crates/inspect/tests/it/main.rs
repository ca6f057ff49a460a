//! Whole layers go in, findings come out.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// Layers, entry by entry.
mod layers;
/// What an image's config gives away.
mod settings;

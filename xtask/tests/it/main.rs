//! The rules of the house, held against every file and manifest of the repository.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// Which crate may use which.
mod arrows;
/// How long files and functions may be, and what a file may not be called.
mod sizes;
/// The repository's own files.
mod sources;
/// What no file may say.
mod words;

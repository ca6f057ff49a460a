//! The built command as a person or a script calls it, against a registry in this process.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// What is understood, and what help says.
mod arguments;
/// Images as a person calls them.
mod called;
/// Dockerfiles: what is wrong, what could be better, what each line does.
mod dockerfiles;
/// What is said when something fails.
mod failures;
/// Files and their bytes.
mod files;
/// Images, and one image of them.
mod images;
/// Ctrl-C, and readers that go away.
#[cfg(unix)]
mod interrupted;
/// What a registry tells before a pull.
mod looks;
/// What was typed and is not what it should be.
mod misuse;
/// Paths as a person types them.
#[cfg(unix)]
mod paths;
/// Pulls, their results and their progress.
mod pulls;
/// A registry with an image, a store, and the command.
mod site;

//! The use cases over a real store and the practice registry, without a window.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// A handle with folders of its own, and waiting for jobs.
mod site;

/// Owners by name, capabilities, devices, and filters on them.
mod attributes;
/// Which image an image stands on, and who shares its layers.
mod bases;
/// Files from the middle of a layer: right, or refused.
mod checkpoints;
/// Two images beside each other, and two versions of a file.
mod compares;
/// Files written out.
#[cfg(unix)]
mod exports;
/// Which failure gets which code, and what can be done about it.
mod failures;
/// Lists of files, previews, bytes.
mod files;
/// Packages and secrets.
mod findings;
/// What a list and a picture of an image say.
mod images;
/// Dockerfiles while they are written.
mod lints;
/// What a registry tells before anything is pulled.
mod looks;
/// Where the bytes of an image are.
mod maps;
/// Layers that are looked into before they are pulled, and sizes of platforms.
mod peeks;
/// The practice registry and its samples.
mod practice;
/// Pulls as jobs: watched, stopped, repeated.
mod pulls;
/// The order of pulls, pauses, and what is left for the next window.
mod queue;
/// Dockerfiles made of histories.
mod rebuilt;
/// A registry with images made for a test.
mod registry;
/// What many tags and platforms come to.
mod surveys;
mod tables;
/// Buried bytes and what would help.
mod wastes;
/// What is told of requests, and what is not.
mod xray;

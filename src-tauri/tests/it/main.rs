//! The shell on Tauri's mock runtime: which commands answer, and what the page may do.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// Every command, asked as the page asks.
mod commands;
/// What the page may do, as the files say and as Tauri takes them.
mod permissions;
/// The shell as it runs, until its window is closed.
mod running;
/// The shell over a store of its own.
mod site;

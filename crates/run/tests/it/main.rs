//! Real runs, on every rung that this machine lets the tests stand on.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// What must not get out, one numbered probe each.
mod escapes;
/// Unpacking, capturing, and a whole build's way of layers.
mod layers;
/// Mounts, and what they leave behind.
mod mounts;
/// Networks: none, and one of the run's own.
mod networks;
/// The same tests again, as ordinary users.
mod ordinary_users;
/// What this machine allows.
mod probes;
/// Commands: codes, output, users, environment.
mod runs;
/// Unpacked layers, and several who want them.
mod snapshots;
/// Stop, and death of those who asked.
mod stops;
/// A root file system of this machine's own programs, and sessions to run in.
mod world;

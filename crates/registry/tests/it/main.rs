//! The registry over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod faults;
mod hosts;
mod lists;
mod pulls;
mod pushes;
mod site;
mod skopeo;
mod stopping;

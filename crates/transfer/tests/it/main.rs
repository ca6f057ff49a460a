//! Pulls from a real registry over real connections, failing ones too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod damage;
mod images;
mod indexes;
mod making;
mod memory;
mod refusals;
mod reporter;
mod resuming;
mod sharing;
mod site;
mod stopping;

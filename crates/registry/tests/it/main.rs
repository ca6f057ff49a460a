//! The registry over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used)]

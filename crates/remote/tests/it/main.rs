//! The client against a server that is told, test by test, how to behave.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod blobs;
mod documents;
mod images;
mod logins;
mod network;
mod redirects;
mod server;
mod tags;
mod trying_again;

//! The client against a server that is told, test by test, how to behave.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod blobs;
mod certificates;
mod documents;
mod downloads;
mod http2;
mod hub;
mod images;
mod limits;
mod logins;
mod mirrors;
mod network;
mod proxies;
mod redirects;
mod referrers;
mod server;
mod tags;
mod trying_again;
mod watching;

//! Images built from Dockerfiles, with a host that is made up.
#![allow(clippy::unwrap_used)]

mod cached;
mod copied;
mod corpus;
mod host;
mod imaged;
mod measured;
mod planned;
mod ran;

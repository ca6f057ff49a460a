//! Images built from Dockerfiles, with a host that is made up.
#![allow(clippy::unwrap_used)]

mod copied;
mod host;
mod planned;

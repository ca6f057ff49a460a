//! The built command, a real registry, real files; outside tools say what is right.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// The bytes that a script of other tools lays out as an image.
mod image;
/// Rows of `strata files --json` and lines of `tar -tv`, as one type.
mod listing;
/// A pipe before the registry that counts, and can be slow.
mod proxy;
/// Debian's `docker-registry` on a free port.
mod registry;
/// The tools that a test needs, and the folder it works in.
mod site;

/// Images made from Dockerfiles.
mod builds;
/// A network that never holds for long.
mod cut_often;
/// What a person is told when a pull cannot be.
mod errors;
/// Files written out, against tar.
mod export;
/// Files, layer by layer, against tar.
mod files;
/// A registry that attacks its clients.
mod hostile;
/// Pulls that are killed, and pulls side by side.
mod interrupted;
/// Signing in and out.
mod login;
/// All layers together, against what tar unpacks.
mod merged;
/// Images of the same Dockerfiles by buildah.
mod parity;
/// What is in the store, against skopeo.
mod stored;

//! What builds and runs images. One [`Engine`] so far: the built-in one, which needs no daemon.
//!
//! An engine is told what to build and given the ways out: images, files and repositories come through an [`strata_build::Outside`],
//! secrets through a [`Given`]. It opens no socket and reads no environment.

mod built_in;
mod engine;
mod error;
mod given;
mod host;
#[cfg(target_os = "linux")]
mod linux;
mod redaction;

pub use built_in::BuiltIn;
pub use engine::{BuildWork, Engine};
pub use error::EngineError;
pub use given::{Given, SecretValue};

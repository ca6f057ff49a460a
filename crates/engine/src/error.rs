//! Why a command could not be run.

use std::io;

use strata_run::RunError;
use strata_store::StoreError;
use strata_transfer::TransferError;
use thiserror::Error;

/// A command could not be run, or what it changed not be kept.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The sandbox.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The layer of what changed.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// A folder of a cache mount.
    #[error("cannot use the cache `{id}`: {source}")]
    Cache {
        /// The cache's id.
        id: String,
        /// Why.
        source: io::Error,
    },
    /// A device that commands are never given.
    #[error("the device `{name}` cannot be given to a command")]
    Device {
        /// Its name.
        name: String,
    },
}

impl EngineError {
    /// Whether somebody stopped it.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        matches!(
            self,
            Self::Run(RunError::Stopped)
                | Self::Store(StoreError::Stopped)
                | Self::Transfer(TransferError::Stopped)
        )
    }
}

//! What a person gives to one build: secrets and agents. Nothing of it is kept, logged or part of a key.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// Secrets and SSH agents by their ids.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Values of secrets.
    pub secrets: BTreeMap<String, SecretValue>,
    /// Sockets of SSH agents.
    pub agents: BTreeMap<String, PathBuf>,
    /// Whether commands trust the certificates that this machine trusts.
    pub trusts_machine: bool,
}

/// A secret's bytes, which no message shows.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue(pub Vec<u8>);

impl fmt::Debug for SecretValue {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "SecretValue({} bytes)", self.0.len())
    }
}

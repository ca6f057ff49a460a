//! Digests with a meaning of their own.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Digest;

macro_rules! identity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Digest);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

identity! {
    /// The digest of a layer's plain tar, before compression.
    DiffId
}
identity! {
    /// The digest of a stack of layers (OCI image specification, config.md, "Layer ChainID").
    ChainId
}
identity! {
    /// The digest of an image's config.
    ImageId
}

impl ChainId {
    /// The chain ID of each prefix of the stack, the lowest layer first.
    #[must_use]
    pub fn of(diff_ids: &[DiffId]) -> Vec<Self> {
        let mut chain: Vec<Self> = Vec::with_capacity(diff_ids.len());
        for diff_id in diff_ids {
            let next = match chain.last() {
                None => diff_id.0.clone(),
                Some(below) => {
                    let both = format!("{} {}", below.0, diff_id.0);
                    Digest::of(diff_id.0.algorithm(), both.as_bytes())
                }
            };
            chain.push(Self(next));
        }
        chain
    }
}

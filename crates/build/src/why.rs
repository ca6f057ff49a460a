//! Why a step is done anew: what differs first from the build before.

/// Why a step is done anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// No build of this file and target has had a step at this place.
    New,
    /// Somebody asked for it.
    NoCache,
    /// All is as it was, but the layer is not in the store any more.
    Gone,
    /// The instruction reads otherwise.
    Text {
        /// As it was.
        was: String,
        /// As it is.
        is: String,
    },
    /// It begins with something else: another base, or a step before it gave another result.
    Base,
    /// A build argument has another value.
    Argument {
        /// Its name.
        name: String,
        /// As it was; none if it was not set.
        was: Option<String>,
        /// As it is; none if it is not set any more.
        is: Option<String>,
    },
    /// A variable of the environment has another value.
    Environment {
        /// Its name.
        name: String,
        /// As it was; none if it was not set.
        was: Option<String>,
        /// As it is; none if it is not set any more.
        is: Option<String>,
    },
    /// Files are others.
    Files(ChangedFiles),
    /// Something else differs: user, folder, shell, network, platform, a mount …
    Other {
        /// What: the name of a part of the key.
        what: String,
    },
}

/// Which files are others, at most [`ChangedFiles::SHOWN`] of each kind. All empty if the build before had too many to be
/// remembered by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedFiles {
    /// Files with another content or other attributes.
    pub changed: Vec<String>,
    /// Files that were not there.
    pub added: Vec<String>,
    /// Files that are gone.
    pub removed: Vec<String>,
    /// How many there are in all.
    pub count: u64,
}

impl ChangedFiles {
    /// How many names of each kind are told.
    pub const SHOWN: usize = 20;
}

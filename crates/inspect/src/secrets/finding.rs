//! A secret that was found.

use serde::{Deserialize, Serialize};

use crate::EntryPath;

/// How sure it is that something is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It may be one; often it is an example, or of a test.
    Possible,
    /// It looks like one, or it is only a part or a packed form of one.
    Likely,
    /// Nothing else looks like that.
    Certain,
}

impl Severity {
    /// One step less sure.
    pub(super) const fn lowered(self) -> Self {
        match self {
            Self::Certain => Self::Likely,
            Self::Likely | Self::Possible => Self::Possible,
        }
    }
}

/// Where a secret stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "kebab-case")]
pub enum Place {
    /// In a file of a layer.
    File {
        /// The file.
        path: EntryPath,
    },
    /// In ENV of the image's config.
    Environment {
        /// The variable.
        name: String,
    },
    /// In a LABEL of the image's config.
    Label {
        /// The label.
        name: String,
    },
    /// In the command of a step of the image's history.
    History {
        /// The step, counted from 0 as in the config.
        step: usize,
    },
    /// In another setting of the image's config.
    Setting {
        /// Its name in the config, as `Cmd`.
        name: String,
    },
}

impl Place {
    /// It is in the image's config, where nothing is an example.
    pub(crate) const fn is_config(&self) -> bool {
        !matches!(self, Self::File { .. })
    }
}

/// A secret that was found. The secret itself is not kept: whoever may see it reads it again at its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Secret {
    /// The rule that found it: an `id` of [`super::rules`].
    pub rule: String,
    /// How sure it is.
    pub severity: Severity,
    /// Where it stands.
    pub place: Place,
    /// In which line, from 1 on; nothing where the whole file is meant.
    pub line: Option<u64>,
    /// At which byte of the file or text it starts.
    pub offset: u64,
    /// How many bytes it has.
    pub length_bytes: u64,
    /// Its start and its end, with `…` for what is between; empty where the whole file is meant.
    pub masked: String,
}

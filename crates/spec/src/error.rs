//! Why a text or document is not what it should be.

use thiserror::Error;

use crate::{Digest, MediaType};

/// A text is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DigestError {
    /// Not `algorithm:hex`.
    #[error("`{text}` is not a digest: it should read algorithm:hex")]
    Format {
        /// The text, cut where it is long.
        text: String,
    },
    /// An algorithm that is not known.
    #[error("the digest algorithm of `{text}` is not known")]
    Algorithm {
        /// The text, cut where it is long.
        text: String,
    },
    /// Too many or too few digits.
    #[error("the digest `{text}` has {found} digits where {expected} are needed")]
    Length {
        /// The text, cut where it is long.
        text: String,
        /// Digits that the algorithm has.
        expected: usize,
        /// Digits found.
        found: usize,
    },
}

/// A text is not a reference.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReferenceError {
    /// Nothing was typed.
    #[error("the reference is empty")]
    Empty,
    /// The grammar does not allow it.
    #[error("`{text}` is not a reference")]
    Format {
        /// The text, cut where it is long.
        text: String,
    },
    /// A capital letter where none may be.
    #[error("`{text}` has capital letters in its repository name")]
    UpperCase {
        /// The text, cut where it is long.
        text: String,
    },
    /// The name is longer than 255 characters.
    #[error("the repository name has {length} characters, more than {limit}")]
    TooLong {
        /// Its length.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// 64 hexadecimal digits alone: an image's ID, not a name.
    #[error("`{text}` is an identifier, not a name")]
    Identifier {
        /// The text.
        text: String,
    },
    /// What stands after `:` is not a tag.
    #[error("`{tag}` is not a tag")]
    Tag {
        /// The text after the colon.
        tag: String,
    },
    /// What stands after `@` is not a digest.
    #[error("`{text}` ends in no valid digest: {source}")]
    Digest {
        /// The text.
        text: String,
        /// What is wrong with it.
        source: DigestError,
    },
}

/// A text is not a platform.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a platform: it should read os/architecture or os/architecture/variant")]
pub struct PlatformError {
    /// The text.
    pub text: String,
}

/// A document is not what the specification says.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// Not JSON, or not of the form that the specification gives.
    #[error("not a valid {what}: {source}")]
    Json {
        /// Which document.
        what: &'static str,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// A field that the form requires or forbids.
    #[error("not a valid {what}: {reason}")]
    Invalid {
        /// Which document.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// Two meanings in one document: layers and manifests.
    #[error("the document is a manifest and an index at once")]
    Ambiguous,
    /// The document says it is something else than the registry said.
    #[error("the document says it is {found} where {expected} was announced", found = .found.as_str(), expected = .expected.as_str())]
    MediaTypeMismatch {
        /// What was announced.
        expected: MediaType,
        /// What the document says.
        found: MediaType,
    },
    /// A form that no current tool writes.
    #[error(
        "a manifest of schema 1, which has no checked layers; ask for the image to be pushed again"
    )]
    Schema1,
    /// Neither a manifest nor an index.
    #[error("{} is neither a manifest nor an index", .media_type.as_str())]
    Unknown {
        /// What it says it is.
        media_type: MediaType,
    },
    /// The bytes have another digest than the name they go by.
    #[error("the document has the digest {} where {} was expected", found.short(), expected.short())]
    DigestMismatch {
        /// The digest it goes by.
        expected: Digest,
        /// The digest of the bytes.
        found: Digest,
    },
}

/// The beginning of a text, for an error message.
pub(crate) fn cut(text: &str) -> String {
    const LIMIT: usize = 120;
    match text.char_indices().nth(LIMIT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

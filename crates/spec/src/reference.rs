//! What a person types to name an image, and what it means by Docker's rules.
//!
//! The grammar is that of the distribution project's `reference` package; the rules that fill in what was left out
//! (`docker.io`, `library/`) are Docker's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{ReferenceError, cut};
use crate::{Digest, DigestError};

/// The registry that is meant where none is named.
const DEFAULT_REGISTRY: &str = "docker.io";
/// An older name of the same registry.
const LEGACY_REGISTRY: &str = "index.docker.io";
/// The folder of the default registry that is meant where none is named.
const DEFAULT_FOLDER: &str = "library/";
/// The longest name, with its registry, in characters.
const MAX_NAME: usize = 255;
/// The longest tag, in characters.
const MAX_TAG: usize = 128;

/// A registry, a repository on it, and a tag or digest or both. Always complete: what was left out is filled in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

/// A text taken apart, before anything is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    pub name: &'a str,
    pub tag: Option<&'a str>,
    pub digest: Option<&'a str>,
}

impl Reference {
    /// Reads a reference. No tag is added: see [`Reference::with_default_tag`].
    ///
    /// # Errors
    /// [`ReferenceError`] that says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        if is_identifier(text) {
            return Err(ReferenceError::Identifier { text: text.to_owned() });
        }
        let parts = split(text)?;
        let (registry, repository) = normalise(parts.name);
        let reference = Self {
            registry,
            repository,
            tag: parts.tag.map(str::to_owned),
            digest: parts.digest.map(|digest| digest_of(text, digest)).transpose()?,
        };
        reference.check(text)?;
        Ok(reference)
    }

    /// The registry's host, with its port if it has one: `docker.io`, `localhost:5150`.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository on the registry: `library/nginx`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest. Where there is one it decides, and the tag is only a note.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// Registry and repository: `docker.io/library/nginx`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    /// The name as Docker shows it: `nginx`.
    #[must_use]
    pub fn familiar_name(&self) -> String {
        if self.registry != DEFAULT_REGISTRY {
            return self.name();
        }
        match self.repository.strip_prefix(DEFAULT_FOLDER) {
            Some(short) if !short.contains('/') => short.to_owned(),
            _ => self.repository.clone(),
        }
    }

    /// All of it as Docker shows it: `nginx:1.27`.
    #[must_use]
    pub fn familiar(&self) -> String {
        format!("{}{}", self.familiar_name(), Suffix(self))
    }

    /// The same with the tag `latest`, if it has neither tag nor digest.
    #[must_use]
    pub fn with_default_tag(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some("latest".to_owned());
        }
        self
    }

    /// The same with another tag.
    ///
    /// # Errors
    /// [`ReferenceError::Tag`] if it is not a tag.
    pub fn with_tag(mut self, tag: &str) -> Result<Self, ReferenceError> {
        if !is_tag(tag) {
            return Err(ReferenceError::Tag { tag: cut(tag) });
        }
        self.tag = Some(tag.to_owned());
        Ok(self)
    }

    /// The same with a digest.
    #[must_use]
    pub fn with_digest(mut self, digest: Digest) -> Self {
        self.digest = Some(digest);
        self
    }

    /// The same without a digest.
    #[must_use]
    pub fn without_digest(mut self) -> Self {
        self.digest = None;
        self
    }

    /// What the grammar cannot say: lengths, and capitals that a host name may have but a repository not.
    fn check(&self, text: &str) -> Result<(), ReferenceError> {
        if self.repository.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(ReferenceError::UpperCase { text: cut(text) });
        }
        if self.repository.is_empty() {
            return Err(ReferenceError::Format { text: cut(text) });
        }
        if self.repository.len() > MAX_NAME {
            let length = self.repository.len();
            return Err(ReferenceError::TooLong { length, limit: MAX_NAME });
        }
        Ok(())
    }
}

struct Suffix<'a>(&'a Reference);

impl fmt::Display for Suffix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tag) = &self.0.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.0.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}{}", self.registry, self.repository, Suffix(self))
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Takes `name[:tag][@digest]` apart. Each part is of its grammar afterwards.
pub(crate) fn split(text: &str) -> Result<Parts<'_>, ReferenceError> {
    let malformed = || ReferenceError::Format { text: cut(text) };
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    // A colon after the last slash begins a tag; before it, a port.
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match rest[slash..].find(':') {
        Some(colon) => (&rest[..slash + colon], Some(&rest[slash + colon + 1..])),
        None => (rest, None),
    };
    if let Some(tag) = tag.filter(|tag| !is_tag(tag)) {
        // Docker says "invalid reference format" for `name:` and for a tag that no registry can have.
        return Err(if name.is_empty() {
            malformed()
        } else {
            ReferenceError::Tag { tag: cut(tag) }
        });
    }
    if let Some(digest) = digest.filter(|digest| !is_digest_shape(digest)) {
        return Err(digest_of(text, digest).err().unwrap_or_else(malformed));
    }
    check_name(name, text)?;
    Ok(Parts { name, tag, digest })
}

/// A name with or without a host: `[host[:port]/]component[/component…]`.
fn check_name(name: &str, text: &str) -> Result<(), ReferenceError> {
    let malformed = || ReferenceError::Format { text: cut(text) };
    if name.is_empty() {
        return Err(malformed());
    }
    let mut components = name.split('/');
    let first = components.next().unwrap_or_default();
    let rest: Vec<&str> = components.collect();
    let tail_fine = rest.iter().all(|component| is_component(component));
    let fine = match rest.is_empty() {
        true => is_component(first),
        false => tail_fine && (is_component(first) || is_host(first)),
    };
    if !fine {
        let lower = name.to_ascii_lowercase();
        if lower != name && check_name(&lower, text).is_ok() {
            return Err(ReferenceError::UpperCase { text: cut(text) });
        }
        return Err(malformed());
    }
    let length = if rest.is_empty() { name.len() } else { name.len() - first.len() - 1 };
    if length > MAX_NAME {
        return Err(ReferenceError::TooLong { length, limit: MAX_NAME });
    }
    Ok(())
}

/// Docker's rule for what comes before the first slash: a host if it has a dot or colon, is `localhost` or has a
/// capital letter; else the first folder on the default registry.
fn normalise(name: &str) -> (String, String) {
    let (host, repository) = match name.split_once('/') {
        Some((first, rest))
            if first.contains(['.', ':'])
                || first == "localhost"
                || first.bytes().any(|byte| byte.is_ascii_uppercase()) =>
        {
            (first, rest)
        }
        _ => (DEFAULT_REGISTRY, name),
    };
    let host = if host == LEGACY_REGISTRY { DEFAULT_REGISTRY } else { host };
    if host == DEFAULT_REGISTRY && !repository.contains('/') {
        return (host.to_owned(), format!("{DEFAULT_FOLDER}{repository}"));
    }
    (host.to_owned(), repository.to_owned())
}

fn digest_of(text: &str, digest: &str) -> Result<Digest, ReferenceError> {
    Digest::parse(digest)
        .map_err(|source: DigestError| ReferenceError::Digest { text: cut(text), source })
}

/// 64 lower-case hexadecimal digits and nothing else.
fn is_identifier(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// `[\w][\w.-]{0,127}`.
fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= MAX_TAG
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|byte| word(byte) || byte == b'.' || byte == b'-')
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`.
fn is_component(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    if !letter(*first) || !letter(*last) {
        return false;
    }
    text.split(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        .filter(|separator| !separator.is_empty())
        .all(|separator| {
            matches!(separator, "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-')
        })
}

/// A host name or bracketed IPv6 address, with or without a port.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, "")) => return is_ipv6(address),
            Some((address, port)) if is_ipv6(address) => match port.strip_prefix(':') {
                Some(port) => return is_port(port),
                None => return false,
            },
            _ => return false,
        },
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    host.split('.').all(is_host_label) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_ipv6(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
}

/// `[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]`.
fn is_host_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

/// `[A-Za-z][A-Za-z0-9]*([-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}`.
fn is_digest_shape(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else {
        return false;
    };
    let part = |part: &str| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    algorithm.split(['-', '_', '+', '.']).all(part)
        && hex.len() >= 32
        && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests;

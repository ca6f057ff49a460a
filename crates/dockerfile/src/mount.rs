//! `RUN --mount=…`: its value taken apart.

use crate::parse::nearest;

/// Why the value of a `--mount` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MountError {
    /// A kind that no builder knows.
    #[error("there is no mount of the type `{found}`")]
    Kind {
        /// What stands there.
        found: String,
        /// What was probably meant.
        suggestion: Option<&'static str>,
    },
    /// A key that this kind does not take.
    #[error("a {kind} mount takes no `{key}`")]
    Key {
        /// The kind.
        kind: &'static str,
        /// The key.
        key: String,
        /// What was probably meant.
        suggestion: Option<&'static str>,
    },
    /// A value that cannot be read.
    #[error("`{value}` is no value of `{key}`")]
    Value {
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// Something that this kind needs is missing.
    #[error("a {kind} mount needs `{key}`")]
    Missing {
        /// The kind.
        kind: &'static str,
        /// The key.
        key: &'static str,
    },
}

/// What kind a mount is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum MountType {
    /// Files of the context, a stage or an image.
    #[default]
    Bind,
    /// A folder that stays from build to build.
    Cache,
    /// A folder in memory.
    Tmpfs,
    /// A secret.
    Secret,
    /// An SSH agent.
    Ssh,
}

/// The value of a `--mount`, before variables are expanded. What is not given is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mount {
    /// What kind it is of.
    pub kind: MountType,
    /// `target`, `dst`, `destination`.
    pub target: Option<String>,
    /// `source`, `src`.
    pub source: Option<String>,
    /// `from`: a stage, image or named context.
    pub from: Option<String>,
    /// `id`.
    pub id: Option<String>,
    /// `env`: a secret as a variable.
    pub env: Option<String>,
    /// `sharing`: `shared`, `private`, `locked`.
    pub sharing: Option<String>,
    /// `mode`, octal.
    pub mode: Option<String>,
    /// `uid`.
    pub uid: Option<String>,
    /// `gid`.
    pub gid: Option<String>,
    /// `size`, in bytes, or with a unit.
    pub size: Option<String>,
    /// `rw`, `ro` and their longer names: whether it may not be written.
    pub is_read_only: Option<bool>,
    /// `required`.
    pub is_required: bool,
}

const KINDS: [(&str, MountType); 5] = [
    ("bind", MountType::Bind),
    ("cache", MountType::Cache),
    ("tmpfs", MountType::Tmpfs),
    ("secret", MountType::Secret),
    ("ssh", MountType::Ssh),
];

impl MountType {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |&(name, _)| name)
    }

    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Bind => &[
                "target",
                "dst",
                "destination",
                "source",
                "src",
                "from",
                "rw",
                "readwrite",
                "ro",
                "readonly",
            ],
            Self::Cache => &[
                "target",
                "dst",
                "destination",
                "source",
                "src",
                "from",
                "id",
                "sharing",
                "mode",
                "uid",
                "gid",
                "ro",
                "readonly",
                "rw",
                "readwrite",
            ],
            Self::Tmpfs => &["target", "dst", "destination", "size"],
            Self::Secret => &[
                "target",
                "dst",
                "destination",
                "source",
                "src",
                "id",
                "env",
                "required",
                "mode",
                "uid",
                "gid",
            ],
            Self::Ssh => &["target", "dst", "destination", "id", "required", "mode", "uid", "gid"],
        }
    }
}

/// A key of a mount, and its value if one is given.
pub type MountField = (String, Option<String>);

impl Mount {
    /// Reads a value without variables.
    ///
    /// # Errors
    /// [`MountError`]: the first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, MountError> {
        Self::of(&Self::fields(text))
    }

    /// The keys of a value, before any variable is expanded.
    #[must_use]
    pub fn fields(text: &str) -> Vec<MountField> {
        let found = fields(text).into_iter().map(|field| match field.split_once('=') {
            Some((key, value)) => (key.trim().to_ascii_lowercase(), Some(value.to_owned())),
            None => (field.trim().to_ascii_lowercase(), None),
        });
        found.collect()
    }

    /// The mount of some keys and values.
    ///
    /// # Errors
    /// [`MountError`]: the first thing that is wrong.
    pub fn of(fields: &[MountField]) -> Result<Self, MountError> {
        let mut mount = Self::default();
        if let Some((_, found)) = fields.iter().find(|(key, _)| key == "type") {
            mount.kind = kind(found.as_deref().unwrap_or_default())?;
        }
        for (key, value) in fields.iter().filter(|(key, _)| key != "type") {
            mount.set(key, value.as_deref())?;
        }
        mount.check()
    }

    fn set(&mut self, key: &str, value: Option<&str>) -> Result<(), MountError> {
        let keys = self.kind.keys();
        if !keys.contains(&key) {
            let (kind, suggestion) = (self.kind.name(), nearest(key, keys));
            return Err(MountError::Key { kind, key: key.to_owned(), suggestion });
        }
        let wrong =
            |value: &str| MountError::Value { key: key.to_owned(), value: value.to_owned() };
        if matches!(key, "rw" | "readwrite" | "ro" | "readonly" | "required") {
            let is_so = value.map_or(Some(true), boolean);
            let is_so = is_so.ok_or_else(|| wrong(value.unwrap_or_default()))?;
            match key {
                "required" => self.is_required = is_so,
                "ro" | "readonly" => self.is_read_only = Some(is_so),
                _ => self.is_read_only = Some(!is_so),
            }
            return Ok(());
        }
        let value = value.ok_or_else(|| wrong(""))?.to_owned();
        let field = match key {
            "target" | "dst" | "destination" => &mut self.target,
            "source" | "src" if self.kind == MountType::Secret => &mut self.id,
            "source" | "src" => &mut self.source,
            "from" => &mut self.from,
            "id" => &mut self.id,
            "env" => &mut self.env,
            "sharing" => &mut self.sharing,
            "mode" => &mut self.mode,
            "uid" => &mut self.uid,
            "gid" => &mut self.gid,
            _ => &mut self.size,
        };
        *field = Some(value);
        Ok(())
    }

    fn check(self) -> Result<Self, MountError> {
        let kind = self.kind.name();
        let missing = |key| Err(MountError::Missing { kind, key });
        match self.kind {
            MountType::Bind | MountType::Cache | MountType::Tmpfs if self.target.is_none() => {
                missing("target")
            }
            MountType::Secret if self.id.is_none() && self.target.is_none() => missing("id"),
            _ => Ok(self),
        }
    }
}

fn kind(found: &str) -> Result<MountType, MountError> {
    let known = KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(found));
    known.map(|&(_, kind)| kind).ok_or_else(|| {
        let names: Vec<&'static str> = KINDS.iter().map(|&(name, _)| name).collect();
        MountError::Kind { found: found.to_owned(), suggestion: nearest(found, &names) }
    })
}

/// A switch as Go reads it.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// The fields between commas; one that is in double quotes may have commas.
fn fields(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut is_quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => found.push(String::new()),
            other => {
                if let Some(last) = found.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    found.retain(|field| !field.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_mount_is_read_with_all_names_of_its_keys() {
        let mount = Mount::parse("type=cache,dst=/root/{folder},sharing=locked,ro,uid=5").unwrap();
        assert_eq!(mount.kind, MountType::Cache);
        assert_eq!(mount.target.as_deref(), Some("/root/{folder}"));
        assert_eq!((mount.is_read_only, mount.uid.as_deref()), (Some(true), Some("5")));
        let bind = Mount::parse("target=/src,rw=true,from=build,\"source=a,b\"").unwrap();
        assert_eq!((bind.kind, bind.is_read_only), (MountType::Bind, Some(false)));
        assert_eq!((bind.from.as_deref(), bind.source.as_deref()), (Some("build"), Some("a,b")));
    }

    #[test]
    fn what_is_wrong_is_said_with_what_was_probably_meant() {
        let error = Mount::parse("type=cahce,target=/x").unwrap_err();
        assert_eq!(
            error,
            MountError::Kind { found: "cahce".to_owned(), suggestion: Some("cache") }
        );
        let error = Mount::parse("type=tmpfs,targt=/x").unwrap_err();
        assert!(matches!(error, MountError::Key { suggestion: Some("target"), .. }), "{error}");
        assert!(matches!(Mount::parse("type=bind"), Err(MountError::Missing { .. })));
        assert!(matches!(Mount::parse("target=/x,rw=maybe"), Err(MountError::Value { .. })));
    }
}

//! Which variables there are where.

use std::collections::BTreeMap;

use strata_dockerfile::{Pair, expand};
use strata_spec::Platform;

use crate::{BuildError, BuildOptions};

/// Arguments that are known without `ARG`, and neither noted nor part of a key.
const PROXIES: [&str; 5] = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

/// The arguments before the first stage.
#[derive(Debug, Clone, Default)]
pub(crate) struct Globals(BTreeMap<String, String>);

impl Globals {
    /// Those that are always there: platforms and the target.
    pub fn of(options: &BuildOptions) -> Self {
        let mut known = BTreeMap::new();
        for (prefix, platform) in
            [("BUILD", &options.build_platform), ("TARGET", &options.platform)]
        {
            let Platform { os, architecture, variant, os_version, .. } = platform;
            let variant = variant.clone().unwrap_or_default();
            let version = os_version.clone().unwrap_or_default();
            known.insert(format!("{prefix}PLATFORM"), platform.to_string());
            known.insert(format!("{prefix}OS"), os.clone());
            known.insert(format!("{prefix}OSVERSION"), version);
            known.insert(format!("{prefix}ARCH"), architecture.clone());
            known.insert(format!("{prefix}VARIANT"), variant);
        }
        let target = options.target.clone().unwrap_or_else(|| "default".to_owned());
        known.insert("TARGETSTAGE".to_owned(), target);
        for (name, value) in &mut known {
            if let Some(given) = options.args.get(name) {
                value.clone_from(given);
            }
        }
        Self(known)
    }

    /// Takes an `ARG` before the first stage.
    pub fn declare(
        &mut self,
        pair: &Pair,
        given: Option<&String>,
        words: &Words,
    ) -> Result<(), BuildError> {
        let value = match (given, &pair.value) {
            (Some(given), _) => Some(given.clone()),
            (None, Some(value)) => Some(words.expand(&value.text, &|name| self.get(name))?),
            (None, None) => None,
        };
        if let Some(value) = value {
            self.0.insert(pair.name.text.clone(), value);
        }
        Ok(())
    }

    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// How words of an instruction are expanded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    pub escape: char,
    pub line: usize,
}

impl Words {
    pub fn expand(
        &self,
        text: &str,
        value: &dyn Fn(&str) -> Option<String>,
    ) -> Result<String, BuildError> {
        let line = self.line;
        let found = expand(text, self.escape, value);
        found.map(|found| found.text).map_err(|source| BuildError::Expand { line, source })
    }

    /// The words that a text falls into.
    pub fn split(
        &self,
        text: &str,
        value: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Vec<String>, BuildError> {
        let line = self.line;
        let found = expand(text, self.escape, value);
        found.map(|found| found.words).map_err(|source| BuildError::Expand { line, source })
    }
}

/// The variables of a stage.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// What commands find: of `ENV`, of the base, and of the arguments that have a value.
    env: BTreeMap<String, String>,
    /// The arguments that were declared, in that order, and what they were declared with.
    arguments: Vec<(String, Option<String>)>,
}

impl Scope {
    /// What a stage begins with, which its base has left.
    pub fn enter(&mut self, env: &[String]) {
        for (name, value) in env.iter().filter_map(|entry| entry.split_once('=')) {
            self.env.insert(name.to_owned(), value.to_owned());
        }
    }

    pub fn get(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned()
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.env.insert(name.to_owned(), value.to_owned());
    }

    /// All of them, as a command finds them.
    pub fn env(&self) -> &BTreeMap<String, String> {
        &self.env
    }

    /// Takes an `ARG`; answers with its value.
    pub fn declare(
        &mut self,
        pair: &Pair,
        (options, globals): (&BuildOptions, &Globals),
        words: Words,
    ) -> Result<Option<String>, BuildError> {
        let name = &pair.name.text;
        let value = match (options.args.get(name), &pair.value) {
            (Some(given), _) => Some(given.clone()),
            (None, Some(value)) => Some(words.expand(&value.text, &|name| self.get(name))?),
            (None, None) => globals.get(name),
        };
        if let Some(value) = &value {
            self.set(name, value);
        }
        self.arguments.push((name.clone(), value.clone()));
        Ok(value)
    }

    /// The arguments with their values now, as the history of a command has them: each once.
    pub fn arguments(&self) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for (name, declared) in &self.arguments {
            let value = self.get(name).or_else(|| declared.clone()).unwrap_or_default();
            match found.iter_mut().find(|(known, _)| known == name) {
                Some(known) => known.1 = value,
                None => found.push((name.clone(), value)),
            }
        }
        found
    }

    /// The proxies that were given and not declared, with both cases of their names.
    pub fn proxies(&self, options: &BuildOptions) -> Vec<(String, String)> {
        let is_proxy = |name: &str| PROXIES.iter().any(|known| known.eq_ignore_ascii_case(name));
        let given = options.args.iter().filter(|(name, _)| is_proxy(name));
        let mut found: Vec<(String, String)> = Vec::new();
        for (name, value) in given {
            for name in [name.to_ascii_uppercase(), name.to_ascii_lowercase()] {
                let is_known = found.iter().any(|(known, _)| *known == name);
                if !self.env.contains_key(&name) && !is_known {
                    found.push((name, value.clone()));
                }
            }
        }
        found
    }
}

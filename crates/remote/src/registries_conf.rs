//! What `registries.conf` says (containers-registries.conf(5), version 2): where images are really kept, mirrors,
//! what is blocked. Short names and search lists are read and not followed: a name means one registry here.
//!
//! `insecure = true` allows a place to be spoken to without TLS, and that is all: where there is TLS its certificate is
//! checked, whatever a file says. An authority of one's own belongs into `certs.d`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use crate::RemoteError;

/// A file larger than this is not one, in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// When a mirror is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asked {
    #[default]
    All,
    DigestOnly,
    TagOnly,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct Entry {
    prefix: String,
    location: String,
    insecure: bool,
    blocked: bool,
    mirror_by_digest_only: bool,
    mirror: Vec<Place>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct Place {
    location: String,
    insecure: bool,
    pull_from_mirror: Asked,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct File {
    unqualified_search_registries: Vec<String>,
    registry: Vec<Entry>,
    aliases: BTreeMap<String, String>,
}

/// A mirror of a registry, as a person has set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// The registry, as references name it.
    pub registry: String,
    /// A host, with a port and a path if it has them.
    pub location: String,
}

/// All that `registries.conf` and the files beside it say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistriesConf {
    entries: Vec<Entry>,
    search: Vec<String>,
    aliases: BTreeMap<String, String>,
}

/// One place that an image can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// The host, with its port if it has one.
    pub registry: String,
    /// The repository there.
    pub repository: String,
    /// It may be spoken to without TLS. Certificates are checked where there is TLS, whatever a file says.
    pub insecure: bool,
}

impl RegistriesConf {
    /// Reads files in their order; one that is not there says nothing. Of two entries for one prefix the later counts.
    ///
    /// # Errors
    /// [`RemoteError::RegistriesFile`] if a file is not of the known form.
    pub fn read(files: &[PathBuf]) -> Result<Self, RemoteError> {
        let mut read = Self::default();
        for path in files {
            let invalid =
                |reason: String| RemoteError::RegistriesFile { path: path.clone(), reason };
            match fs::metadata(path) {
                Ok(data) if data.len() > MAX_BYTES => {
                    return Err(invalid("it is larger than such files are".to_owned()));
                }
                Ok(_) => {}
                Err(_) => continue,
            }
            let text = fs::read_to_string(path).map_err(|error| invalid(error.to_string()))?;
            read.add(&text).map_err(invalid)?;
        }
        Ok(read)
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        let file: File = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        if !file.unqualified_search_registries.is_empty() {
            self.search = file.unqualified_search_registries;
        }
        self.aliases.extend(file.aliases);
        for mut entry in file.registry {
            let places = entry.mirror.iter_mut().map(|mirror| &mut mirror.location);
            for place in places.chain([&mut entry.prefix, &mut entry.location]) {
                if place.contains("://") {
                    return Err(format!("`{place}` is a URL where a host was expected"));
                }
                place.truncate(place.trim_end_matches('/').len());
            }
            if entry.mirror.iter().any(|mirror| mirror.location.is_empty()) {
                return Err("a mirror has no location".to_owned());
            }
            if entry.prefix.is_empty() {
                entry.prefix.clone_from(&entry.location);
            }
            if entry.prefix.is_empty() {
                return Err("a registry has neither prefix nor location".to_owned());
            }
            self.entries.retain(|other| other.prefix != entry.prefix);
            self.entries.push(entry);
        }
        Ok(())
    }

    /// The registries that other tools search for a name without one. They are not searched here.
    #[must_use]
    pub fn search_registries(&self) -> &[String] {
        &self.search
    }

    /// Names without a registry, and what other tools take them for. They are not followed here.
    #[must_use]
    pub fn short_names(&self) -> &BTreeMap<String, String> {
        &self.aliases
    }

    /// The entry with the longest prefix of `name`.
    fn entry(&self, name: &str) -> Option<&Entry> {
        let fitting = self.entries.iter().filter(|entry| rest(&entry.prefix, name).is_some());
        fitting.max_by_key(|entry| entry.prefix.len())
    }

    /// Whether a registry or repository is forbidden.
    pub(crate) fn is_blocked(&self, name: &str) -> bool {
        self.entry(name).is_some_and(|entry| entry.blocked)
    }

    /// The places of a repository's mirrors, in their order.
    pub(crate) fn mirror_locations(&self, name: &str) -> Vec<String> {
        let mirrors = self.entry(name).into_iter().flat_map(|entry| &entry.mirror);
        mirrors.map(|mirror| mirror.location.clone()).collect()
    }

    /// Where a repository is asked for: its mirrors first, at last where it really is.
    pub(crate) fn sources(&self, registry: &str, repository: &str, by_digest: bool) -> Vec<Source> {
        let home = self.home(registry, repository);
        let name = format!("{registry}/{repository}");
        let Some(entry) = self.entry(&name) else { return vec![home] };
        let below = rest(&entry.prefix, &name).unwrap_or_default();
        let asked = |mirror: &&Place| match (entry.mirror_by_digest_only, mirror.pull_from_mirror) {
            (true, _) | (false, Asked::DigestOnly) => by_digest,
            (false, Asked::TagOnly) => !by_digest,
            (false, Asked::All) => true,
        };
        let place = |location: &str, insecure| source(&format!("{location}{below}"), insecure);
        let mirrors = entry.mirror.iter().filter(asked);
        let mirrors = mirrors.filter_map(|mirror| place(&mirror.location, mirror.insecure));
        mirrors.chain([home]).collect()
    }

    /// Where a repository really is; without a repository, where the registry is.
    pub(crate) fn home(&self, registry: &str, repository: &str) -> Source {
        let itself = |insecure| Source {
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            insecure,
        };
        let name = match repository {
            "" => registry.to_owned(),
            repository => format!("{registry}/{repository}"),
        };
        let Some(entry) = self.entry(&name) else { return itself(false) };
        let below = rest(&entry.prefix, &name).unwrap_or_default();
        let moved = format!("{}{below}", entry.location);
        let moved = match (entry.location.as_str(), repository) {
            ("", _) => None,
            // A registry as a whole can only be another one as a whole.
            (_, "") => Some(Source { registry: moved, ..itself(entry.insecure) })
                .filter(|moved| !moved.registry.contains('/')),
            _ => source(&moved, entry.insecure),
        };
        moved.unwrap_or_else(|| itself(entry.insecure))
    }
}

/// A place as it is written: a host, and what follows it as a repository.
pub(crate) fn source(location: &str, insecure: bool) -> Option<Source> {
    let (registry, repository) = location.split_once('/')?;
    let (registry, repository) = (registry.to_owned(), repository.to_owned());
    (!registry.is_empty() && !repository.is_empty()).then_some(Source {
        registry,
        repository,
        insecure,
    })
}

/// What of a name follows a prefix, which ends at a slash, or at the end. `*.example.com` fits any host below.
fn rest<'a>(prefix: &str, name: &'a str) -> Option<&'a str> {
    if let Some(domain) = prefix.strip_prefix('*') {
        let end = name.find('/').unwrap_or(name.len());
        return name[..end].ends_with(domain).then(|| &name[end..]);
    }
    let rest = name.strip_prefix(prefix)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TEXT: &str = r#"
        unqualified-search-registries = ["docker.io", "quay.io"]
        short-name-mode = "enforcing"
        [[registry]]
        prefix = "docker.io"
        location = "docker.io"
        [[registry.mirror]]
        location = "mirror.example:5000/hub"
        insecure = true
        [[registry.mirror]]
        location = "second.example"
        pull-from-mirror = "digest-only"
        [[registry]]
        prefix = "docker.io/library"
        location = "inner.example/official"
        [[registry]]
        prefix = "*.moved.example"
        location = "new.example/all/"
        [[registry]]
        prefix = "*.evil.example"
        blocked = true
        [[registry]]
        location = "old.example"
        blocked = true
        [aliases]
        "fedora" = "registry.fedoraproject.org/fedora"
    "#;

    fn conf() -> RegistriesConf {
        let mut conf = RegistriesConf::default();
        conf.add(TEXT).unwrap();
        conf
    }

    fn places(registry: &str, repository: &str, by_digest: bool) -> Vec<String> {
        let sources = conf().sources(registry, repository, by_digest);
        sources
            .into_iter()
            .map(|source| format!("{}/{}", source.registry, source.repository))
            .collect()
    }

    #[test]
    fn mirrors_come_first_and_the_longest_prefix_counts() {
        let by_tag = ["mirror.example:5000/hub/team/app", "docker.io/team/app"];
        assert_eq!(places("docker.io", "team/app", false), by_tag);
        let by_digest =
            ["mirror.example:5000/hub/team/app", "second.example/team/app", "docker.io/team/app"];
        assert_eq!(places("docker.io", "team/app", true), by_digest);
        assert_eq!(places("docker.io", "library/nginx", true), ["inner.example/official/nginx"]);
        assert_eq!(places("docker.io", "library2/x", false).len(), 2);
        assert_eq!(places("ghcr.io", "a/b", true), ["ghcr.io/a/b"]);
        assert_eq!(places("a.moved.example", "b/c", true), ["new.example/all/b/c"]);
    }

    #[test]
    fn what_is_blocked_is_blocked_below_it_too() {
        let conf = conf();
        for name in ["a.evil.example/x", "a.b.evil.example", "old.example", "old.example/app"] {
            assert!(conf.is_blocked(name), "{name}");
        }
        for name in ["evil.example.org/x", "old.example.org/app", "docker.io/library/x"] {
            assert!(!conf.is_blocked(name), "{name}");
        }
        assert_eq!(conf.search_registries(), ["docker.io", "quay.io"]);
        let fedora = conf.short_names().get("fedora").map(String::as_str);
        assert_eq!(fedora, Some("registry.fedoraproject.org/fedora"));
    }

    #[test]
    fn a_later_file_has_the_last_word_and_nonsense_is_said_to_be_so() {
        let mut conf = conf();
        conf.add("[[registry]]\nlocation = \"old.example\"").unwrap();
        assert!(!conf.is_blocked("old.example/app"));
        assert!(conf.add("[[registry]]\nblocked = true").is_err());
        assert!(conf.add("[[registry]]\nlocation = \"https://r.example\"").is_err());
        assert!(conf.add("[[registry]]\nlocation = \"a.b\"\n[[registry.mirror]]").is_err());
        assert!(conf.add("[[registry]\n").is_err());
    }
}

//! Where things are on this machine. The only place that reads the environment.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

/// What the names of credential helpers begin with.
const HELPER: &str = "docker-credential-";
/// The first port that the practice registry tries.
pub const PRACTICE_PORT: u16 = 5150;

/// The folders and files that an [`crate::App`] works with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The store: an OCI image layout.
    pub store: PathBuf,
    /// The practice registry's own store.
    pub practice: PathBuf,
    /// What a person has set.
    pub settings: PathBuf,
    /// Where logins of other tools may stand, most specific first.
    pub logins: Vec<PathBuf>,
    /// Folders with certificates for single registries, as `HOST[:PORT]/*.crt`, besides our own.
    pub certificates: Vec<PathBuf>,
    /// Files of containers-registries.conf(5), in the order in which they are read.
    pub registries_files: Vec<PathBuf>,
    /// The first port that the practice registry tries.
    pub practice_port: u16,
    /// The program that carries out `RUN`.
    pub helper: PathBuf,
}

impl Paths {
    /// The platform's folders, unless the environment names others: `STRATA_STORE`, `STRATA_CONFIG_DIR`,
    /// `STRATA_PRACTICE_PORT`, `STRATA_HELPER`, and Docker's `DOCKER_CONFIG`.
    ///
    /// `store` is what a person named on the command line. Without any home folder the current one is used.
    #[must_use]
    pub fn from_environment(store: Option<PathBuf>) -> Self {
        let data = dirs::data_local_dir().unwrap_or_else(|| PathBuf::from(".")).join("strata");
        let config = variable("STRATA_CONFIG_DIR").map_or_else(
            || dirs::config_dir().unwrap_or_else(|| PathBuf::from(".")).join("strata"),
            PathBuf::from,
        );
        let store = store
            .or_else(|| variable("STRATA_STORE").map(PathBuf::from))
            .unwrap_or_else(|| data.join("store"));
        let practice = match store.file_name() {
            Some(name) => {
                let mut name = name.to_owned();
                name.push("-practice");
                store.with_file_name(name)
            }
            None => data.join("store-practice"),
        };
        Self {
            store,
            practice,
            settings: config.join("settings.json"),
            logins: login_files(),
            certificates: certificate_folders(),
            registries_files: registries_files(),
            practice_port: variable("STRATA_PRACTICE_PORT")
                .and_then(|port| port.to_str()?.parse().ok())
                .unwrap_or(PRACTICE_PORT),
            helper: variable("STRATA_HELPER").map_or_else(beside_us, PathBuf::from),
        }
    }
}

impl Paths {
    /// The pulls that have not ended, kept for the next window. It is the store's: what arrived of them is there.
    #[must_use]
    pub fn queue(&self) -> PathBuf {
        let mut name = self.store.file_name().unwrap_or("store".as_ref()).to_owned();
        name.push("-queue.json");
        self.store.with_file_name(name)
    }

    /// The folder of the examples of Dockerfiles.
    #[must_use]
    pub fn examples(&self) -> PathBuf {
        let mut name = self.store.file_name().unwrap_or("store".as_ref()).to_owned();
        name.push("-examples");
        self.store.with_file_name(name)
    }

    /// The folder of the certificates that were added here.
    #[must_use]
    pub fn certificates_own(&self) -> PathBuf {
        self.settings.with_file_name("certs.d")
    }

    /// All folders with certificates for single registries, our own first.
    #[must_use]
    pub fn certificate_places(&self) -> Vec<PathBuf> {
        std::iter::once(self.certificates_own()).chain(self.certificates.iter().cloned()).collect()
    }

    /// The list of the logins that Strata keeps; their passwords are elsewhere.
    #[must_use]
    pub fn kept_logins(&self) -> PathBuf {
        self.settings.with_file_name("logins.json")
    }
}

/// The helper where an installation puts it: beside this program, or in the folder above, as that of a test.
fn beside_us() -> PathBuf {
    let name = if cfg!(windows) { "strata-helper.exe" } else { "strata-helper" };
    let us = env::current_exe().unwrap_or_default();
    let places = us.ancestors().skip(1).take(2).map(|folder| folder.join(name));
    let found = places.clone().find(|path| path.is_file());
    found.unwrap_or_else(|| us.with_file_name(name))
}

/// The names of the credential helpers that can be run, without what all begin with.
#[must_use]
pub fn helpers() -> Vec<String> {
    let mut names = BTreeSet::new();
    for folder in env::split_paths(&variable("PATH").unwrap_or_default()) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_str().and_then(|name| name.strip_prefix(HELPER));
            let name = name.map(|name| name.trim_end_matches(".exe"));
            names.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
    names.into_iter().collect()
}

/// Where Docker and Podman look for certificates (containers-certs.d(5)).
fn certificate_folders() -> Vec<PathBuf> {
    let own = containers_folder().map(|folder| folder.join("certs.d"));
    let system = ["/etc/containers/certs.d", "/etc/docker/certs.d"].map(PathBuf::from);
    own.into_iter().chain(system).collect()
}

/// A person's file takes the place of the system's; what stands in the folders beside them is added, in the order of
/// its names (containers-registries.conf(5), containers-registries.conf.d(5)).
fn registries_files() -> Vec<PathBuf> {
    if let Some(only) = variable("CONTAINERS_REGISTRIES_CONF") {
        return vec![PathBuf::from(only)];
    }
    let system = PathBuf::from("/etc/containers/registries.conf");
    let own = containers_folder().map(|folder| folder.join("registries.conf"));
    let main = own.clone().filter(|own| own.exists()).unwrap_or_else(|| system.clone());
    let mut files = vec![main];
    for folder in std::iter::once(system).chain(own).map(|file| file.with_extension("conf.d")) {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut added: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "conf"))
            .collect();
        added.sort();
        files.extend(added);
    }
    files
}

/// A person's folder of the settings that Podman, Buildah and Skopeo share.
fn containers_folder() -> Option<PathBuf> {
    dirs::config_dir().map(|folder| folder.join("containers"))
}

fn login_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    if let Some(only) = variable("REGISTRY_AUTH_FILE") {
        files.push(PathBuf::from(only));
    }
    if let Some(folder) = variable("XDG_RUNTIME_DIR") {
        files.push(PathBuf::from(folder).join("containers/auth.json"));
    }
    files.extend(containers_folder().map(|folder| folder.join("auth.json")));
    if let Some(folder) = variable("DOCKER_CONFIG") {
        files.push(PathBuf::from(folder).join("config.json"));
    } else if let Some(home) = dirs::home_dir() {
        files.push(home.join(".docker/config.json"));
    }
    files
}

/// A variable that is set to something.
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// The language of the system, as a BCP 47 tag; `en` where none is set.
#[must_use]
pub fn locale() -> String {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(variable)
        .and_then(|value| value.into_string().ok())
        .unwrap_or_default();
    let tag = named.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    if tag.is_empty() || tag == "C" || tag == "POSIX" { "en".to_owned() } else { tag }
}

/// Where a person's downloads go: their folder for them, or else their home.
pub(crate) fn downloads() -> String {
    let folder = dirs::download_dir().or_else(dirs::home_dir);
    folder.unwrap_or_else(|| PathBuf::from(".")).display().to_string()
}

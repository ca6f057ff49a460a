//! Where things are on this machine. The only place that reads the environment.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

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
    /// The first port that the practice registry tries.
    pub practice_port: u16,
}

impl Paths {
    /// The platform's folders, unless the environment names others: `STRATA_STORE`, `STRATA_CONFIG_DIR`,
    /// `STRATA_PRACTICE_PORT`, and Docker's `DOCKER_CONFIG`.
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
            practice_port: variable("STRATA_PRACTICE_PORT")
                .and_then(|port| port.to_str()?.parse().ok())
                .unwrap_or(PRACTICE_PORT),
        }
    }
}

fn login_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    if let Some(folder) = variable("XDG_RUNTIME_DIR") {
        files.push(PathBuf::from(folder).join("containers/auth.json"));
    }
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

//! What a person has set, as a JSON file that other programs can read and that a newer Strata may extend.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::api::Settings;
use crate::error::AppError;

/// The settings in memory, and the file they are kept in.
#[derive(Debug)]
pub struct SettingsFile {
    path: PathBuf,
    current: Mutex<Settings>,
}

impl SettingsFile {
    /// Reads the file. A missing or unreadable one gives the defaults: settings never keep Strata from starting.
    #[must_use]
    pub fn open(path: &Path) -> Self {
        let current = fs::read(path)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        Self { path: path.to_owned(), current: Mutex::new(current) }
    }

    /// What is set.
    #[must_use]
    pub fn read(&self) -> Settings {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps `settings`. Fields that this version does not know stay as they are.
    ///
    /// # Errors
    /// [`AppError::Settings`] if the file cannot be written; the settings then hold for this run.
    pub fn write(&self, settings: &Settings) -> Result<(), AppError> {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = settings.clone();
        self.save(settings).map_err(|source| AppError::Settings { path: self.path.clone(), source })
    }

    fn save(&self, settings: &Settings) -> io::Result<()> {
        let mut fields: Map<String, Value> = fs::read(&self.path)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        if let Value::Object(known) = serde_json::to_value(settings)? {
            fields.extend(known);
        }
        replace(&self.path, &serde_json::to_vec_pretty(&fields)?)
    }
}

/// Puts a file in the place of another, making its folder where there is none: a reader sees the old or the new one,
/// never half of one.
///
/// # Errors
/// What kept it from being written; the old file is then still there.
pub(crate) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = fs::File::create(&beside)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::api::{Language, Theme};

    #[test]
    fn settings_survive_and_unknown_fields_of_a_newer_version_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/settings.json");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, r#"{"theme":"dark","future":{"x":1}}"#).unwrap();
        let file = SettingsFile::open(&path);
        assert_eq!(file.read().theme, Theme::Dark);
        let mut settings = file.read();
        settings.language = Language::Ko;
        file.write(&settings).unwrap();
        let kept: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(kept["future"]["x"], 1);
        assert_eq!(SettingsFile::open(&path).read(), settings);
    }

    #[test]
    fn a_broken_file_gives_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        fs::write(&path, "{").unwrap();
        assert_eq!(SettingsFile::open(&path).read(), Settings::default());
    }
}

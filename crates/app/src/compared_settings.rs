//! The settings of two images beside each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{ImageSettings, PairState, SettingField, SettingPair};

/// All settings that either image has, in a fixed order, names in the order of letters. Each side: settings, platform.
pub(crate) fn compared_settings(
    left: (&ImageSettings, &str),
    right: (&ImageSettings, &str),
) -> Vec<SettingPair> {
    let (left, right) = (values(left.0, left.1), values(right.0, right.1));
    let keys: BTreeSet<_> = left.keys().chain(right.keys()).collect();
    let pair = |key: &(SettingField, String)| {
        let (one, other) = (left.get(key), right.get(key));
        let state = match (one, other) {
            (Some(one), Some(other)) if one == other => PairState::Same,
            (Some(_), Some(_)) => PairState::Changed,
            (Some(_), None) => PairState::Left,
            _ => PairState::Right,
        };
        let (field, name) = key.clone();
        SettingPair { field, name, state, left: one.cloned(), right: other.cloned() }
    };
    keys.into_iter().map(pair).collect()
}

fn values(settings: &ImageSettings, platform: &str) -> BTreeMap<(SettingField, String), String> {
    let mut values = BTreeMap::new();
    let mut put = |field, name: &str, value: String| {
        values.insert((field, name.to_owned()), value);
    };
    put(SettingField::Platform, "", platform.to_owned());
    for (field, words) in [
        (SettingField::Entrypoint, &settings.entrypoint),
        (SettingField::Command, &settings.command),
    ] {
        if !words.is_empty() {
            put(field, "", words.join(" "));
        }
    }
    for (field, value) in
        [(SettingField::User, &settings.user), (SettingField::WorkingDir, &settings.working_dir)]
    {
        if !value.is_empty() {
            put(field, "", value.clone());
        }
    }
    if let Some(signal) = &settings.stop_signal {
        put(SettingField::StopSignal, "", signal.clone());
    }
    for variable in &settings.env {
        let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
        put(SettingField::Env, name, value.to_owned());
    }
    for port in &settings.ports {
        put(SettingField::Port, port, port.clone());
    }
    for volume in &settings.volumes {
        put(SettingField::Volume, volume, volume.clone());
    }
    for (name, value) in &settings.labels {
        put(SettingField::Label, name, value.clone());
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_paired_by_name() {
        let left = ImageSettings {
            env: vec!["PATH=/bin".into(), "A=1".into(), "GONE=".into()],
            command: vec!["sh".into()],
            ..ImageSettings::default()
        };
        let right = ImageSettings {
            env: vec!["A=2".into(), "PATH=/bin".into()],
            command: vec!["sh".into()],
            user: "app".into(),
            ..ImageSettings::default()
        };
        let pairs = compared_settings((&left, "linux/amd64"), (&right, "linux/amd64"));
        let found: Vec<_> =
            pairs.iter().map(|pair| (pair.field, pair.name.as_str(), pair.state)).collect();
        let expected = [
            (SettingField::Platform, "", PairState::Same),
            (SettingField::Command, "", PairState::Same),
            (SettingField::User, "", PairState::Right),
            (SettingField::Env, "A", PairState::Changed),
            (SettingField::Env, "GONE", PairState::Left),
            (SettingField::Env, "PATH", PairState::Same),
        ];
        assert_eq!(found, expected);
    }
}

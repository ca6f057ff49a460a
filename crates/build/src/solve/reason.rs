//! Why a step is done anew: its parts beside those of the build before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strata_spec::Digest;
use strata_store::{BuildLine, StoreError};

use super::key::Parts;
use super::session::Session;
use crate::plan::PlannedStep;
use crate::{ChangedFiles, Why};

/// More files than this are not remembered by name.
const MAX_FILES: usize = 100_000;

/// What is kept of a line.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    text: String,
    parts: Vec<(String, String)>,
    #[serde(default)]
    files: Vec<(String, String)>,
}

/// A step as it is now.
pub(super) struct Now<'a> {
    pub step: &'a PlannedStep,
    pub key: &'a Digest,
    pub parts: &'a Parts,
    pub files: &'a dyn Fn() -> Vec<(String, String)>,
}

/// Where a step is found again by a later build of the same file and target: by its text first, then by its number.
fn places(session: &Session<'_>, step: &PlannedStep) -> [Digest; 2] {
    let request = session.request;
    let file = request.dockerfile.path.as_ref();
    let file =
        file.map_or_else(|| request.dockerfile.name.clone(), |path| path.display().to_string());
    let target = request.options.target.clone().unwrap_or_default();
    let stage = &session.plan.stages[step.stage];
    let before = stage.steps.iter().take_while(|id| **id != step.id);
    let before: Vec<&PlannedStep> = before.filter_map(|id| session.plan.steps.get(id.0)).collect();
    let number = before.iter().filter(|other| other.makes_layer).count();
    let repeated = before.iter().filter(|other| other.text == step.text).count();
    let stage = stage.name.clone().unwrap_or_else(|| stage.index.to_string());
    let place = |what: &str, text: &str, count: usize| {
        let all = format!("{file}\n{target}\n{stage}\n{what}\n{count}\n{text}");
        Digest::sha256_of(all.as_bytes())
    };
    [place("text", &step.text, repeated), place("number", "", number)]
}

/// Finds the first difference from the build before.
pub(super) fn why(session: &Session<'_>, now: &Now<'_>) -> Result<Why, StoreError> {
    let [by_text, by_number] = places(session, now.step);
    let found = match session.store.build_line(&by_text)? {
        Some(line) => Some(line),
        None => session.store.build_line(&by_number)?,
    };
    let Some(line) = found else { return Ok(Why::New) };
    if line.key == *now.key {
        return Ok(Why::Gone);
    }
    let kept: Kept = serde_json::from_str(&line.parts).unwrap_or_default();
    Ok(compare(&kept, now))
}

/// Keeps what a step was made of, unless that is known.
pub(super) fn remember(session: &Session<'_>, now: &Now<'_>) -> Result<(), StoreError> {
    let places = places(session, now.step);
    let known = session.store.build_line_keys(&places)?;
    if known.iter().all(|key| key.as_ref() == Some(now.key)) {
        return Ok(());
    }
    let mut files = (now.files)();
    if files.len() > MAX_FILES {
        files.clear();
    }
    let kept = Kept { text: now.step.text.clone(), parts: now.parts.0.clone(), files };
    let parts = serde_json::to_string(&kept).unwrap_or_default();
    let line = BuildLine { key: now.key.clone(), parts };
    let lines: Vec<(Digest, BuildLine)> =
        places.into_iter().map(|place| (place, line.clone())).collect();
    session.store.keep_build_lines(&lines)
}

fn compare(kept: &Kept, now: &Now<'_>) -> Why {
    let was: BTreeMap<&str, &str> =
        kept.parts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let is: BTreeMap<&str, &str> =
        now.parts.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut names: Vec<&str> = now.parts.0.iter().map(|(name, _)| name.as_str()).collect();
    names.extend(was.keys().filter(|name| !is.contains_key(*name)));
    let differing: Vec<&str> =
        names.into_iter().filter(|name| was.get(name) != is.get(name)).collect();
    let has_text = kept.text != now.step.text;
    // The order in which a person looks: what was typed, what it stands on, its variables, its files.
    let rank = |name: &&&str| match name.split(':').next().unwrap_or_default() {
        "command" | "sources" | "destination" | "flags" | "kind" => 0,
        "base" => 1,
        "argument" => 2,
        "environment" => 3,
        "files" => 4,
        _ => 5,
    };
    let Some(first) = differing.iter().min_by_key(rank) else {
        return Why::Other { what: "key".to_owned() };
    };
    let value = |table: &BTreeMap<&str, &str>| table.get(first).map(|value| (*value).to_owned());
    let is_typed = rank(&first) == 0 || rank(&first) == 5;
    match first.split_once(':') {
        Some(("argument", name)) => {
            Why::Argument { name: name.to_owned(), was: value(&was), is: value(&is) }
        }
        Some(("environment", name)) => {
            Why::Environment { name: name.to_owned(), was: value(&was), is: value(&is) }
        }
        _ if *first == "base" => Why::Base,
        _ if *first == "files" => Why::Files(changed(&kept.files, &(now.files)())),
        _ if is_typed && has_text => {
            Why::Text { was: kept.text.clone(), is: now.step.text.clone() }
        }
        _ => Why::Other { what: (*first).to_owned() },
    }
}

fn changed(was: &[(String, String)], is: &[(String, String)]) -> ChangedFiles {
    let mut found = ChangedFiles::default();
    if was.is_empty() {
        return found;
    }
    let old: BTreeMap<&String, &String> = was.iter().map(|(path, what)| (path, what)).collect();
    let new: BTreeMap<&String, &String> = is.iter().map(|(path, what)| (path, what)).collect();
    let mut note = |list: fn(&mut ChangedFiles) -> &mut Vec<String>, path: &String| {
        found.count += 1;
        if list(&mut found).len() < ChangedFiles::SHOWN {
            list(&mut found).push(path.clone());
        }
    };
    for (path, what) in &new {
        match old.get(path) {
            None => note(|found| &mut found.added, path),
            Some(known) if known != what => note(|found| &mut found.changed, path),
            Some(_) => {}
        }
    }
    for path in old.keys().filter(|path| !new.contains_key(*path)) {
        note(|found| &mut found.removed, path);
    }
    found
}

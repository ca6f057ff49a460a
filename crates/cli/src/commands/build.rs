//! `strata build`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::{env, fs};

use serde::Serialize;
use strata_app::BuildExtras;
use strata_app::api::{BuildArgument, BuildStart, BuildView, ErrorCode, Outcome};

use super::build_lines::BuildLines;
use super::follow::job;
use super::lost;
use crate::arguments::Build;
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// What is printed of a built image.
#[derive(Debug, Serialize)]
struct Printed {
    /// The digest of its manifest.
    manifest: String,
    /// The names it got.
    tags: Vec<String>,
    /// All lines with their states, times, layers and reasons.
    build: BuildView,
}

/// Builds, shows how far it is, and prints the image's digest.
pub async fn build(session: &Session, wanted: &Build) -> Result<(), Failure> {
    let id = session.app.build_start_with(start(wanted), extras(wanted)?).await?;
    let job = job(session, id, &wanted.context.display().to_string())?;
    let lines = BuildLines::new(session, id, wanted.why);
    Arc::clone(&job)
        .watch(move |event| {
            lines.tell(&event);
            true
        })
        .await;
    let snapshot = job.snapshot();
    let view = snapshot.build.ok_or_else(|| lost(&snapshot.title))?;
    match snapshot.outcome {
        Some(Outcome::Built { manifest, .. }) => print(session, wanted, manifest, view),
        Some(Outcome::Failed { error }) => Err(error.into()),
        Some(Outcome::Stopped) => Err(match lost(&snapshot.title) {
            Failure::User(mut error) => {
                error.code = ErrorCode::Stopped;
                Failure::User(error)
            }
            other => other,
        }),
        _ => Err(lost(&snapshot.title)),
    }
}

fn print(
    session: &Session,
    wanted: &Build,
    manifest: String,
    build: BuildView,
) -> Result<(), Failure> {
    if let Some(file) = &wanted.iidfile {
        fs::write(file, &manifest)?;
    }
    let mut out = output::results();
    if session.json {
        let tags = build.tags.clone();
        output::line(&mut out, &Printed { manifest, tags, build })?;
    } else {
        writeln!(out, "{manifest}")?;
    }
    Ok(out.flush()?)
}

fn start(wanted: &Build) -> BuildStart {
    BuildStart {
        path: wanted.context.display().to_string(),
        file: wanted.file.as_ref().map(|file| absolute(file).display().to_string()),
        text: None,
        tags: wanted.tags.clone(),
        target: wanted.target.clone(),
        arguments: wanted.build_args.iter().filter_map(|text| argument(text)).collect(),
        platform: wanted.platform.clone(),
        no_cache: wanted.no_cache,
        pull: wanted.pull,
        network: wanted.network.clone().filter(|network| network != "default"),
        trusts_machine: wanted.trust_machine,
    }
}

/// As `docker build` has it: the Dockerfile's path is read from where we are, not from the context.
fn absolute(file: &PathBuf) -> PathBuf {
    fs::canonicalize(file).unwrap_or_else(|_| file.clone())
}

/// `NAME=VALUE`; `NAME` alone has the environment's value, or none at all.
fn argument(text: &str) -> Option<BuildArgument> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, value.to_owned()),
        None => (text, env::var(text).ok()?),
    };
    Some(BuildArgument { name: name.to_owned(), value })
}

fn extras(wanted: &Build) -> Result<BuildExtras, Failure> {
    Ok(BuildExtras {
        secrets: secrets(&wanted.secrets)?,
        agents: agents(&wanted.agents)?,
        contexts: pairs(&wanted.build_contexts, '=')?.into_iter().collect(),
        labels: pairs(&wanted.labels, '=')?.into_iter().collect(),
        annotations: pairs(&wanted.annotations, '=')?.into_iter().collect(),
        hosts: pairs(&wanted.hosts, ':')?,
        no_cache_stages: wanted.no_cache_filter.clone(),
        allowed: wanted.allowed.clone(),
        shm_bytes: None,
    })
}

fn pairs(texts: &[String], mark: char) -> Result<Vec<(String, String)>, Failure> {
    let pair = |text: &String| {
        let (name, value) = text.split_once(mark).ok_or_else(|| misread(text))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    texts.iter().map(pair).collect()
}

/// `id=ID,src=FILE`, `id=ID,env=NAME`, or `id=ID` for the variable of that name.
fn secrets(texts: &[String]) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut secrets = BTreeMap::new();
    for text in texts {
        let part = |names: &[&str]| {
            let pairs = text.split(',').filter_map(|part| part.split_once('='));
            let mut values = pairs.filter(|(name, _)| names.contains(name));
            values.next().map(|(_, value)| value.to_owned())
        };
        let id = part(&["id"]).ok_or_else(|| misread(text))?;
        let value = match (part(&["src", "source"]), part(&["env"])) {
            (Some(file), _) => fs::read(&file).map_err(|error| unread(&file, &error))?,
            (None, name) => {
                let name = name.unwrap_or_else(|| id.clone());
                let value = env::var_os(&name).ok_or_else(|| misread(text))?;
                value.into_encoded_bytes()
            }
        };
        secrets.insert(id, value);
    }
    Ok(secrets)
}

/// `default`, `ID`, or `ID=SOCKET`; without a socket, that of the environment.
fn agents(texts: &[String]) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let agent = |text: &String| {
        let (id, socket) = match text.split_once('=') {
            Some((id, socket)) => (id, PathBuf::from(socket)),
            None => {
                let socket = env::var_os("SSH_AUTH_SOCK").ok_or_else(|| misread(text))?;
                (text.as_str(), PathBuf::from(socket))
            }
        };
        Ok((id.to_owned(), socket))
    };
    texts.iter().map(agent).collect()
}

fn misread(text: &str) -> Failure {
    coded(ErrorCode::OptionInvalid, text, "")
}

fn unread(file: &str, error: &std::io::Error) -> Failure {
    coded(ErrorCode::BuildContextUnreadable, file, &error.to_string())
}

fn coded(code: ErrorCode, subject: &str, reason: &str) -> Failure {
    match lost(subject) {
        Failure::User(mut error) => {
            error.code = code;
            error.params.insert("reason".to_owned(), reason.to_owned());
            Failure::User(error)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn secrets_come_from_files_and_are_refused_without_an_id() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        fs::write(&file, "abc\n").unwrap();
        let given = secrets(&[format!("id=t,src={}", file.display())]).unwrap();
        assert_eq!(given["t"], b"abc\n");
        assert!(secrets(&["src=x".to_owned()]).is_err());
        assert!(secrets(&["id=t,src=/nowhere/at/all".to_owned()]).is_err());
        assert!(secrets(&["id=STRATA_NO_SUCH_VARIABLE".to_owned()]).is_err());
    }

    #[test]
    fn arguments_and_pairs_are_split_at_the_first_mark() {
        let argument = argument("A=b=c").unwrap();
        assert_eq!((argument.name.as_str(), argument.value.as_str()), ("A", "b=c"));
        assert!(super::argument("STRATA_NO_SUCH_VARIABLE").is_none());
        let hosts = pairs(&["db:::1".to_owned()], ':').unwrap();
        assert_eq!(hosts, [("db".to_owned(), "::1".to_owned())]);
        assert!(pairs(&["x".to_owned()], '=').is_err());
    }
}

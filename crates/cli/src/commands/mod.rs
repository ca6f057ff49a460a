//! One file for each command: ask the app, print what it answers.

mod base;
mod build;
mod build_lines;
mod cat;
mod compare;
mod doctor;
mod explain;
mod export;
mod files;
mod follow;
mod history;
mod images;
mod inspect;
mod layers;
mod lint;
mod login;
mod packages;
mod peek;
mod pull;
mod raw;
mod settings;
mod tags;
mod waste;
mod who;

use std::collections::BTreeMap;

use strata_app::api::{ErrorCode, ImageDetail, UserError};

use crate::arguments::{Command, OneImage};
use crate::failure::Failure;
use crate::session::Session;
use crate::visible::visible;

/// Does what was asked for.
pub async fn run(session: &Session, command: Command) -> Result<(), Failure> {
    if let Some(reference) = asked_of_registry(&command) {
        login::login_for_now(session, reference)?;
    }
    match command {
        Command::Pull(wanted) => pull::pull(session, &wanted).await,
        Command::Tags(wanted) => tags::tags(session, &wanted).await,
        Command::Peek(wanted) => peek::peek(session, &wanted).await,
        Command::Manifest(wanted) => raw::manifest(session, &wanted).await,
        Command::Config(wanted) => raw::config(session, &wanted).await,
        Command::Images => images::images(session).await,
        Command::Inspect(wanted) => inspect::inspect(session, &wanted).await,
        Command::History(wanted) => history::history(session, &wanted).await,
        Command::Layers(wanted) => layers::layers(session, &wanted).await,
        Command::Files(wanted) => files::files(session, wanted).await,
        Command::Waste(wanted) => waste::waste(session, &wanted).await,
        Command::Who(wanted) => who::who(session, wanted).await,
        Command::Compare(wanted) => compare::compare(session, &wanted).await,
        Command::Packages(wanted) => packages::packages(session, &wanted).await,
        Command::Secrets(wanted) => packages::secrets(session, &wanted).await,
        Command::Lint(wanted) => lint::lint(session, &wanted).await,
        Command::Explain(wanted) => explain::explain(session, &wanted).await,
        Command::Cat(wanted) => cat::cat(session, wanted).await,
        Command::Export(wanted) => export::export(session, wanted).await,
        Command::Build(wanted) => build::build(session, &wanted).await,
        Command::Doctor => doctor::doctor(session).await,
        Command::Login(wanted) => login::login(session, wanted).await,
        Command::Logout(wanted) => login::logout(session, &wanted).await,
    }
}

/// What a command asks a registry for, as it was typed.
fn asked_of_registry(command: &Command) -> Option<&str> {
    match command {
        Command::Pull(wanted) => wanted.references.first().map(String::as_str),
        Command::Tags(wanted) => Some(&wanted.repository),
        Command::Peek(wanted) => Some(&wanted.image.reference),
        Command::Manifest(wanted) | Command::Config(wanted) => Some(&wanted.reference),
        Command::Compare(wanted) if wanted.right.is_none() => Some(&wanted.left),
        _ => None,
    }
}

async fn find(session: &Session, wanted: &OneImage) -> Result<ImageDetail, Failure> {
    let platform = wanted.platform.as_deref();
    Ok(session.app.image_find(&wanted.reference, platform).await?)
}

/// The error for work that ended without telling how.
fn lost(what: &str) -> Failure {
    let error = UserError {
        code: ErrorCode::Internal,
        subject: Some(what.to_owned()),
        params: BTreeMap::new(),
        actions: Vec::new(),
        causes: Vec::new(),
        retryable: true,
    };
    error.into()
}

/// The first twelve digits of a digest, as Docker shows it.
pub fn short(digest: &str) -> String {
    let digits = digest.split_once(':').map_or(digest, |(_, digits)| digits);
    digits.chars().take(12).collect()
}

/// Day and minute of an RFC 3339 time, as it stands there.
pub fn minute(time: Option<&str>) -> String {
    let shown: String = time.unwrap_or_default().chars().take(16).collect();
    visible(&shown.replacen('T', " ", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_and_times_are_shortened_whatever_they_are() {
        assert_eq!(short("sha256:9f86d081884c7d659a2f"), "9f86d081884c");
        assert_eq!(short("층"), "층");
        assert_eq!(minute(Some("2024-05-01T07:08:09.1Z")), "2024-05-01 07:08");
        assert_eq!(minute(Some("\u{1b}[2J")), "\\u{1b}[2J");
        assert_eq!(minute(None), "");
    }
}

//! `strata login` and `strata logout`.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal, Write};

use serde::Serialize;
use strata_app::api::{ErrorCode, KnownLogin, LoginPlace, SignIn, UserError};

use crate::arguments::{Login, Logout};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// What is printed of a login that was kept.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kept<'a> {
    registry: &'a str,
    username: &'a str,
    place: &'a LoginPlace,
}

/// What is printed of a login that was forgotten.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Forgotten<'a> {
    registry: &'a str,
    /// A login of another tool that is used from now on.
    left: Option<&'a KnownLogin>,
}

/// Tries a login at its registry, and keeps it where it was asked to.
pub async fn login(session: &Session, wanted: Login) -> Result<(), Failure> {
    let username = match session.who.username.clone() {
        Some(username) => username,
        None => ask(&session.words.text("cli.login.user", &[]))?,
    };
    let password = if session.who.password_stdin {
        Some(first_line()?)
    } else if username.is_empty() {
        None
    } else {
        // It is read from the terminal itself: what fails here is that there is none.
        rpassword::prompt_password(session.words.text("cli.login.password", &[])).ok()
    };
    let Some(password) = password else { return Err(no_terminal(&wanted.registry)) };
    let keep = match wanted.helper {
        Some(name) => LoginPlace::Helper { name },
        None => LoginPlace::Keychain,
    };
    let registry = wanted.registry;
    let who = SignIn { registry: registry.clone(), username: username.clone(), password, keep };
    let place = who.keep.clone();
    session.app.sign_in(who).await?;
    if session.json {
        print(&Kept { registry: &registry, username: &username, place: &place })?;
    }
    session.say("cli.login.done", &[("registry", &registry), ("place", &shown(session, &place))]);
    Ok(())
}

/// Forgets a login that Strata keeps.
pub async fn logout(session: &Session, wanted: &Logout) -> Result<(), Failure> {
    let registry = &wanted.registry;
    let was_kept = session.app.keeps_login(registry);
    let left = session.app.sign_out(registry).await?.left;
    if session.json {
        print(&Forgotten { registry, left: left.as_ref() })?;
    }
    match left {
        Some(login) => {
            let place = shown(session, &login.place);
            let key = if was_kept { "cli.login.left" } else { "cli.login.notOurs" };
            session.say(key, &[("registry", registry), ("place", &place)]);
        }
        None if !was_kept => session.say("cli.login.none", &[("registry", registry)]),
        None => session.say("cli.login.out", &[("registry", registry)]),
    }
    Ok(())
}

/// Signs in for this command alone: at the registry of `reference`, as who was typed, with the password from standard
/// input.
pub fn login_for_now(session: &Session, reference: &str) -> Result<(), Failure> {
    let (Some(username), true) = (&session.who.username, session.who.password_stdin) else {
        return Ok(());
    };
    let registry = session.app.reference_explain(reference)?.registry;
    session.app.login_for_now(&registry, username, first_line()?);
    Ok(())
}

fn print<T: Serialize>(answer: &T) -> Result<(), Failure> {
    let mut out = output::results();
    serde_json::to_writer(&mut out, answer).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

fn shown(session: &Session, place: &LoginPlace) -> String {
    match place {
        LoginPlace::Session => session.words.text("cli.login.place.session", &[]),
        LoginPlace::Keychain => session.words.text("cli.login.place.keychain", &[]),
        LoginPlace::Helper { name } => format!("docker-credential-{name}"),
        LoginPlace::File { path } => path.clone(),
    }
}

/// Nobody is there to be asked.
fn no_terminal(registry: &str) -> Failure {
    let error = UserError {
        code: ErrorCode::NoTerminal,
        subject: Some(registry.to_owned()),
        params: BTreeMap::new(),
        actions: Vec::new(),
        causes: Vec::new(),
        retryable: false,
    };
    error.into()
}

fn ask(prompt: &str) -> Result<String, Failure> {
    let mut input = io::stdin().lock();
    if io::stdin().is_terminal() {
        output::tell(prompt);
    }
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The first line of standard input: a password may have anything in it but a line's end.
fn first_line() -> Result<String, Failure> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

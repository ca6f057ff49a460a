//! Credential helpers: programs `docker-credential-NAME` that keep logins, asked over their standard input and output
//! (docker-credential-helpers protocol, `get`).

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde::Deserialize;

use crate::docker_config::server;
use crate::{Login, RemoteError, Secret, Words};

/// The most that a helper may say, in bytes.
const MAX_OUTPUT_BYTES: u64 = 1024 * 1024;
/// The longest that a helper may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The name that stands for "the secret is an identity token".
pub(crate) const TOKEN_NAME: &str = "<token>";
/// What a helper says when it simply has no login.
const NOT_FOUND: &str = "credentials not found in native keychain";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Kept {
    #[serde(default)]
    username: String,
    #[serde(default)]
    secret: String,
}

/// The login that a helper keeps for a registry; `None` if it has none. Runs the helper, for at most ten seconds.
///
/// # Errors
/// [`RemoteError::HelperFailed`].
pub fn helper_get(helper: &str, registry: &str) -> Result<Option<Login>, RemoteError> {
    get(helper, registry, server(registry))
}

/// Has a helper keep a login for a registry. Runs the helper, for at most ten seconds.
///
/// # Errors
/// [`RemoteError::HelperFailed`].
pub fn helper_store(
    helper: &str,
    registry: &str,
    username: &str,
    password: &Secret,
) -> Result<(), RemoteError> {
    let kept = serde_json::json!({
        "ServerURL": server(registry), "Username": username, "Secret": password.expose(),
    });
    order(&program(helper), helper, registry, "store", &kept.to_string())
}

/// Has a helper forget the login for a registry; one that it does not have is forgotten. Runs the helper, for at most
/// ten seconds.
///
/// # Errors
/// [`RemoteError::HelperFailed`].
pub fn helper_erase(helper: &str, registry: &str) -> Result<(), RemoteError> {
    order(&program(helper), helper, registry, "erase", server(registry))
}

/// What a helper keeps: the servers, as it knows them, each with its user. No secret is read. Runs the helper, for at
/// most ten seconds.
///
/// # Errors
/// [`RemoteError::HelperFailed`].
pub fn helper_list(helper: &str) -> Result<BTreeMap<String, String>, RemoteError> {
    list(&program(helper), helper)
}

fn list(program: &Path, helper: &str) -> Result<BTreeMap<String, String>, RemoteError> {
    const ALL: &str = "all registries";
    let failed = |reason, words| RemoteError::HelperFailed {
        helper: helper.to_owned(),
        registry: ALL.to_owned(),
        reason,
        words,
        source: None,
    };
    // It reads nothing, but some wait for a line.
    let said = told(program, helper, ALL, "list", "")?;
    if !said.fine {
        return Err(failed("it refused", Words::of(&String::from_utf8_lossy(&said.output))));
    }
    serde_json::from_slice(&said.output)
        .map_err(|_| failed("its answer is not of the known form", Words::default()))
}

/// Has a helper do something that it answers with nothing.
fn order(
    program: &Path,
    helper: &str,
    registry: &str,
    action: &str,
    input: &str,
) -> Result<(), RemoteError> {
    let said = told(program, helper, registry, action, input)?;
    let text = String::from_utf8_lossy(&said.output);
    if said.fine || text.trim() == NOT_FOUND {
        return Ok(());
    }
    Err(RemoteError::HelperFailed {
        helper: helper.to_owned(),
        registry: registry.to_owned(),
        reason: "it refused",
        words: Words::of(&text),
        source: None,
    })
}

fn program(helper: &str) -> PathBuf {
    PathBuf::from(format!("docker-credential-{helper}"))
}

/// Asks a helper for the login of `server`. `None` if it has none.
pub(crate) fn get(
    helper: &str,
    registry: &str,
    server: &str,
) -> Result<Option<Login>, RemoteError> {
    ask(&program(helper), helper, registry, server)
}

fn ask(
    program: &Path,
    helper: &str,
    registry: &str,
    server: &str,
) -> Result<Option<Login>, RemoteError> {
    let failed = |reason, words, source| RemoteError::HelperFailed {
        helper: helper.to_owned(),
        registry: registry.to_owned(),
        reason,
        words,
        source,
    };
    let said = told(program, helper, registry, "get", server)?;
    if !said.fine {
        let text = String::from_utf8_lossy(&said.output);
        if text.trim() == NOT_FOUND {
            return Ok(None);
        }
        return Err(failed("it refused", Words::of(&text), None));
    }
    let kept: Kept = serde_json::from_slice(&said.output)
        .map_err(|_| failed("its answer is not of the known form", Words::default(), None))?;
    let secret = Secret::new(kept.secret);
    Ok(match kept.username.as_str() {
        "" if secret.expose().is_empty() => None,
        TOKEN_NAME => Some(Login::IdentityToken(secret)),
        _ => Some(Login::Password { username: kept.username, password: secret }),
    })
}

/// What a helper says when it is told to do something; a helper that is no program is not run.
fn told(
    program: &Path,
    helper: &str,
    registry: &str,
    action: &str,
    input: &str,
) -> Result<Said, RemoteError> {
    let failed = |reason, source| RemoteError::HelperFailed {
        helper: helper.to_owned(),
        registry: registry.to_owned(),
        reason,
        words: Words::default(),
        source,
    };
    if !is_name(helper) {
        return Err(failed("its name is not one of a program", None));
    }
    run(program, action, input).map_err(|source| {
        let reason = match source.kind() {
            io::ErrorKind::NotFound => "it is not installed",
            io::ErrorKind::TimedOut => "it did not answer in time",
            io::ErrorKind::FileTooLarge => "it said too much",
            _ => "it could not be run",
        };
        failed(reason, Some(source))
    })
}

/// Letters, digits, `-`, `_` and dots (`desktop.exe`), no path.
fn is_name(helper: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    helper.len() <= 64
        && helper.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && helper.bytes().all(letter)
}

struct Said {
    fine: bool,
    output: Vec<u8>,
}

/// Runs `program ACTION`, bounded in time and output.
fn run(program: &Path, action: &str, input: &str) -> io::Result<Said> {
    let mut child = Command::new(program)
        .arg(action)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let said = converse(&mut child, input);
    if said.is_err() {
        // It may have ended by itself, or hang: either way it must not stay.
        let _ = child.kill();
    }
    let status = child.wait()?;
    Ok(Said { fine: status.success(), output: said? })
}

fn converse(child: &mut Child, input: &str) -> io::Result<Vec<u8>> {
    let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut stdin = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let (sender, receiver) = mpsc::channel();
    // A thread of its own, because the output may be held open for longer than we wait.
    thread::spawn(move || {
        let mut output = Vec::new();
        let read = stdout.take(MAX_OUTPUT_BYTES + 1).read_to_end(&mut output);
        // Nobody listens any more when it took too long.
        let _ = sender.send(read.map(|_| output));
    });
    match stdin.write_all(format!("{input}\n").as_bytes()) {
        // A helper that does not read its input may still answer.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        _ => drop(stdin),
    }
    let output = receiver.recv_timeout(PATIENCE).map_err(|_| io::ErrorKind::TimedOut)??;
    if output.len() as u64 > MAX_OUTPUT_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_of_helpers_are_no_paths() {
        for name in ["pass", "ecr-login", "secretservice", "desktop.exe", "gcloud"] {
            assert!(is_name(name), "{name}");
        }
        let long = "a".repeat(65);
        for name in ["", "../x", "a/b", "/bin/sh", "a\\b", "-x", ".x", "a b", "a;b", &long] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_helper_that_is_missing_is_said_to_be() {
        let missing = get("strata-test-that-does-not-exist", "r.example", "r.example");
        assert!(matches!(
            missing,
            Err(RemoteError::HelperFailed { reason: "it is not installed", .. })
        ));
    }

    /// Asks a shell script as the helper of `r.example`.
    #[cfg(unix)]
    fn script(text: &str) -> Result<Option<Login>, RemoteError> {
        with(text, |program| ask(program, "test", "r.example", "https://r.example/"))
    }

    /// Has a shell script for a helper.
    #[cfg(unix)]
    fn with<T>(text: &str, use_it: impl FnOnce(&Path) -> T) -> T {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("helper");
        // Another process writes it: a program that this one has open for writing, as what a test beside this one starts
        // would inherit, cannot be run.
        let write = "printf '#!/bin/sh\n%s\n' \"$1\" >\"$2\" && chmod 700 \"$2\"";
        let written = Command::new("sh").args(["-c", write, "sh", text]).arg(&program).status();
        assert!(written.unwrap().success());
        use_it(&program)
    }

    #[cfg(unix)]
    #[test]
    fn a_helper_lists_what_it_keeps_without_secrets() {
        let answer = r#"[ "$1" = list ] && echo '{"https://r.example":"me","x":"you"}'"#;
        let kept = with(answer, |program| list(program, "test")).unwrap();
        let kept: Vec<_> = kept.iter().map(|(server, user)| (&**server, &**user)).collect();
        assert_eq!(kept, [("https://r.example", "me"), ("x", "you")]);
        for wrong in ["echo '{\"x\":{\"Secret\":\"s\"}}'", "echo no; exit 1"] {
            assert!(with(wrong, |program| list(program, "test")).is_err(), "{wrong}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_helper_keeps_and_forgets() {
        let store = r#"[ "$1 $(cat)" = 'store {"ServerURL":"s"}' ] || { echo refused; exit 1; }"#;
        let told = |action, input| {
            with(store, |program| order(program, "test", "r.example", action, input))
        };
        told("store", r#"{"ServerURL":"s"}"#).unwrap();
        let refused = told("store", "{}").unwrap_err();
        assert!(refused.to_string().ends_with("it refused: `refused`"), "{refused}");
        let gone = "echo 'credentials not found in native keychain'; exit 1";
        with(gone, |program| order(program, "test", "r.example", "erase", "s")).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_helper_is_asked_over_its_input_and_believed_by_its_output() {
        let asked = r#"read server; [ "$1 $server" = "get https://r.example/" ] || exit 1"#;
        let login = script(&format!("{asked}; echo '{{\"Username\":\"me\",\"Secret\":\"pw\"}}'"));
        let expected = Login::Password { username: "me".to_owned(), password: Secret::new("pw") };
        assert_eq!(login.unwrap(), Some(expected));
        let token = script(r#"echo '{"ServerURL":"x","Username":"<token>","Secret":"t"}'"#);
        assert_eq!(token.unwrap(), Some(Login::IdentityToken(Secret::new("t"))));
        let none = script("echo 'credentials not found in native keychain'; exit 1");
        assert_eq!(none.unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_helper_that_fails_is_quoted_with_bounds() {
        let reason = |text: &str| match script(text).unwrap_err() {
            RemoteError::HelperFailed { reason, words, .. } => {
                (reason, words.text().map(str::to_owned))
            }
            other => panic!("{other}"),
        };
        let locked = Some("the keychain is locked".to_owned());
        assert_eq!(reason("echo the keychain is locked; exit 1"), ("it refused", locked));
        assert_eq!(reason("echo secret"), ("its answer is not of the known form", None));
        let flood = "head -c 3000000 /dev/zero";
        assert_eq!(reason(flood), ("it said too much", None));
    }
}

//! Who may write, and who must sign in to read where a test wants that.

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, HOST, WWW_AUTHENTICATE};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::refusal::{Code, Refusal};
use crate::shared::Shared;

/// How a writer is asked to sign in.
pub(crate) const CHALLENGE: &str = "Basic realm=\"strata\", charset=\"UTF-8\"";
/// What the token service of a scripted login gives out.
pub(crate) const SCRIPTED_TOKEN: &str = "a-scripted-token";

/// What a request shows of itself.
#[derive(PartialEq, Eq)]
pub(crate) enum Shown {
    /// Nothing, or a login without name and password, as some clients send it.
    Nothing,
    /// A bearer token.
    Token(String),
    /// A name and a password.
    Password(String, String),
    /// Something that is none of these.
    Garbage,
}

impl Shown {
    /// Reads the header `Authorization`.
    pub fn read(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(AUTHORIZATION) else {
            return Self::Nothing;
        };
        let parsed = value.to_str().ok().and_then(|text| {
            let (scheme, rest) = text.split_once(' ')?;
            if scheme.eq_ignore_ascii_case("bearer") {
                return Some(Self::Token(rest.trim().to_owned()));
            }
            let decoded = STANDARD.decode(rest.trim()).ok()?;
            let pair = String::from_utf8(decoded).ok()?;
            let (username, password) = pair.split_once(':')?;
            if !scheme.eq_ignore_ascii_case("basic") {
                return None;
            }
            if pair == ":" {
                return Some(Self::Nothing);
            }
            Some(Self::Password(username.to_owned(), password.to_owned()))
        });
        parsed.unwrap_or(Self::Garbage)
    }
}

/// Refuses whoever may not write.
pub(crate) fn check_writer(shared: &Shared, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(token) = &shared.write_token else {
        return Err(Refusal::new(Code::Denied, "this registry can only be read"));
    };
    let accepted = match Shown::read(headers) {
        Shown::Token(shown) | Shown::Password(_, shown) => token.is(&shown),
        Shown::Nothing | Shown::Garbage => false,
    };
    if accepted { Ok(()) } else { Err(unauthorized(CHALLENGE.to_owned())) }
}

/// Refuses a login that is shown and wrong, so that `docker login` tells at once. To show none is fine.
pub(crate) fn check_shown(shared: &Shared, headers: &HeaderMap) -> Result<(), Refusal> {
    if shared.write_token.is_none() || Shown::read(headers) == Shown::Nothing {
        return Ok(());
    }
    check_writer(shared, headers)
}

/// Refuses whoever does not show this name and password.
pub(crate) fn check_password(
    headers: &HeaderMap,
    username: &str,
    password: &str,
) -> Result<(), Refusal> {
    if Shown::read(headers) == Shown::Password(username.to_owned(), password.to_owned()) {
        return Ok(());
    }
    Err(unauthorized(CHALLENGE.to_owned()))
}

/// Refuses whoever does not show the token of the scripted service, and says where it is.
pub(crate) fn check_token(headers: &HeaderMap, repository: &str) -> Result<(), Refusal> {
    if Shown::read(headers) == Shown::Token(SCRIPTED_TOKEN.to_owned()) {
        return Ok(());
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scope = match repository {
        "" => String::new(),
        name => format!(",scope=\"repository:{name}:pull\""),
    };
    Err(unauthorized(format!("Bearer realm=\"http://{host}/token\",service=\"strata\"{scope}")))
}

fn unauthorized(challenge: String) -> Refusal {
    Refusal::new(Code::Unauthorized, "a login is needed").with(WWW_AUTHENTICATE, challenge)
}

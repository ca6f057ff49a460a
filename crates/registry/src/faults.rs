//! Failing on purpose, for tests of those who ask.

use axum::http::Method;

/// One way to fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Answers with this status and an error document; with `Retry-After` in seconds if given.
    Status {
        /// The status.
        status: u16,
        /// How long the client is asked to wait.
        retry_after: Option<u64>,
    },
    /// Ends the connection after so many bytes of the body.
    Cut {
        /// How many.
        after: u64,
    },
    /// Sends so many bytes of the body and then nothing more, on an open connection.
    Stall {
        /// How many.
        after: u64,
    },
    /// Sends one byte wrong.
    Flip {
        /// The place of the byte in the blob.
        at: u64,
    },
    /// Sends a blob whole whatever part of it was asked for.
    IgnoreRange,
    /// Wants a name and password (RFC 7617).
    BasicLogin {
        /// The name.
        username: String,
        /// The password.
        password: String,
    },
    /// Wants a token, which `/token` gives for a name and password.
    TokenLogin {
        /// The name.
        username: String,
        /// The password.
        password: String,
    },
    /// Sends the client to the same path under another root.
    Redirect {
        /// The root, as `http://127.0.0.1:4000`.
        to: String,
    },
}

/// A script of failures: which request, how often, how.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    method: Option<Method>,
    part: String,
    /// How often it still strikes; none for always.
    left: Option<u32>,
    fault: Fault,
}

impl Faults {
    /// A script without failures.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Requests of this pattern always fail so.
    ///
    /// A pattern is a part of the path, after the method where it matters: `/blobs/`, `GET /manifests/latest`.
    #[must_use]
    pub fn always(self, pattern: &str, fault: Fault) -> Self {
        self.rule(pattern, None, fault)
    }

    /// The first `times` requests of this pattern fail so.
    #[must_use]
    pub fn times(self, times: u32, pattern: &str, fault: Fault) -> Self {
        self.rule(pattern, Some(times), fault)
    }

    fn rule(mut self, pattern: &str, left: Option<u32>, fault: Fault) -> Self {
        let (method, part) = match pattern.split_once(' ') {
            Some((method, part)) => (Method::from_bytes(method.as_bytes()).ok(), part),
            None => (None, pattern),
        };
        self.rules.push(Rule { method, part: part.to_owned(), left, fault });
        self
    }

    /// The failures that this request meets. Counts them.
    pub(crate) fn strike(&mut self, method: &Method, path: &str) -> Vec<Fault> {
        let mut met = Vec::new();
        for rule in &mut self.rules {
            let matches = rule.method.as_ref().is_none_or(|wanted| wanted == method)
                && path.contains(&rule.part);
            if !matches || rule.left == Some(0) {
                continue;
            }
            rule.left = rule.left.map(|left| left - 1);
            met.push(rule.fault.clone());
        }
        met
    }

    /// Name and password for the token service, if a rule wants tokens.
    pub(crate) fn token_login(&self) -> Option<(String, String)> {
        self.rules.iter().find_map(|rule| match &rule.fault {
            Fault::TokenLogin { username, password } => Some((username.clone(), password.clone())),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_strikes_as_often_as_it_says_and_only_its_requests() {
        let busy = Fault::Status { status: 503, retry_after: None };
        let cut = Fault::Cut { after: 10 };
        let mut faults = Faults::none()
            .times(2, "GET /blobs/", busy.clone())
            .always("/blobs/sha256:aa", cut.clone());
        assert_eq!(faults.strike(&Method::HEAD, "/v2/a/blobs/sha256:bb"), []);
        assert_eq!(faults.strike(&Method::GET, "/v2/a/blobs/sha256:bb"), vec![busy.clone()]);
        assert_eq!(faults.strike(&Method::GET, "/v2/a/blobs/sha256:aa"), [busy, cut.clone()]);
        assert_eq!(faults.strike(&Method::GET, "/v2/a/blobs/sha256:aa"), [cut]);
    }
}

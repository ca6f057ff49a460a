//! What a registry wants to see before it answers (RFC 9110, 11.6.1 `WWW-Authenticate`).

/// One way to sign in that a registry offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// `bearer`, `basic` …, in lower case.
    pub scheme: String,
    /// Its parameters in their order, names in lower case.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The first parameter of a name, which is given in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads all challenges of one header field. What comes after a part that cannot be read is left out.
pub(crate) fn parse(field: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = skip(field, " \t,");
    while !rest.is_empty() {
        let (name, after) = token(rest);
        if name.is_empty() {
            break;
        }
        let name = name.to_ascii_lowercase();
        match (value(after), challenges.last_mut()) {
            (Some((value, after)), Some(challenge)) => {
                challenge.parameters.push((name, value));
                rest = skip(after, " \t,");
            }
            // A parameter that belongs to no scheme.
            (Some(_), None) => break,
            // A value that cannot be read.
            (None, _) if skip(after, " \t").starts_with('=') => break,
            (None, _) => {
                challenges.push(Challenge { scheme: name, parameters: Vec::new() });
                rest = skip(token68(after), " \t,");
            }
        }
    }
    challenges
}

/// `= value` or `= "quoted value"`, and what follows. `None` where no value follows.
fn value(text: &str) -> Option<(String, &str)> {
    let text = skip(skip(text, " \t").strip_prefix('=')?, " \t");
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, after) = token(text);
        // `YWJj==` is one token68, not a parameter without a value.
        return (!value.is_empty()).then(|| (value.to_owned(), after));
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(letters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

/// Passes over the one value without a name that may follow a scheme.
fn token68(text: &str) -> &str {
    let Some(start) = text.strip_prefix(' ').map(|rest| skip(rest, " ")) else {
        return text;
    };
    let letter = |byte: char| byte.is_ascii_alphanumeric() || "-._~+/".contains(byte);
    let after = start.trim_start_matches(letter).trim_start_matches('=');
    let ends = skip(after, " \t");
    if after.len() < start.len() && (ends.is_empty() || ends.starts_with(',')) {
        return ends;
    }
    text
}

/// The token (RFC 9110, 5.6.2) that a text begins with, and what follows.
fn token(text: &str) -> (&str, &str) {
    let letter = |byte: char| byte.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(byte);
    let end = text.find(|byte: char| !letter(byte)).unwrap_or(text.len());
    text.split_at(end)
}

fn skip<'a>(text: &'a str, letters: &str) -> &'a str {
    text.trim_start_matches(|letter: char| letters.contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &str) -> Vec<(String, Vec<(String, String)>)> {
        parse(field).into_iter().map(|found| (found.scheme, found.parameters)).collect()
    }

    fn expected(list: &[(&str, &[(&str, &str)])]) -> Vec<(String, Vec<(String, String)>)> {
        let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        list.iter()
            .map(|(scheme, all)| ((*scheme).to_owned(), all.iter().map(pair).collect()))
            .collect()
    }

    #[test]
    fn a_bearer_challenge_gives_its_parameters() {
        let field = r#"Bearer realm="https://auth.example/token",service="r",scope="repository:a/b:pull,push""#;
        let parameters: &[_] = &[
            ("realm", "https://auth.example/token"),
            ("service", "r"),
            ("scope", "repository:a/b:pull,push"),
        ];
        assert_eq!(read(field), expected(&[("bearer", parameters)]));
    }

    #[test]
    fn several_challenges_stand_in_one_field() {
        let field = r#"Negotiate, NTLM TlRMTVNTUA==, basic Realm = "a \"b\" \\c" , BEARER realm=x, error="e""#;
        assert_eq!(
            read(field),
            expected(&[
                ("negotiate", &[]),
                ("ntlm", &[]),
                ("basic", &[("realm", "a \"b\" \\c")]),
                ("bearer", &[("realm", "x"), ("error", "e")]),
            ])
        );
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        for (field, schemes) in [
            ("", 0),
            (", ,", 0),
            ("realm=\"x\"", 0),
            ("\"", 0),
            ("Bearer", 1),
            ("Bearer realm=\"never closed", 1),
            ("Bearer realm=\"x\", = , Basic", 1),
            ("Basic realm=\"x\" \u{fffd} Bearer realm=y", 1),
        ] {
            assert_eq!(parse(field).len(), schemes, "{field}");
        }
    }
}

//! Secrets in what commands write: made unreadable before anybody keeps it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use memchr::memmem;

use crate::SecretValue;

/// What stands in a secret's place.
const MARK: &[u8] = b"***";
/// Shorter values are left: they would be found in everything.
const LEAST_BYTES: usize = 4;

/// The values that must not be seen, the longest first: each as it is, each line of it, and its base64.
#[derive(Debug, Default)]
pub(crate) struct Redaction {
    values: Vec<Vec<u8>>,
}

impl Redaction {
    pub fn of(secrets: &BTreeMap<String, SecretValue>) -> Self {
        let mut values = Vec::new();
        for SecretValue(value) in secrets.values() {
            values.extend(value.split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
            values.push(value.clone());
            // Without what fills it up: where nothing follows, the last sign depends on nothing else.
            values.push(STANDARD_NO_PAD.encode(value).into_bytes());
            values.push(STANDARD_NO_PAD.encode(value.trim_ascii_end()).into_bytes());
        }
        values.retain(|value| value.len() >= LEAST_BYTES);
        values.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
        values.dedup();
        Self { values }
    }

    /// A line of output without secrets.
    pub fn clean(&self, line: Vec<u8>) -> Vec<u8> {
        self.values.iter().fold(line, |line, value| replaced(line, value))
    }
}

fn replaced(line: Vec<u8>, value: &[u8]) -> Vec<u8> {
    let Some(first) = memmem::find(&line, value) else { return line };
    let mut clean = Vec::with_capacity(line.len());
    let mut rest = &line[..];
    let mut at = Some(first);
    while let Some(found) = at {
        clean.extend_from_slice(&rest[..found]);
        clean.extend_from_slice(MARK);
        rest = &rest[found + value.len()..];
        at = memmem::find(rest, value);
    }
    clean.extend_from_slice(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redaction(value: &str) -> Redaction {
        let secret = SecretValue(value.as_bytes().to_vec());
        Redaction::of(&BTreeMap::from([("id".to_owned(), secret)]))
    }

    #[test]
    fn a_secret_is_not_seen_plain_in_lines_or_in_base64() {
        let hidden = redaction("s3cret-value\nsecond-line\n");
        let clean = |text: &str| String::from_utf8_lossy(&hidden.clean(text.into())).into_owned();
        assert_eq!(clean("a s3cret-value b s3cret-value"), "a *** b ***");
        assert_eq!(clean("x second-line"), "x ***");
        assert_eq!(clean("czNjcmV0LXZhbHVlCnNlY29uZC1saW5lCg=="), "***==");
        assert_eq!(clean("nothing of it"), "nothing of it");
    }

    #[test]
    fn short_values_and_none_leave_everything() {
        assert_eq!(redaction("ab").clean(b"ab cab".to_vec()), b"ab cab");
        assert_eq!(Redaction::default().clean(b"x".to_vec()), b"x");
    }
}

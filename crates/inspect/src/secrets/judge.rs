//! What looks like a secret and is none: placeholders, examples of documentation, keys that everybody knows.

/// Parts of values that stand for a value.
const STAND_INS: &[&str] = &[
    "example",
    "changeme",
    "change_me",
    "change-me",
    "change_it",
    "changeit",
    "placeholder",
    "xxxx",
    "****",
    "....",
    "____",
    "dummy",
    "redacted",
    "insert",
    "replace",
    "your_",
    "your-",
    "yourpass",
    "yourtoken",
    "_here",
    "mysecret",
    "my_secret",
    "my-secret",
    "notreal",
    "not-real",
    "foobar",
    "1234567890",
    "abcdefgh",
    "000000",
    "sample",
];

/// Whole values that say nothing.
const NOTHINGS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "string",
    "none",
    "null",
    "true",
    "false",
    "undefined",
    "required",
    "optional",
    "disabled",
    "enabled",
    "default",
    "prompt",
    "username",
    "user",
    "pass",
    "value",
    "unset",
    "bearer",
    "basic",
    "hidden",
    "function",
    "object",
    "123456",
    "12345678",
    "return",
    "self",
    "test",
    "testing",
];

/// Secrets that stand in public documentation or are made to be known: of Vagrant, of a page about JWT, of Stripe.
const PUBLIC: &[&str] = &[
    "MIIEogIBAAKCAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkw",
    "_4eC39HqLyjWDarjtT1zdp7dc",
];

/// Whether a token of a fixed form is none after all: made up, or known to everybody.
pub(super) fn is_made_up(token: &[u8]) -> bool {
    let text = String::from_utf8_lossy(token);
    let lower = text.to_lowercase();
    PUBLIC.iter().any(|known| text.contains(known))
        || STAND_INS.iter().any(|part| lower.contains(part))
        || distinct(token) < 6
}

/// Whether a value stands for another: a name in braces, a word for a password, a path, a call.
pub(super) fn is_stand_in(value: &[u8]) -> bool {
    let text = String::from_utf8_lossy(value);
    let lower = text.trim().to_lowercase();
    is_made_up_text(&lower)
        || NOTHINGS.contains(&lower.as_str())
        || lower.starts_with(['/', '<', '%', '&', '@', '*', '.'])
        || lower.starts_with('$') && !is_hash(&lower)
        || ["${", "{{", "$(", "<%", "://", "process.env", "os.environ", "getenv", "env."]
            .iter()
            .any(|part| lower.contains(part))
}

/// A hash of crypt(5): `$6$salt$…`.
fn is_hash(value: &str) -> bool {
    value.split('$').nth(1).is_some_and(|kind| (1..=6).contains(&kind.len()))
        && value.matches('$').count() >= 2
}

fn is_made_up_text(lower: &str) -> bool {
    STAND_INS.iter().any(|part| lower.contains(part)) || distinct(lower.as_bytes()) < 3
}

/// Words in a name by which it holds something about a password, not the password.
const ABOUT: &[&str] = &[
    "encrypt",
    "file",
    "path",
    "dir",
    "type",
    "policy",
    "url",
    "uri",
    "endpoint",
    "length",
    "size",
    "min",
    "max",
    "age",
    "ttl",
    "expir",
    "algorithm",
    "method",
    "format",
    "provider",
    "store",
    "prompt",
    "field",
    "header",
    "count",
    "limit",
    "class",
    "label",
    "charset",
    "regex",
    "pattern",
    "issuer",
    "audience",
    "version",
    "hash",
    "sha",
    "checksum",
];

/// Whether a name, from its word for a password on, is that of something about it.
pub(super) fn is_about(name: &[u8]) -> bool {
    let lower = String::from_utf8_lossy(name).to_lowercase();
    ABOUT.iter().any(|word| lower.contains(word))
}

/// Whether the line up to here starts as a remark does.
pub(super) fn is_remark(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    [&b"#"[..], b"//", b";", b"*", b"--", b"<!--"].iter().any(|start| line.starts_with(start))
}

/// Whether a value is as mixed as a password or a key: it has so much entropy, and characters of two classes at least,
/// or is long.
pub(super) fn is_mixed(value: &[u8], bits: f64) -> bool {
    let has = |class: fn(&u8) -> bool| usize::from(value.iter().any(class));
    let classes = has(u8::is_ascii_lowercase)
        + has(u8::is_ascii_uppercase)
        + has(u8::is_ascii_digit)
        + has(u8::is_ascii_punctuation);
    // Words joined by dashes or dots are names; so is what has no digit and no odd sign.
    let is_wordy = value.iter().all(|byte| byte.is_ascii_alphabetic() || b"-_. ".contains(byte));
    entropy(value) >= bits && !is_wordy && (classes >= 2 || value.len() >= 24)
}

/// Shannon's entropy in bits a byte.
fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value {
        counts[usize::from(*byte)] += 1;
    }
    let all = value.len() as f64;
    -counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / all)
        .map(|share| share * share.log2())
        .sum::<f64>()
}

fn distinct(bytes: &[u8]) -> usize {
    let mut seen = [false; 256];
    for byte in bytes {
        seen[usize::from(*byte)] = true;
    }
    seen.iter().filter(|seen| **seen).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_known() {
        for value in [
            "changeme",
            "<token>",
            "${TOKEN}",
            "xxxxxxxx",
            "/run/secrets/db",
            "YOUR_TOKEN",
            "password",
            "aaaaaa",
            "os.environ[x]",
        ] {
            assert!(is_stand_in(value.as_bytes()), "{value}");
        }
        for value in ["hunter2!", "s3cr3t-Pa55", "k9$Lm2"] {
            assert!(!is_stand_in(value.as_bytes()), "{value}");
        }
        assert!(is_made_up(b"AKIAIOSFODNN7EXAMPLE"));
        assert!(!is_made_up(b"AKIAQ2W3E4R5T6Y7U4I5"));
    }

    #[test]
    fn what_is_about_a_password_is_none() {
        assert!(is_about(b"password_encryption = ") && is_about(b"TOKEN_URL="));
        assert!(!is_about(b"password: ") && !is_about(b"TOKEN_2="));
        assert!(is_remark(b"  # password = ") && !is_remark(b"password = "));
    }

    #[test]
    fn names_are_not_mixed_and_passwords_are() {
        for value in ["application-name", "com.company.Token", "aaaaaaaa1", "lowercase"] {
            assert!(!is_mixed(value.as_bytes(), 2.8), "{value}");
        }
        for value in ["Tr0ub4dor&3", "9f86d081884c7d65", "hunter22x!"] {
            assert!(is_mixed(value.as_bytes(), 2.8), "{value}");
        }
    }
}

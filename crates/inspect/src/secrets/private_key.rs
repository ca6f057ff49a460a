//! Private keys in PEM: whether one really follows the first line, and whether a password locks it.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::Severity;

/// The longest key that is looked at whole; also how far the windows of a search overlap.
pub(super) const KEY_BYTES: usize = 16 << 10;

/// Line ends, also as texts in programs and JSON write them, and the headers of old forms; then the key's first bytes.
static BODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?-u)\A(?:\s|\\[nr]|"\s{0,4}\+?\s{0,80}"|(?:Proc-Type|DEK-Info|Version|Comment|Hash): [^\n\\]{0,100}){1,60}([A-Za-z0-9+/]{40})"#,
    )
    .ok()
});

/// A key after its first line: how sure it is one, and its length with that line.
pub(super) fn judge(bytes: &[u8], first_line: usize) -> Option<(Severity, usize)> {
    let rest = bytes.get(first_line..)?;
    let start = rest.get(..1_024).unwrap_or(rest);
    let body = BODY.as_ref()?.captures(start)?.get(1)?;
    let has = |part: &[u8]| {
        bytes[..first_line + body.end()].windows(part.len()).any(|found| found == part)
    };
    // OpenSSH writes the name of the cipher first, here in base64.
    let is_locked = has(b"ENCRYPTED")
        || rest[body.start()..].starts_with(b"b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHI");
    let end = rest.windows(9).take(KEY_BYTES).position(|window| window == b"-----END ");
    let end = end.map_or(body.end(), |end| {
        let tail = &rest[end + 9..];
        let close = tail.windows(5).take(60).position(|window| window == b"-----");
        end + 9 + close.map_or(0, |close| close + 5)
    });
    let severity = if is_locked { Severity::Likely } else { Severity::Certain };
    Some((severity, first_line + end))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_first_line_alone_is_no_key() {
        for text in
            ["-----BEGIN RSA PRIVATE KEY-----\"\n    return x", "-----BEGIN RSA PRIVATE KEY-----"]
        {
            assert_eq!(judge(text.as_bytes(), 31), None);
        }
    }

    #[test]
    fn keys_are_measured_and_locked_ones_told_apart() {
        let body = "MIIEowIBAAKCAQEAv1Qm9n8rXk2Lw7Zs5TtYb3Hc6Dd";
        let plain = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----");
        let first_line = "-----BEGIN PRIVATE KEY-----".len();
        assert_eq!(judge(plain.as_bytes(), first_line), Some((Severity::Certain, plain.len())));
        let json = format!("-----BEGIN PRIVATE KEY-----\\n{body}\\n-----END PRIVATE KEY-----\\n");
        assert_eq!(judge(json.as_bytes(), first_line).unwrap().0, Severity::Certain);
        let locked = format!(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A\n\n{body}\n"
        );
        assert_eq!(judge(locked.as_bytes(), 31).unwrap().0, Severity::Likely);
    }
}

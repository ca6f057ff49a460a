//! Secrets made fit to be shown.

/// The start and the end of a secret with `…` between: never more than a third of it, and nothing of what is short.
pub(super) fn masked(secret: &[u8]) -> String {
    let text = String::from_utf8_lossy(secret.get(..4_096).unwrap_or(secret));
    if let Some(end) = text.strip_prefix("-----BEGIN ").and_then(|rest| rest.find("-----")) {
        return format!("-----BEGIN {}-----…", &text[11..11 + end]);
    }
    let shown: Vec<char> = text
        .chars()
        .map(|character| if character.is_control() { '·' } else { character })
        .collect();
    let start = (shown.len() / 4).min(6);
    let end = if shown.len() >= 16 { (shown.len() / 12).min(4) } else { 0 };
    let part = |range: &[char]| range.iter().collect::<String>();
    format!("{}…{}", part(&shown[..start]), part(&shown[shown.len() - end..]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_middle_is_never_shown() {
        assert_eq!(masked(b"hunter2"), "h…");
        assert_eq!(masked(b"abc"), "…");
        assert_eq!(masked(b"ghp_0123456789abcdefghijklmnopqrstuvwxyz"), "ghp_01…xyz");
        assert_eq!(
            masked(b"-----BEGIN RSA PRIVATE KEY-----\nMIIE"),
            "-----BEGIN RSA PRIVATE KEY-----…"
        );
    }

    proptest::proptest! {
        #[test]
        fn two_thirds_stay_hidden(secret in "[a-zA-Z0-9]{1,200}") {
            let shown = masked(secret.as_bytes()).chars().count() - 1;
            proptest::prop_assert!(shown * 3 <= secret.len() + 1, "{shown} of {}", secret.len());
        }

        #[test]
        fn any_bytes_can_be_masked(secret: Vec<u8>) {
            masked(&secret);
        }
    }
}

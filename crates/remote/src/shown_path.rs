//! An address for people: its path, and what of its query is no secret.

use reqwest::Url;

/// Fields of a query that say what is asked for; the values of all others may be signatures.
const PLAIN_FIELDS: [&str; 9] =
    ["scope", "service", "n", "last", "artifactType", "page", "page_size", "query", "ordering"];
/// The longest name of a field that is told, in bytes: a longer one may be a secret without a name.
const MAX_FIELD_BYTES: usize = 40;

/// The path with what of the query is plain; the values of other fields are left out.
pub(crate) fn shown_path(url: &Url) -> String {
    let mut shown = url.path().to_owned();
    for (at, (name, value)) in url.query_pairs().enumerate() {
        shown.push(if at == 0 { '?' } else { '&' });
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if value.is_empty() || name.len() > MAX_FIELD_BYTES || !name.bytes().all(letter) {
            // A query that is one long signature has no fields.
            shown.push('…');
            continue;
        }
        shown.push_str(&name);
        shown.push('=');
        match PLAIN_FIELDS.contains(&name.as_ref()) {
            true => shown.extend(value.chars().map(|letter| match letter.is_control() {
                true => '\u{fffd}',
                false => letter,
            })),
            false => shown.push('…'),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_a_query_asks_for_is_shown_and_what_may_be_a_signature_is_not() {
        let shown = |url: &str| shown_path(&Url::parse(url).unwrap());
        assert_eq!(
            shown("https://r.example/v2/a/tags/list?n=2&last=b"),
            "/v2/a/tags/list?n=2&last=b"
        );
        assert_eq!(
            shown("https://auth.example/token?scope=repository:a:pull&account=me&service=r"),
            "/token?scope=repository:a:pull&account=…&service=r"
        );
        assert_eq!(
            shown("https://cdn.example/blob?X-Amz-Signature=secret&Expires=1"),
            "/blob?X-Amz-Signature=…&Expires=…"
        );
        assert_eq!(shown("https://cdn.example/blob?c2lnbmF0dXJl"), "/blob?…");
        assert_eq!(shown("https://cdn.example/blob?a%1b[2J=1&last=%1b"), "/blob?…&last=\u{fffd}");
        assert_eq!(shown(&format!("https://cdn.example/?{}=1", "x".repeat(41))), "/?…");
    }
}

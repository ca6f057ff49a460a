//! What must hold for whatever a stranger writes into headers and addresses.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderValue};

use crate::content_range::ContentRange;
use crate::rate_limit::{RateLimit, RateLimitKind};
use crate::shown_path::shown_path;
use crate::words::{Complaint, MAX_WORDS_BYTES};
use crate::{challenge, links, origin, retry, tags, warnings};

/// A header field made of pieces that parsers look for.
fn field(pieces: &'static str) -> impl Strategy<Value = String> {
    let piece = prop::sample::select(pieces.split(' ').collect::<Vec<_>>());
    let noise = "[ -~\t]{0,6}".prop_map(|text| text);
    prop::collection::vec(prop_oneof![piece.prop_map(str::to_owned), noise], 0..24)
        .prop_map(|pieces| pieces.concat())
}

fn header(name: &'static str, value: &str) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(name, HeaderValue::from_str(value).ok()?);
    Some(headers)
}

proptest! {
    #[test]
    fn no_header_makes_its_reader_crash(text in field("Bearer realm= \" \\ , ; = < > rel=next 299 - w= bytes")) {
        let _ = challenge::parse(&text);
        let _ = links::next(&text);
        let _ = ContentRange::parse(&text);
        for name in ["warning", "ratelimit-limit", "retry-after"] {
            let Some(headers) = header(name, &text) else { continue };
            let _ = warnings::read(&headers);
            let _ = RateLimit::read(&headers);
            let _ = retry::retry_after(&headers);
        }
        let complaint = Complaint::read(text.as_bytes(), false);
        let _ = RateLimitKind::read(&HeaderMap::new(), &complaint.words);
        let words = complaint.words.text().unwrap_or_default();
        prop_assert!(words.len() <= MAX_WORDS_BYTES && !words.chars().any(char::is_control));
    }

    #[test]
    fn warnings_are_short_and_can_be_shown(text in field("\\ \" \\\" é \t"), times in 1..400_usize) {
        let field = format!("299 - \"{}\"", text.repeat(times));
        let found = header("warning", &field).map(|headers| warnings::read(&headers));
        for warning in found.unwrap_or_default() {
            prop_assert!(warning.len() <= 1024 && !warning.chars().any(char::is_control));
        }
    }

    #[test]
    fn a_limit_is_never_less_than_what_is_left(
        limit in 0..=u64::MAX, left in 0..=u64::MAX, window in 0..=u64::MAX, reset in 0..=u64::MAX,
    ) {
        let mut headers = header("ratelimit-limit", &format!("{limit};w={window}")).unwrap();
        headers.insert("ratelimit-remaining", left.into());
        headers.insert("ratelimit-reset", reset.into());
        let read = RateLimit::read(&headers).unwrap();
        prop_assert_eq!((read.limit, read.window_seconds), (limit, Some(window)));
        prop_assert!(read.remaining <= read.limit);
    }

    #[test]
    fn a_list_goes_on_at_its_own_address_or_not_at_all(text in field("/ // ? # @ : .. http https r.example v2 a tags list &last=b")) {
        let current = Url::parse("https://r.example/v2/a/tags/list?n=2").unwrap();
        if let Some(query) = tags::next_query(&current, &text) {
            let mut next = current.clone();
            next.set_query(Some(&query));
            prop_assert!(origin::same(&next, &current) && next.path() == current.path());
            prop_assert!(next != current && !query.contains('#'));
        }
    }

    #[test]
    fn no_value_of_an_unknown_field_is_shown(
        name in "[A-Za-z][A-Za-z0-9-]{0,8}(\\[\\])?", secret in "[A-Z0-9]{12}", bare in any::<bool>(),
    ) {
        let known = ["scope", "service", "n", "last", "page", "query", "ordering"];
        prop_assume!(!known.contains(&name.as_str()));
        let query = if bare { secret.clone() } else { format!("{name}={secret}") };
        let url = Url::parse(&format!("https://me:{secret}@cdn.example/blob?n=1&{query}#{secret}")).unwrap();
        for shown in [shown_path(&url), origin::shown(&url), origin::shown_text(url.as_str())] {
            prop_assert!(!shown.contains(&secret), "{}", shown);
        }
    }
}

#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::{ExpandError, expand};

fn with(text: &str) -> Result<String, ExpandError> {
    let value = |name: &str| match name {
        "F" => Some("/a/b.tar.gz".to_owned()),
        "E" => Some(String::new()),
        _ => None,
    };
    expand(text, '\\', &value).map(|found| found.text)
}

#[test]
fn values_are_cut_and_replaced() {
    for (text, expected) in [
        ("${F#*/}", "a/b.tar.gz"),
        ("${F##*/}", "b.tar.gz"),
        ("${F%.*}", "/a/b.tar"),
        ("${F%%.*}", "/a/b"),
        ("${F/a/x}", "/x/b.tar.gz"),
        ("${F//a/x}", "/x/b.txr.gz"),
        ("${F//q/x}", "/a/b.tar.gz"),
        ("${F/*/x}", "x"),
        ("${F//*/x}", "x"),
        ("${N/a/b}${N#a}", ""),
        ("${E:-x}${E-x}", "x"),
    ] {
        assert_eq!(with(text).unwrap(), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_expanded_says_why() {
    assert_eq!(with("${N:?set it}").unwrap_err().to_string(), "cannot expand `N`: set it");
    assert_eq!(
        with("${F:#x}").unwrap_err().to_string(),
        "cannot expand `F`, the modifier `:#` is not known"
    );
    assert_eq!(with(&"${a:-".repeat(100_000)), Err(ExpandError::TooDeep));
}

#[test]
fn an_empty_quote_is_a_word() {
    assert_eq!(expand("a '' b", '\\', &|_| None).unwrap().words, ["a", "", "b"]);
}

proptest! {
    #[test]
    fn any_text_ends_without_a_crash(text in "[$`{}:#%/?*+'\"\\\\a-c -]{0,40}") {
        let _ = expand(&text, '\\', &|name| (name == "a").then(|| "b c/a".to_owned()));
    }

    #[test]
    fn plain_letters_stay(text in "[a-zA-Z0-9/._:@=-]{0,40}") {
        prop_assert_eq!(with(&text).unwrap(), text);
    }
}

#[test]
fn quotes_of_a_body_are_letters() {
    let value = |name: &str| (name == "a").then(|| "1".to_owned());
    let found = super::expand_unquoted("it's \"$a\" \\$a\n", &value).unwrap();
    assert_eq!(found.text, "it's \"1\" $a\n");
}

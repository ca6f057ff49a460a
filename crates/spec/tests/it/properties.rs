//! What must hold for any input.

use proptest::prelude::*;
use strata_spec::{Digest, Document, ImageConfig, MediaType, Platform, Reference};

proptest! {
    #[test]
    fn no_text_makes_a_parser_crash(text in "\\PC{0,80}") {
        let _ = Reference::parse(&text);
        let _ = Digest::parse(&text);
        let _ = Platform::parse(&text);
        let _ = MediaType::parse(&text);
        let _ = Document::parse(text.clone().into_bytes(), None);
        let _ = ImageConfig::parse(text.into_bytes());
    }

    #[test]
    fn a_reference_reads_back_as_itself_in_both_forms(
        host in prop::option::of("[a-z]{1,5}\\.[a-z]{2,3}(:[1-9][0-9]{1,3})?"),
        path in "[a-z0-9]{1,6}([._-][a-z0-9]{1,4})?(/[a-z0-9]{1,6}){0,2}",
        tag in prop::option::of("[A-Za-z0-9_][A-Za-z0-9_.-]{0,10}"),
    ) {
        let host = host.map(|host| format!("{host}/")).unwrap_or_default();
        let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
        let reference = Reference::parse(&format!("{host}{path}{tag}")).unwrap();
        prop_assert_eq!(&Reference::parse(&reference.to_string()).unwrap(), &reference);
        prop_assert_eq!(&Reference::parse(&reference.familiar()).unwrap(), &reference);
    }
}

//! The base image in words.

use strata_app::api::{BaseHow, BaseImage};
use strata_app::words::Words;

/// Which image it is, which layers are its own, and how that is known.
pub fn base_words(words: Words, base: &BaseImage) -> String {
    let mut names: Vec<&str> = base.name.iter().map(String::as_str).collect();
    names.extend(base.other_names.iter().map(String::as_str));
    // One that lost its name is still told by its digest.
    names.extend(base.manifest.as_deref().filter(|_| base.name.is_none()));
    let (name, count) = (names.join(", "), base.layers.to_string());
    let key = match base.how {
        BaseHow::Local => "cli.base.local",
        BaseHow::Annotation => "cli.base.stated",
        BaseHow::History => "cli.base.guess",
    };
    words.text(key, &[("name", &name), ("count", &count)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(how: BaseHow, name: Option<&str>) -> BaseImage {
        BaseImage {
            layers: 2,
            strata: 3,
            name: name.map(str::to_owned),
            other_names: vec!["debian:bookworm".to_owned()],
            reference: None,
            manifest: Some("sha256:1".to_owned()),
            how,
        }
    }

    #[test]
    fn a_base_is_told_with_how_it_is_known() {
        let words = |base| base_words(Words::of("en"), &base);
        assert_eq!(
            words(base(BaseHow::Local, Some("debian:12"))),
            "debian:12, debian:bookworm (its 2 layers are the lowest)"
        );
        assert!(words(base(BaseHow::Local, None)).contains("sha256:1"));
        let stated =
            BaseImage { other_names: Vec::new(), ..base(BaseHow::Annotation, Some("a:1")) };
        assert_eq!(words(stated), "a:1 (as the image says)");
        assert!(words(base(BaseHow::History, None)).contains("a guess from the history"));
    }
}

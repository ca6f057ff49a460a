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

//! Repositories as `ADD` names them.

use crate::GitSource;

/// Reads a source of `ADD` as a repository; none if it is none, and the reason if it is one that nobody should ask for.
pub(crate) fn git_source(text: &str) -> Option<Result<GitSource, &'static str>> {
    if text.starts_with("ext::") {
        return Some(Err("a repository that is a command is never asked for"));
    }
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (url, query) = match rest.split_once('?') {
        Some((url, query)) => (url, query),
        None => (rest, ""),
    };
    let is_web = url.starts_with("http://") || url.starts_with("https://");
    let has_scheme = url.starts_with("git://") || url.starts_with("ssh://");
    if !(has_scheme || is_web && url.ends_with(".git") || is_scp(url)) {
        return None;
    }
    let mut source = GitSource { url: url.to_owned(), ..GitSource::default() };
    let (reference, folder) = fragment.split_once(':').unwrap_or((fragment, ""));
    source.reference = some(reference);
    source.folder = some(folder);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        if let Err(reason) = ask(&mut source, pair) {
            return Some(Err(reason));
        }
    }
    Some(checked(source))
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Takes one pair of the query.
fn ask(source: &mut GitSource, pair: &str) -> Result<(), &'static str> {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let is_so = matches!(value, "" | "1" | "true");
    match name {
        "ref" => source.reference = some(value),
        "tag" => source.reference = Some(format!("refs/tags/{value}")),
        "branch" => source.reference = Some(format!("refs/heads/{value}")),
        "subdir" => source.folder = some(value),
        "checksum" | "commit" => source.checksum = some(value),
        "keep-git-dir" => source.keeps_git_folder = is_so,
        "submodules" => source.skips_submodules = !is_so,
        _ => return Err("nobody knows this part of its query"),
    }
    Ok(())
}

fn checked(source: GitSource) -> Result<GitSource, &'static str> {
    let leads_out = |folder: &String| folder.split('/').any(|part| part == "..");
    if source.folder.as_ref().is_some_and(leads_out) {
        return Err("the folder leads out of the repository");
    }
    let is_option = |text: &str| text.starts_with('-');
    if source.reference.as_deref().is_some_and(is_option) || is_option(&source.url) {
        return Err("it begins with a hyphen");
    }
    Ok(source)
}

/// `name@host:path`.
fn is_scp(url: &str) -> bool {
    let is_word = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let Some((user, rest)) = url.split_once('@') else { return false };
    let Some((host, path)) = rest.split_once(':') else { return false };
    is_word(user) && is_word(host) && !path.is_empty()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn repositories_are_told_from_files_and_urls() {
        for text in ["src/app", "https://example.com/x.tar.gz", "a@b", "./x.git"] {
            assert!(git_source(text).is_none(), "{text}");
        }
        let found = git_source("https://example.com/r.git?branch=v1&subdir=a#").unwrap().unwrap();
        assert_eq!(found.reference.as_deref(), Some("refs/heads/v1"));
        assert_eq!(found.folder.as_deref(), Some("a"));
        let found = git_source("git@example.com:o/r#v2:docs").unwrap().unwrap();
        assert_eq!(
            (found.reference.as_deref(), found.folder.as_deref()),
            (Some("v2"), Some("docs"))
        );
    }

    #[test]
    fn what_would_lead_out_or_run_something_is_refused() {
        for text in [
            "https://example.com/r.git#main:../..",
            "ext::sh -c id",
            "https://example.com/r.git#--upload-pack=sh",
            "https://example.com/r.git?upload-pack=sh",
        ] {
            assert!(git_source(text).unwrap().is_err(), "{text}");
        }
    }
}

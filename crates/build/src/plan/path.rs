//! Paths of images as texts: always with slashes, never followed.

/// A path without `.`, `..` and doubled slashes, from the root.
pub(crate) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    format!("/{}", parts.join("/"))
}

/// A path as it is meant in a folder, from the root.
pub(crate) fn joined(folder: &str, path: &str) -> String {
    if path.starts_with('/') { clean(path) } else { clean(&format!("/{folder}/{path}")) }
}

/// As [`joined`], with a slash at its end where the path means a folder.
pub(crate) fn joined_keeping_slash(folder: &str, path: &str) -> String {
    let is_folder = path.is_empty() || path == "." || path.ends_with('/') || path.ends_with("/.");
    let mut joined = joined(folder, path);
    if is_folder && joined != "/" {
        joined.push('/');
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_by_text_and_never_lead_above_the_root() {
        for (folder, path, expected) in [
            ("/app", "x", "/app/x"),
            ("/app", "../x", "/x"),
            ("/app", "../../..", "/"),
            ("/app", "/y//z/.", "/y/z/"),
            ("/app", ".", "/app/"),
            ("/app", "", "/app/"),
            ("", "x/", "/x/"),
            ("/", "/", "/"),
        ] {
            assert_eq!(joined_keeping_slash(folder, path), expected, "{folder} {path}");
        }
    }
}

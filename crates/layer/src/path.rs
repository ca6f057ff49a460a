//! Paths as a layer may have them.

use crate::LayerError;
use crate::error::shown;

/// `raw` without `.`, empty components and resolved `..`, by text alone: links are not followed.
///
/// # Errors
/// [`LayerError::Escape`] if it leads above the root, [`LayerError::Limit`] if it is too long,
/// [`LayerError::Path`] if it has a zero byte.
pub(crate) fn clean(raw: &[u8], max_bytes: u64) -> Result<Vec<u8>, LayerError> {
    let length = raw.len() as u64;
    if length > max_bytes {
        return Err(LayerError::Limit {
            what: "the length of a path",
            limit: max_bytes,
            found: length,
        });
    }
    if raw.contains(&0) {
        return Err(LayerError::Path { path: shown(raw), reason: "it has a zero byte" });
    }
    let mut cleaned: Vec<u8> = Vec::with_capacity(raw.len());
    for component in raw.split(|&byte| byte == b'/') {
        match component {
            b"" | b"." => {}
            b".." => {
                if cleaned.is_empty() {
                    return Err(LayerError::Escape { path: shown(raw) });
                }
                let keep = cleaned.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
                cleaned.truncate(keep);
            }
            name => {
                if !cleaned.is_empty() {
                    cleaned.push(b'/');
                }
                cleaned.extend_from_slice(name);
            }
        }
    }
    Ok(cleaned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paths_are_cleaned_by_text() {
        for (raw, expected) in [
            ("./a/b/", "a/b"),
            ("/a//b/./c", "a/b/c"),
            ("a/../b", "b"),
            ("./", ""),
            (".", ""),
            ("a/b/..", "a"),
        ] {
            assert_eq!(clean(raw.as_bytes(), 100).unwrap(), expected.as_bytes(), "{raw}");
        }
    }

    #[test]
    fn a_path_out_of_the_image_is_refused() {
        for raw in ["..", "../a", "a/../../b", "/.."] {
            assert!(matches!(clean(raw.as_bytes(), 100), Err(LayerError::Escape { .. })), "{raw}");
        }
        assert!(clean(&[b'a'; 101], 100).is_err());
        assert!(clean(b"a\0b", 100).is_err());
    }
}

//! Where a list goes on (RFC 8288 `Link`, distribution specification "Listing Tags").

/// The target of the link to the next page.
pub(crate) fn next(field: &str) -> Option<&str> {
    let mut rest = field;
    loop {
        let (target, after) = rest.split_once('<')?.1.split_once('>')?;
        // A target has no `<`, so the next one begins the next link.
        let end = after.find('<').unwrap_or(after.len());
        if after[..end].split([';', ',']).any(is_next) {
            return Some(target);
        }
        rest = &after[end..];
    }
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    let relations = value.trim().trim_matches('"').split_ascii_whitespace();
    name.trim().eq_ignore_ascii_case("rel")
        && relations.into_iter().any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_next_page() {
        for field in [
            "</v2/a/tags/list?n=1&last=b>; rel=\"next\"",
            "</x>; rel=prev, </v2/a/tags/list?n=1&last=b> ; title=\"t\"; REL = next",
            "</v2/a/tags/list?n=1&last=b>;rel=\"first next\"",
        ] {
            assert_eq!(next(field), Some("/v2/a/tags/list?n=1&last=b"), "{field}");
        }
        for field in ["", "<", "</x>", "</x>; rel=prev", "</x; rel=next", "rel=next"] {
            assert_eq!(next(field), None, "{field}");
        }
    }
}

//! `NAME=value` pairs as histories have them: without the quotes that they once had.

use crate::words::value;

/// Writes the pairs of a recorded `ENV` or `LABEL` with quotes where they must be. `names` are the names that the image
/// has: a value with spaces ends where the next of them begins. The old form, `NAME value`, becomes a pair.
pub(crate) fn requoted(text: &str, names: &[&str]) -> String {
    let text = text.trim();
    let Some(equals) = text.find('=') else { return old_form(text) };
    if text[..equals].contains(char::is_whitespace) {
        return old_form(text);
    }
    let mut pairs = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let end = next_pair(after, names);
        pairs.push(format!("{}={}", value(name), value(unquoted(after[..end].trim_end()))));
        rest = after[end..].trim_start();
    }
    pairs.join(" ")
}

fn old_form(text: &str) -> String {
    match text.split_once(char::is_whitespace) {
        Some((name, rest)) => format!("{name}={}", value(rest.trim())),
        None => text.to_owned(),
    }
}

/// Where the value that a text begins with ends: before ` NAME=` of a known name.
fn next_pair(text: &str, names: &[&str]) -> usize {
    if text.starts_with('"')
        && let Some((_, rest)) = crate::words::quoted_word(text)
        && (rest.is_empty() || rest.starts_with(' '))
    {
        return text.len() - rest.len();
    }
    for (at, _) in text.char_indices().filter(|(_, letter)| *letter == ' ') {
        let next = text[at..].trim_start();
        if let Some((name, _)) = next.split_once('=')
            && names.contains(&name)
        {
            return at;
        }
    }
    text.len()
}

fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.filter(|inner| !inner.contains(['"', '\\'])).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_the_next_known_name_begins() {
        let names = ["A", "PATH", "LANG"];
        for (text, expected) in [
            ("PATH=/usr/bin:/bin", "PATH=/usr/bin:/bin"),
            ("A=b c PATH=/bin", "A=\"b c\" PATH=/bin"),
            ("A=x=y", "A=x=y"),
            ("A=b B=c", "A=\"b B=c\""),
            ("LANG C.UTF-8", "LANG=C.UTF-8"),
            ("A=\"b c\" LANG=C", "A=\"b c\" LANG=C"),
            ("A=", "A=\"\""),
            ("odd", "odd"),
        ] {
            assert_eq!(requoted(text, &names), expected, "{text}");
        }
    }
}

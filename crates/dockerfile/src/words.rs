//! Words of a recorded line: lists as Go prints them, and JSON arrays.

/// The words of `["a" "b"]` (as Go prints a list), `["a","b"]` (JSON), or `[a b]`; none if the text is no list.
pub(crate) fn list(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    if let Ok(words) = serde_json::from_str(text) {
        return Some(words);
    }
    let inner = text.strip_prefix('[')?.strip_suffix(']')?.trim();
    if !inner.starts_with('"') {
        return Some(inner.split_whitespace().map(str::to_owned).collect());
    }
    quoted(inner)
}

/// The words of `"a" "b c"`, with Go's escapes.
pub(crate) fn quoted(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = quoted_word(rest)?;
        words.push(word);
        rest = after.trim_start();
    }
    Some(words)
}

/// One word in double quotes at the beginning of a text, and what follows it.
pub(crate) fn quoted_word(text: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut letters = text.strip_prefix('"')?.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((word, &text[at + 2..])),
            '\\' => match letters.next()?.1 {
                'n' => word.push('\n'),
                't' => word.push('\t'),
                other => word.push(other),
            },
            other => word.push(other),
        }
    }
    None
}

/// A list as a Dockerfile has it: a JSON array.
pub(crate) fn json(words: &[String]) -> String {
    let quoted: Vec<String> =
        words.iter().map(|word| serde_json::Value::from(word.as_str()).to_string()).collect();
    format!("[{}]", quoted.join(", "))
}

/// A value that stands in a Dockerfile as one word.
pub(crate) fn value(text: &str) -> String {
    let is_plain = !text.is_empty()
        && !text.contains(|letter: char| {
            letter.is_whitespace() || letter.is_control() || "\"'\\#".contains(letter)
        });
    if is_plain {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        if matches!(letter, '"' | '\\' | '$') {
            quoted.push('\\');
        }
        // A line end within a value cannot be written down: it is shown as a space.
        quoted.push(if letter == '\n' || letter == '\r' { ' ' } else { letter });
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lists_are_read_in_all_the_forms_that_histories_have() {
        for text in [r#"["nginx" "-g" "daemon off;"]"#, r#"["nginx","-g","daemon off;"]"#] {
            assert_eq!(list(text).unwrap(), ["nginx", "-g", "daemon off;"]);
        }
        assert_eq!(list("[/data /logs]").unwrap(), ["/data", "/logs"]);
        assert_eq!(list("[]").unwrap(), Vec::<String>::new());
        assert_eq!(list(r#"["a\"b\n"]"#).unwrap(), ["a\"b\n"]);
        assert_eq!(list("nginx -g"), None);
        assert_eq!(list(r#"["open"#), None);
        assert_eq!(json(&["a\"b".to_owned(), "c".to_owned()]), r#"["a\"b", "c"]"#);
    }

    #[test]
    fn values_are_quoted_where_they_must_be() {
        assert_eq!(value("/usr/bin:/bin"), "/usr/bin:/bin");
        assert_eq!(value("a b"), "\"a b\"");
        assert_eq!(value(""), "\"\"");
        assert_eq!(value("say \"$x\""), "\"say \\\"\\$x\\\"\"");
    }
}

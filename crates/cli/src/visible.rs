//! Text of others on a terminal.

/// `text` on one line, with what could deceive or command a terminal written out. Backslashes stay: names come here
/// escaped already.
pub fn visible(text: &str) -> String {
    let parts: Vec<String> =
        text.split('\\').map(|part| strata_app::escape(part.as_bytes())).collect();
    parts.join("\\")
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn control_characters_are_written_out_and_backslashes_stay() {
        assert_eq!(visible("a\x1b[31m\nb"), "a\\u{1b}[31m\\nb");
        assert_eq!(visible("C:\\new 층"), "C:\\new 층");
    }
}

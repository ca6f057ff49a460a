//! Long commands on several lines.

/// Commands up to this long stay on one line.
const LONG: usize = 72;

/// Breaks a command before `&&` and `||` and after `;`, with a backslash: the shell reads the same words as before. What
/// has line ends already is left alone.
pub(crate) fn wrapped(command: &str) -> String {
    if command.contains('\n') || (command.len() <= LONG && !command.contains("&&")) {
        return command.to_owned();
    }
    let mut text = String::with_capacity(command.len() + 64);
    let mut from = 0;
    for (end, next) in breaks(command) {
        text.push_str(command[from..end].trim_end());
        text.push_str(" \\\n    ");
        from = next;
    }
    text.push_str(&command[from..]);
    text
}

/// Runs of blanks where a line may end, as `(first blank, first letter after)`: outside quotes, before `&&` or `||`, or
/// after `;`.
fn breaks(command: &str) -> Vec<(usize, usize)> {
    let bytes = command.as_bytes();
    let mut found = Vec::new();
    let mut quote = None;
    let mut at = 0;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (None | Some(b'"'), b'\\') => at += 1,
            (None, mark @ (b'\'' | b'"' | b'`')) => quote = Some(mark),
            (Some(open), mark) if open == mark => quote = None,
            (None, b' ' | b'\t') => {
                let end = at;
                while at < bytes.len() && matches!(bytes[at], b' ' | b'\t') {
                    at += 1;
                }
                let rest = &bytes[at..];
                let before = rest.starts_with(b"&&") || rest.starts_with(b"||");
                let after = end > 0 && bytes[end - 1] == b';' && !bytes[..end].ends_with(b";;");
                if end > 0 && at < bytes.len() && (before || after) {
                    found.push((end, at));
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    // A quote that never ends: it is not known what is inside.
    if quote.is_some() { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As a Dockerfile's reader joins lines.
    fn joined(text: &str) -> String {
        text.replace("\\\n", "")
    }

    #[test]
    fn long_commands_break_where_a_person_would_break_them() {
        let command = "apt-get update && apt-get install -y curl; echo 'a && b' || true";
        let expected = "apt-get update \\\n    && apt-get install -y curl; \\\n    echo 'a && b' \\\n    || true";
        assert_eq!(wrapped(command), expected);
        assert_eq!(wrapped("echo short; true"), "echo short; true");
        let open = format!("echo 'never closed && {}", "x".repeat(80));
        assert_eq!(wrapped(&open), open);
    }

    proptest! {
        #[test]
        fn the_words_stay_the_same(parts in prop::collection::vec(prop::sample::select(vec![
            "a", "&&", "||", ";", " ", "  ", "\t", "'", "\"", "x y", "\\", "`", "$(", ")", ";;", "#"
        ]), 0..60)) {
            let command = parts.concat();
            let once = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(once(&joined(&wrapped(&command))), once(&command));
        }
    }
}

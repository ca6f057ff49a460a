//! Lines of the form `Field: value`, as mail headers, dpkg and Java manifests have them.

use crate::bounded::text;

/// The longest value that is kept, in characters.
const VALUE: usize = 1_000;

/// The fields of one stanza that have one of the names, in their order. A line that starts with a space goes on with the
/// value before it where `joins` says so; else it is left out.
pub(super) fn fields<'a>(
    stanza: impl Iterator<Item = &'a [u8]>,
    names: &[&'static str],
    joins: bool,
) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    let mut is_wanted = false;
    for line in stanza {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(rest) = line.strip_prefix(b" ") {
            let last = found.last_mut().filter(|_| joins && is_wanted);
            if let Some((_, value)) = last
                && value.len() < VALUE
            {
                value.push_str(&text(rest, VALUE));
            }
            continue;
        }
        let name =
            line.iter().position(|byte| *byte == b':').map(|at| (&line[..at], &line[at + 1..]));
        let known = name.and_then(|(name, value)| {
            let known = names.iter().find(|known| known.as_bytes().eq_ignore_ascii_case(name))?;
            Some((*known, text(value, VALUE).trim().to_owned()))
        });
        is_wanted = known.is_some();
        found.extend(known);
    }
    found
}

/// The value of the first field of a name, if it is not empty.
pub(super) fn first(fields: &[(&'static str, String)], name: &str) -> Option<String> {
    fields
        .iter()
        .find(|(found, value)| *found == name && !value.is_empty())
        .map(|(_, value)| value.clone())
}

/// The lines of each stanza; an empty line ends one.
pub(super) fn stanzas(bytes: &[u8]) -> impl Iterator<Item = impl Iterator<Item = &[u8]>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        while let Some(after) = rest.strip_prefix(b"\n") {
            rest = after;
        }
        if rest.is_empty() {
            return None;
        }
        let end = rest.windows(2).position(|pair| pair == b"\n\n").unwrap_or(rest.len());
        let (stanza, after) = rest.split_at(end);
        rest = after;
        Some(stanza.split(|byte| *byte == b'\n'))
    })
}

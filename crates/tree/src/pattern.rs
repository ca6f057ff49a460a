//! What a person types to find files.

/// A part of a name, or a glob.
///
/// With `*` or `?` in it the text is a glob that must fit the whole name: `?` is any byte but `/`, `*` any number of
/// those, `**` any number of any bytes. Otherwise it is a part of the name, and capitals do not count. With a `/` in
/// it, the text is held against the path in place of the name.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: Vec<u8>,
    is_glob: bool,
    whole_path: bool,
    /// Where the star of a glob for names stands that has nothing else to look for, as `*.js`.
    only_star: Option<usize>,
}

impl Pattern {
    pub fn new(text: &str) -> Self {
        let is_glob = text.contains(['*', '?']);
        let text = if is_glob {
            text.trim_start_matches('/').to_owned()
        } else {
            text.to_ascii_lowercase()
        };
        let whole_path = text.contains('/');
        let star = text.find('*').filter(|_| is_glob && !whole_path);
        let only_star = star.filter(|&at| !text.contains('?') && !text[at + 1..].contains('*'));
        Self { whole_path, text: text.into_bytes(), is_glob, only_star }
    }

    /// Whether the path counts; else only the name.
    pub fn wants_path(&self) -> bool {
        self.whole_path
    }

    /// Whether a name (or a path with a slash before it, see [`Self::wants_path`]) fits.
    pub fn fits(&self, subject: &[u8]) -> bool {
        if let Some(star) = self.only_star {
            let (begin, end) = (&self.text[..star], &self.text[star + 1..]);
            return subject.strip_prefix(begin).is_some_and(|rest| rest.ends_with(end));
        }
        if self.is_glob {
            let subject = if self.whole_path {
                subject.strip_prefix(b"/").unwrap_or(subject)
            } else {
                subject
            };
            return glob(&self.text, subject);
        }
        contains(subject, &self.text)
    }
}

fn contains(subject: &[u8], part: &[u8]) -> bool {
    part.is_empty()
        || subject.windows(part.len()).any(|window| {
            window.iter().zip(part).all(|(byte, wanted)| byte.to_ascii_lowercase() == *wanted)
        })
}

/// Where to go on after a star: behind it in the pattern, and the first byte that it has not swallowed yet.
#[derive(Clone, Copy)]
struct Star {
    pattern: usize,
    subject: usize,
}

/// Goes back only to the last star of each sort, so the time is bounded by the product of the lengths.
fn glob(pattern: &[u8], subject: &[u8]) -> bool {
    let (mut p, mut s) = (0, 0);
    let mut single: Option<Star> = None;
    let mut double: Option<Star> = None;
    loop {
        if pattern[p..].starts_with(b"**") {
            // `**/` may also be nothing at all.
            let skip = if pattern[p..].starts_with(b"**/") && (s == 0 || subject[s - 1] == b'/') {
                3
            } else {
                2
            };
            p += skip;
            (single, double) = (None, Some(Star { pattern: p, subject: s }));
            continue;
        }
        match (pattern.get(p), subject.get(s)) {
            (None, None) => return true,
            (Some(b'*'), _) => {
                p += 1;
                single = Some(Star { pattern: p, subject: s });
                continue;
            }
            (Some(&wanted), Some(&byte)) if wanted == byte || (wanted == b'?' && byte != b'/') => {
                (p, s) = (p + 1, s + 1);
                continue;
            }
            _ => {}
        }
        let again = swallow(&mut single, subject, false).or_else(|| {
            single = None;
            swallow(&mut double, subject, true)
        });
        let Some(star) = again else { return false };
        (p, s) = (star.pattern, star.subject);
    }
}

/// Lets a star take one more byte, if there is one that it may take.
fn swallow(star: &mut Option<Star>, subject: &[u8], slashes: bool) -> Option<Star> {
    let at = star.as_mut()?;
    let byte = subject.get(at.subject)?;
    if *byte == b'/' && !slashes {
        return None;
    }
    at.subject += 1;
    Some(*at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, subject: &str) -> bool {
        Pattern::new(pattern).fits(subject.as_bytes())
    }

    #[test]
    fn text_without_stars_is_a_part_of_a_name() {
        assert!(fits("", "anything"));
        assert!(fits("READ", "the-readme.md"));
        assert!(fits("bin/sh", "/usr/bin/sh"));
        assert!(!fits("readme", "read"));
        assert!(Pattern::new("bin/sh").wants_path());
        assert!(!Pattern::new("sh").wants_path());
    }

    #[test]
    fn globs_fit_whole_names() {
        for (pattern, subject, expected) in [
            ("*.py", "six.py", true),
            ("*.py", "six.pyc", false),
            ("?.c", "a.c", true),
            ("?.c", "ab.c", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b-", false),
            ("*", "", true),
            ("/etc/*", "/etc/passwd", true),
            ("etc/*", "/etc/ssl/certs", false),
            ("etc/**", "/etc/ssl/certs", true),
            ("**/certs", "/etc/ssl/certs", true),
            ("**/certs", "/certs", true),
            ("usr/**/*.so", "/usr/lib/a/b.so", true),
            ("usr/**/*.so", "/usr/b.so", true),
            ("usr/*/b.so", "/usr/lib/a/b.so", false),
        ] {
            assert_eq!(fits(pattern, subject), expected, "{pattern} {subject}");
        }
    }

    #[test]
    fn many_stars_end_soon() {
        let pattern = format!("{}b", "*a".repeat(2000));
        assert!(!fits(&pattern, &"a".repeat(30_000)));
    }
}

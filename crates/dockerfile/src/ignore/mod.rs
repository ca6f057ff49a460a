//! `.dockerignore`: which files of a folder a build does not see, and by which rule.

mod pattern;

use pattern::Pattern;

/// Why a rule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IgnoreError {
    /// A bracket is not closed, a range has no end, or a backslash is the last letter.
    #[error(
        "cannot read the pattern `{pattern}` in line {line}, its brackets or escapes are wrong"
    )]
    Pattern {
        /// The pattern.
        pattern: String,
        /// The line, from 1.
        line: usize,
    },
    /// An exclamation mark alone.
    #[error("cannot read line {line}, nothing follows the exclamation mark")]
    Alone {
        /// The line, from 1.
        line: usize,
    },
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The pattern, cleaned, without the exclamation mark.
    pub pattern: String,
    /// `!`: what it matches is let in again.
    pub lets_in: bool,
    /// The line that it stands in, from 1.
    pub line: usize,
    matcher: Pattern,
}

/// Which rules match a folder or one above it: what a walk from folder to folder takes along, so that no path is held
/// against a rule more than once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    matched: Vec<bool>,
}

/// The rules of a `.dockerignore` file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignore {
    /// The rules in the order of the file: the last that matches decides.
    pub rules: Vec<Rule>,
}

impl Ignore {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// A rule that no builder takes: the first of them.
    pub fn parse(text: &str) -> Result<Self, IgnoreError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rules = Vec::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            rules.extend(rule(line.trim(), index + 1)?);
        }
        Ok(Self { rules })
    }

    /// The rule that decides over a path, which is relative to the folder: the last one that matches it or a folder
    /// above it. None if no rule speaks of it; it is in then.
    #[must_use]
    pub fn rule_for(&self, path: &str) -> Option<&Rule> {
        let path: Vec<char> = cleaned(path).trim_start_matches('/').chars().collect();
        self.rules.iter().rev().find(|rule| {
            let folders = path.iter().enumerate().filter(|(_, letter)| **letter == '/');
            let mut ends = folders.map(|(at, _)| at).chain([path.len()]);
            ends.any(|end| rule.matcher.matches(&path[..end]))
        })
    }

    /// Whether any rule lets something in again: else nothing below a folder that is kept out is in.
    #[must_use]
    pub fn lets_in(&self) -> bool {
        self.rules.iter().any(|rule| rule.lets_in)
    }

    /// What holds below a folder whose path is relative to the top, `above` being what holds around it; the empty
    /// standing is that of the top.
    #[must_use]
    pub fn enter(&self, above: &Standing, folder: &str) -> Standing {
        let folder: Vec<char> = folder.chars().collect();
        let rules = self.rules.iter().enumerate();
        let matched = rules.map(|(at, rule)| above.has(at) || rule.matcher.matches(&folder));
        Standing { matched: matched.collect() }
    }

    /// As [`Self::keeps_out`], for a path that lies in a folder whose standing is known. The path is already without
    /// `.`, `..` and doubled slashes.
    #[must_use]
    pub fn keeps_out_within(&self, above: &Standing, path: &str) -> bool {
        if self.rules.is_empty() {
            return false;
        }
        let path: Vec<char> = path.chars().collect();
        let mut rules = self.rules.iter().enumerate().rev();
        let found = rules.find(|(at, rule)| above.has(*at) || rule.matcher.matches(&path));
        found.is_some_and(|(_, rule)| !rule.lets_in)
    }

    /// Whether a path is kept out of the build.
    #[must_use]
    pub fn keeps_out(&self, path: &str) -> bool {
        self.rule_for(path).is_some_and(|rule| !rule.lets_in)
    }
}

impl Standing {
    fn has(&self, rule: usize) -> bool {
        self.matched.get(rule).copied().unwrap_or(false)
    }
}

fn rule(text: &str, line: usize) -> Result<Option<Rule>, IgnoreError> {
    let (lets_in, pattern) = match text.strip_prefix('!') {
        Some(rest) => (true, rest.trim()),
        None => (false, text),
    };
    if pattern.is_empty() {
        return if lets_in { Err(IgnoreError::Alone { line }) } else { Ok(None) };
    }
    let cleaned = cleaned(pattern);
    let pattern = match cleaned.strip_prefix('/') {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => cleaned,
    };
    if pattern == "." {
        return Ok(None);
    }
    let matcher = Pattern::parse(&pattern)
        .ok_or_else(|| IgnoreError::Pattern { pattern: pattern.clone(), line })?;
    Ok(Some(Rule { pattern, lets_in, line, matcher }))
}

/// A path without `.`, doubled slashes, a slash at its end, and `..` where a folder goes before it.
fn cleaned(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match (part, parts.last()) {
            ("..", Some(&last)) if last != ".." => {
                parts.pop();
            }
            ("..", None) if is_rooted => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (is_rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests;

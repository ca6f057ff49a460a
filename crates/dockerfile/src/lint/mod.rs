//! Hints: what a builder takes, and a careful person would write otherwise.
//!
//! The rules are those of BuildKit under their own names, and the most used of hadolint's with names that say what they
//! are about. What is skipped: `# check=skip=…` at the top, `# check=skip=…` or `# hadolint ignore=…` in the comments
//! right before an instruction.

mod casing;
mod descriptions;
mod file;
mod files;
mod from;
mod hint;
mod layers;
mod names;
mod packages;
mod ports;
mod rule;
mod rules;
mod runs;
mod settings;
mod skips;
mod undefined;
mod users;

use file::{File, Found};
pub use hint::{Edit, Hint, mended};
pub use rule::{HintRule, Severity};
use skips::Skips;

use crate::{Ignore, Tree};

/// What an image tells that a stage is built on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BaseFacts {
    /// The names of its variables.
    pub env: Vec<String>,
    /// Whether it has a working folder.
    pub has_workdir: bool,
    /// Whether it has a shell of its own.
    pub has_shell: bool,
}

/// Tells of an image, by the reference that a file has, what is known of it.
pub type KnownBase<'a> = dyn Fn(&str) -> Option<BaseFacts> + 'a;

/// What is known beside the text.
#[derive(Default, Clone, Copy)]
pub struct LintOptions<'a> {
    /// The rules of the context's ignore file; without it nothing is said of ignored files.
    pub ignore: Option<&'a Ignore>,
    /// What the build argument `BUILDKIT_DOCKERFILE_CHECK` says: it takes the place of the directive.
    pub check: Option<&'a str>,
    /// What is known of an image, by the reference that the file has.
    pub base: Option<&'a KnownBase<'a>>,
}

impl std::fmt::Debug for LintOptions<'_> {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("LintOptions").field("check", &self.check).finish_non_exhaustive()
    }
}

/// What the rules say of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linted {
    /// The findings, in the order of the text.
    pub hints: Vec<Hint>,
    /// Whether `error=true` is set and one of BuildKit's rules found something: a build with Docker would fail.
    pub fails: bool,
}

/// Holds a file against all rules.
#[must_use]
pub fn lint(tree: &Tree, options: &LintOptions<'_>) -> Linted {
    let skips = Skips::of(tree, options.check);
    if skips.skips_all() {
        return Linted::default();
    }
    let file = File::of(tree, options);
    let mut found = Found::default();
    casing::check(&file, &mut found);
    names::check(&file, &mut found);
    from::check(&file, &mut found);
    undefined::check(&file, &mut found);
    settings::check(&file, &mut found);
    ports::check(&file, &mut found);
    users::check(&file, &mut found);
    files::check(&file, &mut found);
    runs::check(&file, &mut found);
    packages::check(&file, &mut found);
    layers::check(&file, &mut found);
    if skips.wants("InvalidDefinitionDescription") {
        descriptions::check(&file, &mut found);
    }
    let mut hints = found.hints;
    hints.retain(|hint| !skips.skips(hint));
    hints.sort_by_key(|hint| (hint.range.start, hint.range.end));
    let fails = skips.is_error() && hints.iter().any(|hint| hint.rule.is_buildkit);
    Linted { hints, fails }
}

#[cfg(test)]
mod tests;

//! What can be known of a build before it starts.

use std::path::{Path, PathBuf};

use strata_build::{BuildError, ContextSource};
use strata_dockerfile::{Arguments, Dockerfile, Keyword, Tree};

use super::place::Place;
use super::{context_look, lines};
use crate::api::{BuildLookRead, BuildSheet, ContextLook, DeclaredArgument, UserError};
use crate::app::{App, on_thread};
use crate::error::AppError;

impl App {
    /// Finds the Dockerfile at a path and tells what a build of it would do. Nothing is pulled, run or kept.
    ///
    /// # Errors
    /// If there is no Dockerfile, or its folder cannot be read.
    pub async fn build_look(&self, wanted: BuildLookRead) -> Result<BuildSheet, UserError> {
        let app = self.clone();
        on_thread("a look at a Dockerfile", move || app.sheet(&wanted)).await
    }

    fn sheet(&self, wanted: &BuildLookRead) -> Result<BuildSheet, AppError> {
        let place = Place::find(Path::new(&wanted.path), wanted.file.as_deref().map(Path::new))?;
        let tree = Dockerfile::parse(&place.dockerfile.text);
        let file = place.file_shown();
        let before = self.last_build(&file, None)?;
        let known_tag = before.as_ref().and_then(|before| before.tags.first().cloned());
        let needs_run = tree.instructions.iter().any(|one| one.keyword == Some(Keyword::Run));
        Ok(BuildSheet {
            can_save: place.dockerfile.path.as_deref().is_some_and(is_writable),
            context: context(&place)?,
            stages: lines::stages(&tree),
            arguments: arguments(&tree),
            lines: lines::of(&tree),
            suggested_tag: known_tag.unwrap_or_else(|| place.suggested_tag()),
            problem: problem(&tree),
            can_run: !needs_run || self.inner.engine.can_run(),
            text: place.dockerfile.text,
            before,
            file,
        })
    }
}

fn context(place: &Place) -> Result<Option<ContextLook>, AppError> {
    match &place.context {
        ContextSource::Folder(folder) => {
            let dockerfile: Option<&PathBuf> = place.dockerfile.path.as_ref();
            Ok(Some(context_look::look(folder, dockerfile.map(PathBuf::as_path))?))
        }
        ContextSource::Archive(_) | ContextSource::Empty => Ok(None),
    }
}

/// Each argument where it is declared first.
fn arguments(tree: &Tree) -> Vec<DeclaredArgument> {
    let mut found: Vec<DeclaredArgument> = Vec::new();
    for instruction in tree.instructions.iter().filter(|one| one.keyword == Some(Keyword::Arg)) {
        let Arguments::Pairs(pairs) = &instruction.arguments else { continue };
        let before = &tree.text[..instruction.range.start];
        let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
        for pair in pairs {
            let default = pair.value.as_ref().map(|value| value.text.clone());
            match found.iter_mut().find(|known| known.name == pair.name.text) {
                Some(known) => known.default = known.default.take().or(default),
                None => {
                    found.push(DeclaredArgument { name: pair.name.text.clone(), default, line });
                }
            }
        }
    }
    found
}

/// The first thing that keeps the Dockerfile from being built.
fn problem(tree: &Tree) -> Option<UserError> {
    let found = tree.diagnostics.iter().find(|found| !found.is_warning)?;
    let error = BuildError::Dockerfile {
        line: found.line(&tree.text),
        message: found.problem.to_string(),
        suggestion: found.suggestion.clone(),
    };
    Some(crate::failure::of_build_error(&error))
}

fn is_writable(path: &Path) -> bool {
    std::fs::OpenOptions::new().append(true).open(path).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn arguments_are_told_once_with_the_first_default() {
        let text = "ARG V=1\nFROM a:$V\nARG V\nARG NAME\nARG NAME=x OTHER\n";
        let found = arguments(&Dockerfile::parse(text));
        let told: Vec<_> =
            found.iter().map(|one| (one.name.as_str(), one.default.as_deref(), one.line)).collect();
        assert_eq!(told, [("V", Some("1"), 1), ("NAME", Some("x"), 4), ("OTHER", None, 5)]);
    }

    #[test]
    fn what_keeps_a_dockerfile_from_being_built_is_told_with_its_line() {
        let error = problem(&Dockerfile::parse("FROM scratch\nRUNN x\n")).unwrap();
        assert_eq!(error.params.get("line").map(String::as_str), Some("2"));
        assert_eq!(error.params.get("suggestion").map(String::as_str), Some("RUN"));
        assert!(problem(&Dockerfile::parse("FROM scratch\nCOPY a /\n")).is_none());
    }
}

//! Which rules a file asks to be left out.

use std::collections::{HashMap, HashSet};

use super::Hint;
use crate::{PieceKind, Tree};

/// Rules by name in small letters; `all` for each of them.
#[derive(Debug, Default)]
struct Names(HashSet<String>);

impl Names {
    fn add(&mut self, list: &str) {
        self.0.extend(list.split(',').map(|name| name.trim().to_ascii_lowercase()));
    }

    fn have_all(&self) -> bool {
        self.0.contains("all")
    }

    fn have(&self, hint: &Hint) -> bool {
        let mut names = hint.rule.numbers.iter().chain([&hint.rule.id]);
        let has =
            !self.0.is_empty() && names.any(|name| self.0.contains(&name.to_ascii_lowercase()));
        has || self.have_all()
    }
}

/// What is skipped, in the whole file and before single instructions.
#[derive(Debug, Default)]
pub(super) struct Skips {
    everywhere: Names,
    experimental: Names,
    is_error: bool,
    /// By the index of an instruction.
    here: HashMap<usize, Names>,
    /// Where each instruction begins.
    starts: Vec<usize>,
}

impl Skips {
    /// Reads directives and comments; `check` stands in for the directive.
    pub fn of(tree: &Tree, check: Option<&str>) -> Self {
        let mut skips = Self::default();
        let directive = tree.directives.iter().find(|directive| directive.name == "check");
        let directive = directive.map(|directive| directive.value.as_str());
        for part in check.or(directive).unwrap_or_default().split(';') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "skip" => skips.everywhere.add(value),
                "experimental" => skips.experimental.add(value),
                "error" => skips.is_error = value.trim().eq_ignore_ascii_case("true"),
                _ => {}
            }
        }
        skips.comments(tree);
        skips.starts =
            tree.instructions.iter().map(|instruction| instruction.range.start).collect();
        skips
    }

    fn comments(&mut self, tree: &Tree) {
        let mut before = Names::default();
        for piece in &tree.pieces {
            match piece.kind {
                PieceKind::Comment => {
                    let text = tree.text.get(piece.range.clone()).unwrap_or_default();
                    let text = text.trim().trim_start_matches('#').trim_start();
                    if let Some(list) = text.strip_prefix("check=skip=") {
                        before.add(list.split(';').next().unwrap_or_default());
                    } else if let Some(list) = text.strip_prefix("hadolint global ignore=") {
                        self.everywhere.add(list);
                    } else if let Some(list) = text.strip_prefix("hadolint ignore=") {
                        before.add(list);
                    }
                }
                PieceKind::Instruction(index) => {
                    let names = std::mem::take(&mut before);
                    if !names.0.is_empty() {
                        self.here.insert(index, names);
                    }
                }
                PieceKind::Blank | PieceKind::Directive(_) => before = Names::default(),
            }
        }
    }

    pub fn skips_all(&self) -> bool {
        self.everywhere.have_all()
    }

    pub fn is_error(&self) -> bool {
        self.is_error
    }

    /// Whether an experimental rule is asked for.
    pub fn wants(&self, rule: &str) -> bool {
        let names = &self.experimental;
        names.have_all() || names.0.contains(&rule.to_ascii_lowercase())
    }

    pub fn skips(&self, hint: &Hint) -> bool {
        let after = self.starts.partition_point(|&start| start <= hint.range.start);
        let names = after.checked_sub(1).and_then(|index| self.here.get(&index));
        self.everywhere.have(hint) || names.is_some_and(|names| names.have(hint))
    }
}

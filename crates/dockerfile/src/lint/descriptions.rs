//! Comments that describe a build argument or a stage.

use super::rules::INVALID_DEFINITION_DESCRIPTION;
use super::{Edit, File, Found};
use crate::variables::declared;
use crate::{Instruction, Keyword, PieceKind};

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    let mut comment = None;
    for piece in &file.tree.pieces {
        match piece.kind {
            PieceKind::Comment => comment = Some(piece.range.clone()),
            PieceKind::Instruction(index) => {
                let names = described(file, index, &file.tree.instructions[index]);
                let Some(range) = comment.take().filter(|_| !names.is_empty()) else { continue };
                let text = file.text(&range);
                let words = text.trim_start().trim_start_matches('#').trim();
                let first = words.split_whitespace().next().unwrap_or_default();
                // A comment without words parts what stands above from the definition.
                if words.is_empty() || names.contains(&first) {
                    continue;
                }
                let at = range.start + (text.len() - text.trim_start().len());
                let end = range.start + text.trim_end().len();
                let hint = found.add(&INVALID_DEFINITION_DESCRIPTION, at..end, &[names[0]]);
                if let Some(start) = text.find(words) {
                    hint.edit(Edit::insert(range.start + start, format!("{} ", names[0])));
                }
            }
            PieceKind::Blank | PieceKind::Directive(_) => comment = None,
        }
    }
}

/// What an instruction defines: the names of build arguments, or of its stage.
fn described<'a>(file: &File<'a>, index: usize, instruction: &'a Instruction) -> Vec<&'a str> {
    match instruction.keyword {
        Some(Keyword::Arg) => declared(instruction).map(|(name, _)| name).collect(),
        Some(Keyword::From) => {
            let position = file.stages.all.partition_point(|stage| stage.from < index);
            let stage = file.stages.all.get(position).and_then(|stage| stage.name);
            stage.map(|name| name.text.as_str()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

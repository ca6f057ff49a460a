//! What a change that nobody has made yet would do.

use std::collections::BTreeMap;
use std::ops::Range;

use strata_build::{Base, Edit, HostError, Images, Plan, StepId, plan, what_if};
use strata_dockerfile::{Arguments, Dockerfile, Keyword, PieceKind, Tree};
use strata_spec::{Platform, Reference};
use strata_store::Store;

use super::job::BuildExtras;
use super::{lines, outside};
use crate::api::{BuildView, UserError, WhatIf, WhatIfAnswer, WhatIfRead};
use crate::app::{App, on_thread};
use crate::error::AppError;
use crate::stored_image::StoredImage;

impl App {
    /// Which lines a change would make anew. Nothing is built, pulled or kept.
    ///
    /// # Errors
    /// If the Dockerfile cannot be read, or a base is not in the store.
    pub async fn build_what_if(&self, wanted: WhatIfRead) -> Result<WhatIfAnswer, UserError> {
        let app = self.clone();
        on_thread("what a change would do", move || app.would(&wanted)).await
    }

    fn would(&self, wanted: &WhatIfRead) -> Result<WhatIfAnswer, AppError> {
        let prepared = self.prepare(&wanted.build, BuildExtras::default())?;
        let (request, mut view) = (prepared.request, prepared.view);
        let known = Known { store: &self.inner.store };
        let plan = plan(&request.dockerfile, &request.options, &known)?;
        let places = lines::planned(&mut view.lines, &plan);
        let tree = Dockerfile::parse(&request.dockerfile.text);
        let edits = edits(&wanted.change, &plan, &places, &tree);
        let mut anew: Vec<usize> = edits
            .iter()
            .flat_map(|edit| what_if(&plan, edit))
            .filter_map(|step| places.get(&step).copied())
            .collect();
        anew.sort_unstable();
        anew.dedup();
        Ok(WhatIfAnswer {
            text: moved(&wanted.change, &tree),
            milliseconds: anew.iter().map(|at| last_time(&view, *at)).sum(),
            anew: anew.into_iter().filter_map(|at| u32::try_from(at).ok()).collect(),
        })
    }
}

/// Only what is in the store.
struct Known<'a> {
    store: &'a Store,
}

impl Images for Known<'_> {
    fn image(&self, reference: &Reference, platform: &Platform) -> Result<Base, HostError> {
        StoredImage::find(self.store, &reference.to_string(), Some(platform))
            .map(outside::base)
            .map_err(HostError::new)
    }
}

/// The change as the builder knows it.
fn edits(change: &WhatIf, plan: &Plan, places: &BTreeMap<StepId, usize>, tree: &Tree) -> Vec<Edit> {
    let step = |place: u32| places.iter().find(|(_, at)| **at == place as usize).map(|(id, _)| *id);
    match change {
        WhatIf::Edited { path } => vec![Edit::File(path.clone())],
        WhatIf::Moved { from, before } => {
            // The place that it takes is that of the one before it stood, seen from the side it comes from.
            let to = if from < before { before.saturating_sub(1) } else { *before };
            let moved = step(*from).zip(step(to));
            moved.map(|(step, to)| Edit::Moved { step, to }).into_iter().collect()
        }
        // An argument is seen by the commands after it, and by whatever names it.
        WhatIf::Argument { name } => {
            let declared = places.iter().find(|(_, at)| {
                let instruction = tree.instructions.get(**at);
                instruction.is_some_and(|one| declares(&one.arguments, one.keyword, name))
            });
            let first = declared.map(|(id, _)| *id);
            let stage = first.and_then(|id| plan.steps.get(id.0)).map(|step| step.stage);
            let after = plan.steps.iter().filter(|step| {
                Some(step.stage) == stage
                    && Some(step.id) > first
                    && (step.keyword == Keyword::Run || step.text.contains(name.as_str()))
            });
            after.map(|step| Edit::Step(step.id)).collect()
        }
    }
}

fn declares(arguments: &Arguments, keyword: Option<Keyword>, name: &str) -> bool {
    keyword == Some(Keyword::Arg)
        && matches!(arguments, Arguments::Pairs(pairs) if pairs.iter().any(|one| one.name.text == name))
}

/// The text after an instruction was moved, with the comments that stand right above it.
fn moved(change: &WhatIf, tree: &Tree) -> Option<String> {
    let WhatIf::Moved { from, before } = change else { return None };
    let taken = piece(tree, *from)?;
    let to = match piece(tree, *before) {
        Some(range) => range.start,
        None => tree.text.len(),
    };
    if taken.contains(&to) {
        return None;
    }
    let mut line = tree.text[taken.clone()].to_owned();
    if !line.ends_with('\n') {
        line.push('\n');
    }
    let (first, second) = (taken.start.min(to), taken.start.max(to));
    let mut text = tree.text[..first].to_owned();
    if to < taken.start {
        text.push_str(&line);
        text.push_str(&tree.text[to..taken.start]);
        text.push_str(&tree.text[taken.end..]);
    } else {
        text.push_str(&tree.text[taken.end..second]);
        text.push_str(&line);
        text.push_str(&tree.text[second..]);
    }
    Some(text)
}

fn piece(tree: &Tree, instruction: u32) -> Option<Range<usize>> {
    let is_it = |kind| kind == PieceKind::Instruction(instruction as usize);
    tree.pieces.iter().find(|piece| is_it(piece.kind)).map(|piece| piece.range.clone())
}

/// How long a line took when it was made last.
fn last_time(view: &BuildView, at: usize) -> u64 {
    let Some(line) = view.lines.get(at) else { return 0 };
    let before = view.before.iter().flat_map(|before| &before.lines);
    before.filter(|past| past.text == line.text).map(|past| past.milliseconds).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "FROM scratch\n# why\nCOPY a /\nCOPY b /\nCOPY c /";

    fn after(from: u32, before: u32) -> Option<String> {
        moved(&WhatIf::Moved { from, before }, &Dockerfile::parse(FILE))
    }

    #[test]
    fn an_instruction_is_moved_up_down_and_to_the_end_and_nothing_is_lost() {
        let up = after(3, 1);
        assert_eq!(up.as_deref(), Some("FROM scratch\n# why\nCOPY c /\nCOPY a /\nCOPY b /\n"));
        let down = after(1, 3);
        assert_eq!(down.as_deref(), Some("FROM scratch\n# why\nCOPY b /\nCOPY a /\nCOPY c /"));
        assert_eq!(after(1, 1), None);
        assert_eq!(after(9, 1), None);
    }
}

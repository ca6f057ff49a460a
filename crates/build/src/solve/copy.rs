//! `COPY`, `ADD` and `WORKDIR`: layers that are written without running anything.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use strata_layer::{EntryKind, LayerError};

use super::key::{Parts, chain, copy_parts, files_digest, files_list};
use super::session::Session;
use super::sources::{Remote, spooled};
use super::step::{Lookup, Outcome};
use crate::context::Context;
use crate::files::{
    FileSet, Layout, Owner, Selected, StackFiles, Top, TopSet, owner_of, select, shown, unpacked,
    write_entries,
};
use crate::plan::{CopyOp, CopySource, Origin, PlannedStep, WorkdirOp};
use crate::{BuildError, StoredLayer};

/// The files that an instruction takes from.
pub(super) enum Files {
    Context(Arc<Context>),
    Stack(Arc<StackFiles>),
    None,
}

impl Files {
    pub fn set(&self) -> Option<&dyn FileSet> {
        match self {
            Self::Context(context) => context.files.as_deref(),
            Self::Stack(stack) => Some(&**stack),
            Self::None => None,
        }
    }
}

impl Session<'_> {
    /// The files of an origin.
    pub fn files_of(&self, origin: &Origin, layers: &[StoredLayer]) -> Result<Files, BuildError> {
        match origin {
            Origin::Files(id) => Ok(Files::Context(self.context(id)?)),
            Origin::Stage(_) | Origin::Image(_) => Ok(Files::Stack(self.stack(layers)?)),
            Origin::Scratch => Ok(Files::None),
        }
    }

    pub fn copy(
        &self,
        step: &PlannedStep,
        op: &CopyOp,
        base: &[StoredLayer],
    ) -> Result<Outcome, BuildError> {
        let from_layers = self.layers_of(&op.from);
        let takes_paths = op.sources.iter().any(|source| matches!(source, CopySource::Path(_)));
        let mut parts = Parts::new("copy", self, step);
        copy_parts(&mut parts, op, base);
        let cheap =
            (matches!(op.from, Origin::Stage(_) | Origin::Image(_)) && takes_paths).then(|| {
                let mut cheap = parts.clone();
                cheap.add("base", format!("from {}", chain(&from_layers)));
                cheap
            });
        let selected: OnceCell<(Files, Selected)> = OnceCell::new();
        let whole = || {
            let files = match takes_paths {
                true => self.files_of(&op.from, &from_layers)?,
                false => Files::None,
            };
            let found = self.selected(step, op, &files)?;
            let mut parts = parts.clone();
            parts.add("files", files_digest(&found));
            selected.set((files, found)).ok();
            Ok(parts)
        };
        let list = || selected.get().map_or_else(Vec::new, |(_, found)| files_list(found));
        let make = || match selected.get() {
            Some((files, found)) => self.made_copy(step, op, base, (files, found)),
            None => Err(BuildError::Worker),
        };
        self.looked_up(step, base, &Lookup { cheap, whole: &whole, files: &list }, &make)
    }

    fn selected(
        &self,
        step: &PlannedStep,
        op: &CopyOp,
        files: &Files,
    ) -> Result<Selected, BuildError> {
        let remote = Remote { session: self, line: step.line, checksum: op.checksum.as_deref() };
        let ignored = |path: &str| match files {
            Files::Context(context) => context.rules.keeping_out(path),
            _ => None,
        };
        select(op, step.line, files.set(), &remote, &ignored, &self.stop)
    }

    fn made_copy(
        &self,
        step: &PlannedStep,
        op: &CopyOp,
        base: &[StoredLayer],
        (files, found): (&Files, &Selected),
    ) -> Result<Option<StoredLayer>, BuildError> {
        let base = if op.is_link { &[] } else { base };
        let stack = self.stack(base)?;
        let owner = op.chown.as_ref().map(|text| owner_of(text, &stack, step.line, &self.stop));
        let mut layout = Layout {
            stack: (!op.is_link).then_some(&*stack),
            owner: owner.transpose()?,
            chmod: op.chmod.as_ref(),
            now: self.now(),
            epoch: self.epoch,
            line: step.line,
            planned: BTreeMap::new(),
        };
        for top in &found.tops {
            self.stop.check()?;
            if !(top.unpacks && self.unpack(&mut layout, top, files, &op.destination)?) {
                layout.put(top, &op.destination)?;
            }
        }
        self.written(layout, files.set())
    }

    /// Unpacks an archive; says whether it is one.
    fn unpack(
        &self,
        layout: &mut Layout<'_>,
        top: &Top,
        files: &Files,
        destination: &str,
    ) -> Result<bool, BuildError> {
        let set: &dyn FileSet = match (&top.set, files.set()) {
            (TopSet::Other(set), _) => &**set,
            (TopSet::Main, Some(set)) => set,
            _ => return Ok(false),
        };
        if top.entry.kind != EntryKind::File {
            return Ok(false);
        }
        let name = shown(&top.name);
        let scratch = || self.store.scratch();
        let mut packed = None;
        set.read(
            &[&top.entry],
            &mut |_, content| {
                let failed = |source| {
                    let path = name.clone();
                    BuildError::Archive { path, source: LayerError::Source { source } }
                };
                packed = Some(spooled(content, &scratch).map_err(failed)?);
                Ok(())
            },
            &self.stop,
        )?;
        let Some(mut packed) = packed else { return Ok(false) };
        let Some(found) = unpacked(&name, &mut packed, &scratch)? else { return Ok(false) };
        layout.unpack(found, destination)?;
        Ok(true)
    }

    /// Writes what is planned; none if it is nothing.
    fn written(
        &self,
        layout: Layout<'_>,
        main: Option<&dyn FileSet>,
    ) -> Result<Option<StoredLayer>, BuildError> {
        if layout.planned.is_empty() {
            return Ok(None);
        }
        let planned = layout.finish();
        let packing = self.request.options.packing;
        let made = write_entries(self.store, packing, &planned, main, &self.stop)?;
        Ok(Some(StoredLayer::from(made)))
    }

    pub fn workdir(
        &self,
        step: &PlannedStep,
        op: &WorkdirOp,
        base: &[StoredLayer],
    ) -> Result<Outcome, BuildError> {
        let mut parts = Parts::new("folder", self, step);
        parts.add("destination", op.path.clone());
        parts.add("base", chain(base));
        parts.add("user", op.user.clone());
        let whole = || Ok(parts.clone());
        let make = || {
            let stack = self.stack(base)?;
            let owner = match op.user.as_str() {
                "" => Owner::default(),
                user => owner_of(user, &stack, step.line, &self.stop)?,
            };
            let mut layout = Layout {
                stack: Some(&stack),
                owner: Some(owner),
                chmod: None,
                now: self.now(),
                epoch: self.epoch,
                line: step.line,
                planned: BTreeMap::new(),
            };
            let path = layout.resolve(op.path.as_bytes())?;
            layout.make_folder(&path)?;
            self.written(layout, None)
        };
        self.looked_up(step, base, &Lookup { cheap: None, whole: &whole, files: &Vec::new }, &make)
    }
}

//! Planned entries become a layer.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use strata_layer::{EntryKind, NewEntry, Packing, TarWriter, WriteError};
use strata_store::Store;
use strata_transfer::{MadeLayer, make_layer};

use super::layout::{Content, Planned};
use super::select::TopSet;
use super::unpack::Piece;
use super::{FileSet, SourceEntry};
use crate::{BuildError, Stop};

/// Writes a layer: folders and links in the order of their paths, then the files of each set in whichever order is
/// cheapest to read. The order depends on nothing but what is copied.
pub(crate) fn write_entries(
    store: &Store,
    packing: Packing,
    planned: &[Planned],
    main: Option<&dyn FileSet>,
    stop: &Stop,
) -> Result<MadeLayer, BuildError> {
    let (made, ()) = make_layer(store, packing, |out| -> Result<(), BuildError> {
        let mut tar = TarWriter::new(out);
        let mut groups: BTreeMap<usize, Vec<(&NewEntry, &SourceEntry)>> = BTreeMap::new();
        let mut sets: Vec<&dyn FileSet> = Vec::new();
        for one in planned {
            stop.check()?;
            match &one.content {
                Content::None => tar.append_empty(&one.entry)?,
                Content::Piece { file, offset } => {
                    let mut piece = Piece::new(file.clone(), *offset, one.entry.size);
                    tar.append(&one.entry, &mut piece)?;
                }
                Content::Of(TopSet::Body(bytes), _) => {
                    tar.append(&one.entry, &mut Cursor::new(bytes))?;
                }
                Content::Of(set, source) => {
                    let set: &dyn FileSet = match (set, main) {
                        (TopSet::Other(set), _) => &**set,
                        (_, Some(main)) => main,
                        (_, None) => continue,
                    };
                    let same = |known: &&dyn FileSet| std::ptr::addr_eq(*known, set);
                    let at = sets.iter().position(same).unwrap_or_else(|| {
                        sets.push(set);
                        sets.len() - 1
                    });
                    groups.entry(at).or_default().push((&one.entry, source));
                }
            }
        }
        for (at, group) in groups {
            write_group(&mut tar, sets[at], &group, stop)?;
        }
        tar.finish()?;
        Ok(())
    })?;
    Ok(made)
}

fn write_group<W: Write>(
    tar: &mut TarWriter<W>,
    set: &dyn FileSet,
    group: &[(&NewEntry, &SourceEntry)],
    stop: &Stop,
) -> Result<(), BuildError> {
    let sources: Vec<&SourceEntry> = group.iter().map(|(_, source)| *source).collect();
    let mut take = |number: usize, content: &mut dyn Read| -> Result<(), BuildError> {
        debug_assert_eq!(group[number].0.kind, EntryKind::File);
        Ok(tar.append(group[number].0, content)?)
    };
    set.read(&sources, &mut take, stop)
}

impl From<WriteError> for BuildError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Changed { path, .. } => Self::Changed { path },
            other => Self::Write(other),
        }
    }
}

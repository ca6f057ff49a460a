//! The files of a stage or image: layers on each other, read through their trees. Nothing is unpacked.

use std::collections::BTreeMap;
use std::sync::Arc;

use strata_layer::{Checkpoints, EntryKind, FingerprintKey, Limits};
use strata_store::{Mapped, Store};
use strata_tree::{Listing, Row, Tree, TreeBuilder};

use super::listed::follow;
use super::spool::{Range, hand_out};
use super::{FileSet, SourceEntry, Take, shown};
use crate::{BuildError, Stop, StoredLayer};

/// The files of some layers.
pub(crate) struct StackFiles {
    store: Store,
    layers: Vec<StoredLayer>,
    /// None if there is no layer.
    listing: Option<Listing<Mapped>>,
    trees: Arc<[Tree<Mapped>]>,
    key: FingerprintKey,
}

impl StackFiles {
    /// Lays layers on each other, the lowest first.
    pub fn open(store: &Store, layers: &[StoredLayer]) -> Result<Self, BuildError> {
        let key = FingerprintKey(store.fingerprint_key()?);
        let trees = layers.iter().map(|layer| tree(store, layer, key));
        let trees: Arc<[Tree<Mapped>]> = trees.collect::<Result<Vec<_>, _>>()?.into();
        let top = trees.len().checked_sub(1);
        let listing = top.map(|top| Listing::up_to(Arc::clone(&trees), top)).transpose()?;
        Ok(Self { store: store.clone(), layers: layers.to_vec(), listing, trees, key })
    }

    /// What is at exactly this path.
    pub fn find(&self, path: &[u8]) -> Option<SourceEntry> {
        if path.is_empty() {
            return Some(self.root());
        }
        let id = self.listing.as_ref()?.find(path)?;
        self.entry(id as usize, path.to_vec())
    }

    /// The root as the topmost layer that names it has it.
    fn root(&self) -> SourceEntry {
        let named = self.trees.iter().rev().map(|tree| tree.node(Tree::<Mapped>::ROOT));
        let mut root = SourceEntry::root();
        if let Some(node) = named.into_iter().find(|node| !node.is_implied()) {
            let attributes = node.attributes();
            (root.mode, root.uid, root.gid) = (attributes.mode, attributes.uid, attributes.gid);
            root.modified = attributes.modified;
            root.xattrs = owned(node.xattrs());
        }
        root
    }

    /// The entry of a row. All rows are there in the order of their names, so that a row's place is its id.
    fn entry(&self, place: usize, path: Vec<u8>) -> Option<SourceEntry> {
        let listing = self.listing.as_ref()?;
        let row: Row<'_> = listing.row(place)?;
        let tree = self.trees.get(row.layer)?;
        let node = tree.node(row.node);
        let mut entry = SourceEntry {
            path,
            kind: row.kind,
            mode: row.attributes.mode,
            uid: row.attributes.uid,
            gid: row.attributes.gid,
            size: node.size(),
            modified: row.attributes.modified,
            link: row.link.to_vec(),
            device: row.device,
            xattrs: owned(listing.xattrs(row.id)),
            fingerprint: None,
            at: place,
        };
        if matches!(row.kind, EntryKind::File | EntryKind::Hardlink)
            && let Some(content) = tree.content_of(row.node)
        {
            let content = tree.node(content);
            entry.kind = EntryKind::File;
            entry.size = content.size();
            entry.link.clear();
            entry.fingerprint = Some(content.fingerprint());
        }
        Some(entry)
    }

    /// Where the bytes of an entry stand: the layer, and the offset in its tar.
    fn place(&self, entry: &SourceEntry) -> Option<(usize, u64)> {
        let row = self.listing.as_ref()?.row(entry.at)?;
        let tree = self.trees.get(row.layer)?;
        let content = tree.node(tree.content_of(row.node)?);
        (!content.is_sparse()).then(|| (row.layer, content.offset()))
    }

    /// A whole small file, links followed.
    pub fn text(
        &self,
        path: &[u8],
        max_bytes: u64,
        stop: &Stop,
    ) -> Result<Option<Vec<u8>>, BuildError> {
        let Some(entry) = self.follow(path) else { return Ok(None) };
        if entry.kind != EntryKind::File || entry.size > max_bytes {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        self.read(
            &[&entry],
            &mut |_, content| {
                content.read_to_end(&mut bytes).map(|_| ()).map_err(|source| BuildError::File {
                    doing: "read",
                    path: shown(path).into(),
                    source,
                })
            },
            stop,
        )?;
        Ok(Some(bytes))
    }

    /// Hands out the files of one layer.
    fn read_layer(
        &self,
        layer: usize,
        ranges: Vec<Range>,
        entries: &[&SourceEntry],
        take: Take<'_>,
        stop: &Stop,
    ) -> Result<(), BuildError> {
        let stored = &self.layers[layer];
        let file = self.store.open_blob(&stored.digest)?;
        let known = self.store.checkpoints(&stored.digest);
        let known = known.and_then(|known| Checkpoints::decode(&known, stored.size_bytes));
        let mut checkpoints = known.unwrap_or_default();
        let mut checked = |number: usize, content: &mut dyn std::io::Read| {
            let mut content = Checked { content, made: self.key.begin() };
            take(number, &mut content)?;
            let made = content.made.finish();
            match entries[number].fingerprint {
                Some(expected) if expected != made => {
                    Err(BuildError::Changed { path: shown(&entries[number].path) })
                }
                _ => Ok(()),
            }
        };
        hand_out(
            ranges,
            (
                &mut |ranges, each| {
                    strata_layer::read_ranges_from(&file, &mut checkpoints, ranges, each)
                },
                &|| self.store.scratch(),
            ),
            &mut checked,
            stop,
        )
    }
}

/// A content whose fingerprint is made while it is read.
struct Checked<'a> {
    content: &'a mut dyn std::io::Read,
    made: strata_layer::Fingerprinting,
}

impl std::io::Read for Checked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.content.read(buffer)?;
        self.made.update(&buffer[..read]);
        Ok(read)
    }
}

fn owned(xattrs: Vec<(&[u8], &[u8])>) -> Vec<(Vec<u8>, Vec<u8>)> {
    xattrs.into_iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect()
}

/// The tree of a layer; it is made anew if it is missing or damaged.
fn tree(
    store: &Store,
    layer: &StoredLayer,
    key: FingerprintKey,
) -> Result<Tree<Mapped>, BuildError> {
    let kept = store.tree(&layer.diff_id)?.and_then(|mapped| Tree::open(mapped).ok());
    if let Some(tree) = kept.filter(|tree| tree.is_of(&layer.diff_id, &key)) {
        return Ok(tree);
    }
    let mut builder = TreeBuilder::new().keyed(key);
    let scanned =
        strata_layer::scan(store.open_blob(&layer.digest)?, &Limits::default(), &mut builder)?;
    if scanned.diff_id != layer.diff_id {
        let reason = "its plain tar has another digest";
        return Err(
            strata_store::StoreError::Damaged { digest: layer.digest.clone(), reason }.into()
        );
    }
    let bytes = builder.finish(&scanned.diff_id)?;
    let file = store.take_tree::<BuildError>(|out| {
        let path = store.folder().to_owned();
        out.write_all(&bytes).map_err(|source| BuildError::File { doing: "write", path, source })
    })?;
    store.keep_tree(&layer.diff_id, file)?;
    let unknown = || strata_store::StoreError::BlobUnknown { digest: layer.digest.clone() };
    Ok(Tree::open(store.tree(&layer.diff_id)?.ok_or_else(unknown)?)?)
}

impl FileSet for StackFiles {
    fn follow(&self, path: &[u8]) -> Option<SourceEntry> {
        follow(path, &|path| self.find(path))
    }

    fn below(&self, folder: &[u8]) -> Vec<SourceEntry> {
        let Some(listing) = &self.listing else { return Vec::new() };
        let (mut place, depth) = match folder {
            b"" => (0, 0),
            _ => {
                let Some(id) = listing.find(folder) else { return Vec::new() };
                let Some(row) = listing.row(id as usize) else { return Vec::new() };
                (id as usize + 1, row.depth + 1)
            }
        };
        let mut found = Vec::new();
        let mut names: Vec<Vec<u8>> = Vec::new();
        while let Some(row) = listing.row(place).filter(|row| row.depth >= depth) {
            names.truncate(row.depth - depth);
            names.push(row.name.to_vec());
            let path = super::join(folder, &names.join(&b'/'));
            found.extend(self.entry(place, path));
            place += 1;
        }
        found
    }

    fn read(
        &self,
        entries: &[&SourceEntry],
        take: Take<'_>,
        stop: &Stop,
    ) -> Result<(), BuildError> {
        let mut by_layer: BTreeMap<usize, Vec<Range>> = BTreeMap::new();
        for (number, entry) in entries.iter().enumerate() {
            let Some((layer, offset)) = self.place(entry) else {
                return Err(BuildError::Layer(strata_layer::LayerError::Cut {
                    subject: format!("`{}`", shown(&entry.path)),
                }));
            };
            let range = Range { number, offset, size: entry.size };
            by_layer.entry(layer).or_default().push(range);
        }
        for (layer, ranges) in by_layer {
            stop.check()?;
            self.read_layer(layer, ranges, entries, take, stop)?;
        }
        Ok(())
    }
}

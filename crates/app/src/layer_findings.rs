//! What is in the files of one stored layer, found in one pass over it and kept.

use std::io::{Cursor, Write};

use strata_inspect::{FORMAT, LayerFindings, LayerInspector, Want};
use strata_layer::EntryKind;
use strata_spec::Digest;
use strata_store::Mapped;
use strata_tree::{NodeId, Tree};

use crate::app::Inner;
use crate::error::AppError;
use crate::packed_layer::open_layer;
use crate::stored_image::StoredImage;

/// A file up to this size is looked into in memory; a larger one lies in a file without a name meanwhile.
const IN_MEMORY: u64 = 8 << 20;

/// A file that something is wanted of.
struct Wanted {
    path: Vec<u8>,
    mode: u32,
    size: u64,
    /// Where its content begins in the plain tar.
    offset: u64,
}

impl Inner {
    /// What is in the files of a layer (from 0). `progress` is told how many plain bytes of the wanted ones were read, and
    /// answers whether to go on.
    pub(crate) fn layer_findings(
        &self,
        image: &StoredImage,
        layer: usize,
        progress: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Option<LayerFindings>, AppError> {
        let manifest = &image.record.manifest;
        let diff_id = image.config.diff_ids().get(layer);
        let kept = diff_id.and_then(|diff_id| self.store.findings(diff_id, FORMAT));
        if let Some(found) = kept.and_then(|kept| serde_json::from_slice(&kept).ok()) {
            return Ok(Some(found));
        }
        let trees = self.listings.trees(&self.store, manifest)?;
        let Some(found) = self.look_into(manifest, layer, &trees[layer], progress)? else {
            return Ok(None);
        };
        if let Some(diff_id) = diff_id
            && let Ok(bytes) = serde_json::to_vec(&found)
            && let Err(error) = self.store.keep_findings(diff_id, FORMAT, &bytes)
        {
            // It can be found again.
            tracing::warn!(%error, "what was found in a layer is not kept");
        }
        Ok(Some(found))
    }

    fn look_into(
        &self,
        manifest: &Digest,
        layer: usize,
        tree: &Tree<Mapped>,
        progress: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Option<LayerFindings>, AppError> {
        let mut inspector = LayerInspector::new();
        let mut files = files(tree);
        files.sort_by_key(|file| file.offset);
        let mut packed = open_layer(&self.store, manifest, layer)?;
        // Asked once for what has content, so that the layer is read in one pass: the inspector is asked again when the
        // bytes are at hand.
        let mut probe = LayerInspector::new();
        let most = |inspector: &mut LayerInspector, file: &Wanted| match inspector
            .wants(&file.path, true, file.mode, file.size)
        {
            Want::Nothing => 0,
            Want::Head { most_bytes } | Want::Whole { most_bytes } => most_bytes.min(file.size),
        };
        let (empty, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.size == 0);
        for file in &empty {
            inspector.wants(&file.path, true, file.mode, 0);
        }
        let wanted: Vec<(Wanted, u64)> = rest
            .into_iter()
            .map(|file| {
                let most = most(&mut probe, &file);
                (file, most)
            })
            .filter(|(_, most)| *most > 0)
            .collect();
        let ranges: Vec<(u64, u64)> =
            wanted.iter().map(|(file, most)| (file.offset, *most)).collect();
        let mut at = Looking { inner: self, inspector, held: Held::Memory(Vec::new()), done: 0 };
        let mut is_stopped = false;
        let mut given = 0;
        let read = packed.read(&ranges, &mut |number, bytes| {
            let (file, most) = &wanted[number];
            if given == 0 {
                at.begin(*most)?;
            }
            at.held.write(bytes)?;
            given += bytes.len() as u64;
            at.done += bytes.len() as u64;
            if given >= *most {
                given = 0;
                at.end(file)?;
            }
            if !progress(at.done) {
                is_stopped = true;
                return Err(std::io::ErrorKind::Interrupted.into());
            }
            Ok(())
        });
        match read {
            _ if is_stopped => Ok(None),
            Ok(()) => Ok(Some(at.inspector.finish())),
            Err(source) => Err(packed.damaged(source).into()),
        }
    }
}

/// The bytes of a file that is looked into.
enum Held {
    Memory(Vec<u8>),
    File(std::fs::File),
}

impl Held {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Memory(held) => held.write_all(bytes),
            Self::File(file) => file.write_all(bytes),
        }
    }
}

struct Looking<'a> {
    inner: &'a Inner,
    inspector: LayerInspector,
    held: Held,
    done: u64,
}

impl Looking<'_> {
    fn begin(&mut self, size: u64) -> std::io::Result<()> {
        self.held = if size > IN_MEMORY {
            Held::File(self.inner.store.scratch()?)
        } else {
            Held::Memory(Vec::new())
        };
        Ok(())
    }

    fn end(&mut self, file: &Wanted) -> std::io::Result<()> {
        self.inspector.wants(&file.path, true, file.mode, file.size);
        match &mut self.held {
            Held::Memory(held) => {
                self.inspector.take(&file.path, &mut Cursor::new(&held[..]), file.size);
            }
            Held::File(held) => self.inspector.take(&file.path, held, file.size),
        }
        Ok(())
    }
}

/// All plain files of a layer.
fn files(tree: &Tree<Mapped>) -> Vec<Wanted> {
    let mut found = Vec::new();
    for at in 0..u32::try_from(tree.len()).unwrap_or(u32::MAX) {
        let node = tree.node(NodeId(at));
        if node.kind() != EntryKind::File || node.is_deleted() || node.is_sparse() {
            continue;
        }
        found.push(Wanted {
            path: tree.path(NodeId(at)),
            mode: node.attributes().mode,
            size: node.size(),
            offset: node.offset(),
        });
    }
    found
}

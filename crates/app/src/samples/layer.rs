//! Writing the layer of a sample: tar, gzip, both digests, and the store, in one pass.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use strata_spec::{Algorithm, Digest, Hasher};
use strata_store::{Ready, Store, UnnamedIngest};
use tar::{Builder, EntryType, Header};

use super::recipe::{CREATED_SECONDS, Content, SampleFile};
use crate::error::AppError;

/// A layer in the store, not yet visible.
pub(super) struct Written {
    pub ready: Ready,
    pub digest: Digest,
    pub size: u64,
    pub diff_id: Digest,
}

/// Writes a layer with these files and the folders that lead to them.
pub(super) fn write(
    store: &Store,
    files: &[SampleFile],
    failed: &dyn Fn(io::Error) -> AppError,
) -> Result<Written, AppError> {
    let packed = Packed {
        ingest: store.ingest_unnamed()?,
        hasher: Hasher::new(Algorithm::Sha256),
        size: 0,
        refused: None,
    };
    let plain = Plain {
        out: GzEncoder::new(packed, Compression::new(6)),
        hasher: Hasher::new(Algorithm::Sha256),
    };
    let mut tar = Builder::new(plain);
    let mut folders = BTreeSet::new();
    for file in files {
        append(&mut tar, &mut folders, file).map_err(failed)?;
    }
    let plain = tar.into_inner().map_err(failed)?;
    let diff_id = plain.hasher.finish();
    let packed = plain.out.finish().map_err(failed)?;
    if let Some(refused) = packed.refused {
        return Err(refused.into());
    }
    let digest = packed.hasher.finish();
    let ready = packed.ingest.finish(&digest)?;
    Ok(Written { ready, digest, size: packed.size, diff_id })
}

fn append<W: Write>(
    tar: &mut Builder<W>,
    folders: &mut BTreeSet<String>,
    file: &SampleFile,
) -> io::Result<()> {
    let path = file.path.as_ref();
    for (end, _) in path.match_indices('/') {
        let folder = &path[..=end];
        if folders.insert(folder.to_owned()) {
            let mut header = header(EntryType::Directory, 0o755, 0);
            tar.append_data(&mut header, folder, io::empty())?;
        }
    }
    match &file.content {
        Content::Bytes(bytes) => {
            let mut header = header(EntryType::Regular, file.mode, bytes.len() as u64);
            tar.append_data(&mut header, path, bytes.as_ref())
        }
        Content::Copy(source) => {
            let source = File::open(source)?;
            let mut header = header(EntryType::Regular, file.mode, source.metadata()?.len());
            tar.append_data(&mut header, path, source)
        }
    }
}

fn header(kind: EntryType, mode: u32, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(CREATED_SECONDS);
    header.set_size(size);
    header
}

/// The plain tar: hashed on its way into the compressor.
struct Plain {
    out: GzEncoder<Packed>,
    hasher: Hasher,
}

impl Write for Plain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The compressed bytes: hashed on their way into the store.
struct Packed {
    ingest: UnnamedIngest,
    hasher: Hasher,
    size: u64,
    /// What the store said, which is more than an I/O error can carry.
    refused: Option<strata_store::StoreError>,
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.refused.is_none() {
            self.refused = self.ingest.append(bytes).err();
        }
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! Reading the table of contents that a layer carries, where it carries one: a small part of its bytes.

use strata_layer::{
    ESTARGZ_FOOTER_BYTES, Limits, MAX_TOC_BYTES, estargz_toc, estargz_toc_offset, read_toc,
    zstd_chunked_toc,
};
use strata_remote::Client;
use strata_spec::{Digest, Reference};
use strata_transfer::PlannedLayer;
use strata_tree::TreeBuilder;

use crate::api::PeekSource;

/// Holds the digest of an eStargz layer's table, unpacked.
const ESTARGZ_DIGEST: &str = "containerd.io/snapshot/stargz/toc.digest";
/// Where the table of a zstd:chunked layer is: `offset:length:unpacked length:kind`.
const ZSTD_POSITION: &str = "io.github.containers.zstd-chunked.manifest-position";
/// Holds the digest of that table, packed.
const ZSTD_DIGEST: &str = "io.github.containers.zstd-chunked.manifest-checksum";

/// A layer's tree by its own table of contents.
pub(crate) struct ByTable {
    /// The tree.
    pub tree: Vec<u8>,
    /// Whether the manifest vouches for the table.
    pub source: PeekSource,
    /// Bytes that came for it.
    pub downloaded_bytes: u64,
}

/// Reads a layer's table of contents. `None` where there is none, where it is not what the manifest says, or where the
/// registry gives no parts of blobs: then the layer itself has to be read.
pub(crate) async fn read_table(
    client: &Client,
    reference: &Reference,
    planned: &PlannedLayer,
) -> Option<ByTable> {
    let said = &planned.descriptor.annotations;
    let size = planned.descriptor.size;
    let (table, checked, downloaded_bytes) = if let Some(digest) = said.get(ESTARGZ_DIGEST) {
        let at = size.checked_sub(ESTARGZ_FOOTER_BYTES)?;
        let footer = end_of(client, reference, planned, at).await?;
        let at = estargz_toc_offset(&footer)?;
        let packed = end_of(client, reference, planned, at).await?;
        let came = (footer.len() + packed.len()) as u64;
        let table = unpacked(move || estargz_toc(&packed)).await?;
        (is(digest, &table)?.then_some(table)?, true, came)
    } else {
        let position: Vec<u64> =
            said.get(ZSTD_POSITION)?.split(':').map_while(|part| part.parse().ok()).collect();
        let &[at, length, _, 1] = position.as_slice() else { return None };
        let mut packed = end_of(client, reference, planned, at).await?;
        let came = packed.len() as u64;
        packed.truncate(usize::try_from(length).ok()?);
        let checked = match said.get(ZSTD_DIGEST) {
            Some(digest) => is(digest, &packed)?.then_some(true)?,
            None => false,
        };
        (unpacked(move || zstd_chunked_toc(&packed)).await?, checked, came)
    };
    let diff_id = planned.diff_id.clone();
    let tree = tokio::task::spawn_blocking(move || {
        let mut builder = TreeBuilder::new();
        read_toc(&table, &Limits::default(), &mut builder).ok()?;
        builder.finish(&diff_id).ok()
    });
    let source = if checked { PeekSource::TableOfContents } else { PeekSource::UncheckedTable };
    Some(ByTable { tree: tree.await.ok()??, source, downloaded_bytes })
}

/// Whether bytes have a digest; `None` if the text is none.
fn is(digest: &str, bytes: &[u8]) -> Option<bool> {
    let digest = Digest::parse(digest).ok()?;
    Some(Digest::of(digest.algorithm(), bytes) == digest)
}

async fn unpacked(
    unpack: impl FnOnce() -> std::io::Result<Vec<u8>> + Send + 'static,
) -> Option<Vec<u8>> {
    tokio::task::spawn_blocking(unpack).await.ok()?.ok()
}

/// A layer's bytes from `at` to its end, which are not more than a table may have.
async fn end_of(
    client: &Client,
    reference: &Reference,
    planned: &PlannedLayer,
    at: u64,
) -> Option<Vec<u8>> {
    let length = planned.descriptor.size.checked_sub(at).filter(|length| *length > 0)?;
    if length > MAX_TOC_BYTES {
        return None;
    }
    let mut stream = client.fetch_blob(reference, &planned.descriptor, at).await.ok()?;
    if stream.start() != at {
        return None;
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await.ok()? {
        bytes.extend_from_slice(&chunk);
    }
    Some(bytes)
}

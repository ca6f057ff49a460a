//! `strata layers`

use std::io::Write;

use serde::Serialize;
use strata_app::api::Stratum;
use strata_app::words::{Words, bytes};

use super::{find, short};
use crate::arguments::OneImage;
use crate::failure::Failure;
use crate::output;
use crate::paint::Paint;
use crate::session::Session;
use crate::table::{Side, Table};
use crate::visible::visible;

/// What is printed of a layer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Layer {
    /// 1 is the oldest.
    layer: usize,
    /// The digest of the blob.
    digest: Option<String>,
    /// The digest of the plain tar.
    diff_id: Option<String>,
    media_type: Option<String>,
    /// Compressed bytes.
    download_bytes: u64,
    /// Bytes of the plain tar.
    size_bytes: u64,
    /// How many other images of the store have it.
    shared_with: usize,
}

/// Lists the layers of an image, the oldest first.
pub async fn layers(session: &Session, wanted: &OneImage) -> Result<(), Failure> {
    let image = find(session, wanted).await?;
    let layers: Vec<Layer> = image.strata.into_iter().filter_map(layer).collect();
    if session.json {
        return Ok(output::document(&layers)?);
    }
    let mut out = output::results();
    table(session.words, &layers).write(&mut out, Paint::for_stdout())?;
    Ok(out.flush()?)
}

fn layer(stratum: Stratum) -> Option<Layer> {
    Some(Layer {
        layer: stratum.layer?,
        digest: stratum.digest,
        diff_id: stratum.diff_id,
        media_type: stratum.media_type,
        download_bytes: stratum.download_bytes,
        size_bytes: stratum.size_bytes.unwrap_or_default(),
        shared_with: stratum.shared_with,
    })
}

fn table(words: Words, layers: &[Layer]) -> Table {
    let heading = |side, name: &str| (side, words.text(&format!("cli.layers.{name}"), &[]));
    let mut table = Table::new(vec![
        heading(Side::Right, "layer"),
        heading(Side::Left, "digest"),
        heading(Side::Left, "diffId"),
        heading(Side::Right, "download"),
        heading(Side::Right, "size"),
        heading(Side::Right, "shared"),
        heading(Side::Left, "mediaType"),
    ]);
    for layer in layers {
        table.row(vec![
            layer.layer.to_string(),
            short(layer.digest.as_deref().unwrap_or_default()),
            short(layer.diff_id.as_deref().unwrap_or_default()),
            bytes(layer.download_bytes),
            bytes(layer.size_bytes),
            layer.shared_with.to_string(),
            visible(layer.media_type.as_deref().unwrap_or_default()),
        ]);
    }
    table
}

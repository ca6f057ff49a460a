//! `strata history`

use std::io::Write;

use strata_app::api::Stratum;
use strata_app::words::{Words, bytes};

use super::{find, minute};
use crate::arguments::OneImage;
use crate::failure::Failure;
use crate::output;
use crate::paint::Paint;
use crate::session::Session;
use crate::table::{Side, Table};
use crate::visible::visible;

/// Lists the steps that made an image, the newest first, each beside the layer that it brought.
pub async fn history(session: &Session, wanted: &OneImage) -> Result<(), Failure> {
    let mut strata = find(session, wanted).await?.strata;
    strata.reverse();
    if session.json {
        return Ok(output::document(&strata)?);
    }
    let mut out = output::results();
    table(session.words, &strata).write(&mut out, Paint::for_stdout())?;
    Ok(out.flush()?)
}

fn table(words: Words, strata: &[Stratum]) -> Table {
    let heading = |side, name: &str| (side, words.text(&format!("cli.history.{name}"), &[]));
    let mut table = Table::new(vec![
        heading(Side::Right, "layer"),
        heading(Side::Left, "created"),
        heading(Side::Right, "download"),
        heading(Side::Right, "size"),
        heading(Side::Left, "instruction"),
    ]);
    for stratum in strata {
        let has_layer = stratum.layer.is_some();
        let size = |count| if has_layer { bytes(count) } else { "-".to_owned() };
        table.row(vec![
            stratum.layer.map_or_else(|| "-".to_owned(), |layer| layer.to_string()),
            minute(stratum.created.as_deref()),
            size(stratum.download_bytes),
            size(stratum.size_bytes),
            visible(&stratum.instruction),
        ]);
    }
    table
}

//! `strata history`

use std::io::Write;

use strata_app::api::Stratum;
use strata_app::words::{Words, bytes};

use super::base::base_words;
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
    let image = find(session, wanted).await?;
    let (mut strata, base) = (image.strata, image.base);
    let base_strata = base.as_ref().map_or(0, |base| base.strata);
    let own = strata.len().saturating_sub(base_strata);
    strata.reverse();
    if session.json {
        return Ok(output::document(&strata)?);
    }
    let mut out = output::results();
    table(session.words, &strata, own).write(&mut out, Paint::for_stdout())?;
    out.flush()?;
    if let Some(base) = &base {
        let heading = session.words.text("cli.inspect.base", &[]);
        session.tell(&format!("{heading}: {}", base_words(session.words, base)));
    }
    Ok(())
}

/// Of these strata, the newest first, so many are the image's own; where there are others, a column marks them.
fn table(words: Words, strata: &[Stratum], own: usize) -> Table {
    let heading = |side, name: &str| (side, words.text(&format!("cli.history.{name}"), &[]));
    let has_base = own < strata.len();
    let mut columns = vec![
        heading(Side::Right, "layer"),
        heading(Side::Left, "created"),
        heading(Side::Right, "download"),
        heading(Side::Right, "size"),
    ];
    columns.extend(has_base.then(|| heading(Side::Left, "base")));
    columns.push(heading(Side::Left, "instruction"));
    let mut table = Table::new(columns);
    for (at, stratum) in strata.iter().enumerate() {
        let has_layer = stratum.layer.is_some();
        let size = |count| if has_layer { bytes(count) } else { "-".to_owned() };
        let mut cells = vec![
            stratum.layer.map_or_else(|| "-".to_owned(), |layer| layer.to_string()),
            minute(stratum.created.as_deref()),
            size(stratum.download_bytes),
            size(stratum.size_bytes.unwrap_or_default()),
        ];
        let mark = || if at < own { String::new() } else { words.text("cli.base.mark", &[]) };
        cells.extend(has_base.then(mark));
        cells.push(visible(&stratum.instruction));
        table.row(cells);
    }
    table
}

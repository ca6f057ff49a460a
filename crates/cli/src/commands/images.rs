//! `strata images`

use std::io::Write;

use strata_app::api::{ImageList, ImageSummary};
use strata_app::words::{Words, bytes};

use super::{minute, short};
use crate::failure::Failure;
use crate::output;
use crate::paint::Paint;
use crate::session::Session;
use crate::table::{Side, Table};
use crate::visible::visible;

/// Lists the stored images, the newest in the store first.
pub async fn images(session: &Session) -> Result<(), Failure> {
    let list = session.app.images_list().await?;
    if session.json {
        return Ok(output::document(&list)?);
    }
    if list.images.is_empty() {
        session.say("cli.images.none", &[]);
        return Ok(());
    }
    let mut out = output::results();
    table(session.words, &list).write(&mut out, Paint::for_stdout())?;
    out.flush()?;
    drop(out);
    let count = list.totals.image_count.to_string();
    let (stored, saved) = (bytes(list.totals.stored_bytes), bytes(list.totals.saved_bytes));
    session.say("cli.images.totals", &[("count", &count), ("stored", &stored), ("saved", &saved)]);
    Ok(())
}

fn table(words: Words, list: &ImageList) -> Table {
    let heading = |side, name: &str| (side, words.text(&format!("cli.images.{name}"), &[]));
    let mut table = Table::new(vec![
        heading(Side::Left, "repository"),
        heading(Side::Left, "tag"),
        heading(Side::Left, "id"),
        heading(Side::Left, "platform"),
        heading(Side::Right, "layers"),
        heading(Side::Right, "download"),
        heading(Side::Right, "onlyHere"),
        heading(Side::Right, "size"),
        heading(Side::Left, "pulled"),
    ]);
    for image in &list.images {
        table.row(cells(image));
    }
    table
}

fn cells(image: &ImageSummary) -> Vec<String> {
    vec![
        visible(&image.repository),
        visible(image.tag.as_deref().unwrap_or("-")),
        short(&image.image_id),
        visible(&image.platform),
        image.layer_count.to_string(),
        bytes(image.download_bytes),
        bytes(image.only_here_bytes),
        bytes(image.size_bytes),
        minute(Some(&image.pulled_at)),
    ]
}

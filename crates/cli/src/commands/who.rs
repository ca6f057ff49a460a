//! `strata who`

use std::io::Write;

use strata_app::api::{Change, Touch};
use strata_app::words::{Words, bytes};

use super::{find, lost};
use crate::arguments::Who;
use crate::failure::Failure;
use crate::output;
use crate::paint::Paint;
use crate::session::Session;
use crate::table::{Side, Table};
use crate::visible::visible;

/// Lists the layers that have touched a path, the oldest first.
pub async fn who(session: &Session, wanted: Who) -> Result<(), Failure> {
    let image = find(session, &wanted.image).await?;
    let (app, manifest) = (session.app.clone(), image.summary.manifest);
    let called = wanted.image.reference;
    let asked = tokio::task::spawn_blocking(move || {
        app.who_touched(&manifest, &called, wanted.path.as_encoded_bytes())
    });
    let touches = asked.await.map_err(|_| lost("who"))??;
    if session.json {
        return Ok(output::document(&touches)?);
    }
    let mut out = output::results();
    table(session.words, &touches).write(&mut out, Paint::for_stdout())?;
    Ok(out.flush()?)
}

fn table(words: Words, touches: &[Touch]) -> Table {
    let heading = |side, name: &str| (side, words.text(&format!("cli.who.{name}"), &[]));
    let mut table = Table::new(vec![
        heading(Side::Right, "layer"),
        heading(Side::Left, "change"),
        heading(Side::Right, "size"),
        heading(Side::Left, "instruction"),
    ]);
    for touch in touches {
        let change = match touch.change {
            Change::Unchanged => "unchanged",
            Change::Added => "added",
            Change::Changed => "changed",
            Change::Metadata => "metadata",
            Change::Replaced => "replaced",
            Change::Deleted => "deleted",
        };
        table.row(vec![
            touch.layer.to_string(),
            words.text(&format!("files.change.{change}"), &[]),
            bytes(touch.size_bytes),
            visible(&touch.instruction),
        ]);
    }
    table
}

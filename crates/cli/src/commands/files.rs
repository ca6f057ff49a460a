//! `strata files`

use std::io::{self, Write};

use strata_app::api::UserError;
use strata_app::{App, FileEntry, FileSelection};

use super::lost;
use crate::arguments::Files;
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

mod json_line;
mod text_line;

pub(super) use json_line::JsonLine;
use text_line::TextLines;

/// Lists files as they are found: a long list begins at once.
pub async fn files(session: &Session, wanted: Files) -> Result<(), Failure> {
    let selection = FileSelection {
        image: wanted.image.reference,
        platform: wanted.image.platform,
        path: wanted.path.map(std::ffi::OsString::into_encoded_bytes),
        layer: wanted.layer,
        changed: wanted.changed,
        find: wanted.find,
    };
    let (app, json) = (session.app.clone(), session.json);
    let listed = tokio::task::spawn_blocking(move || list(&app, &selection, json)).await;
    listed.unwrap_or_else(|_| Err(lost("files")))
}

fn list(app: &App, selection: &FileSelection, json: bool) -> Result<(), Failure> {
    print(json, |each| app.files(selection, each))
}

/// Prints each file that `list` hands over, until nobody reads any more.
pub(super) fn print(
    json: bool,
    list: impl FnOnce(&mut dyn FnMut(FileEntry) -> bool) -> Result<(), UserError>,
) -> Result<(), Failure> {
    let mut out = output::results();
    let mut lines = TextLines::default();
    let mut write = |entry: &FileEntry| -> io::Result<()> {
        if json {
            output::line(&mut out, &JsonLine::of(entry))
        } else {
            lines.write(&mut out, entry)
        }
    };
    let mut written = Ok(());
    list(&mut |entry| {
        written = write(&entry);
        written.is_ok()
    })?;
    written?;
    Ok(out.flush()?)
}

//! `strata export`

use std::io::{self, Write};

use strata_app::ExportRequest;
use strata_app::words::bytes;

use crate::arguments::Export;
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// Writes files of an image below a folder.
pub async fn export(session: &Session, wanted: Export) -> Result<(), Failure> {
    let destination = wanted.destination.display().to_string();
    let request = ExportRequest {
        image: wanted.image.reference,
        platform: wanted.image.platform,
        path: wanted.path.into_encoded_bytes(),
        layer: wanted.layer,
        destination: wanted.destination,
    };
    let done = session.app.export(request).await?;
    if session.json {
        let mut out = output::results();
        serde_json::to_writer(&mut out, &done).map_err(io::Error::from)?;
        writeln!(out)?;
        out.flush()?;
    }
    let counted = |what: &str, count: u64| {
        session.words.text(&format!("cli.export.{what}"), &[("count", &count.to_string())])
    };
    let (files, folders) = (counted("files", done.files), counted("folders", done.folders));
    let (links, size) = (counted("links", done.links), bytes(done.bytes));
    session.say(
        "cli.export.done",
        &[
            ("files", &files),
            ("folders", &folders),
            ("links", &links),
            ("bytes", &size),
            ("destination", &destination),
        ],
    );
    if done.skipped_count > 0 {
        session.say("cli.export.skipped", &[("count", &done.skipped_count.to_string())]);
    }
    Ok(())
}

//! `strata tags`

use std::io::Write;

use crate::arguments::Repository;
use crate::failure::Failure;
use crate::output;
use crate::session::Session;
use crate::visible::visible;

/// Lists the tags of a repository as its registry has them.
pub async fn tags(session: &Session, wanted: &Repository) -> Result<(), Failure> {
    let list = session.app.tags_list(&wanted.repository).await?;
    if session.json {
        return Ok(output::document(&list)?);
    }
    let here = session.words.text("cli.tags.here", &[]);
    let mut out = output::results();
    for tag in &list.tags {
        let name = visible(&tag.name);
        if tag.is_here { writeln!(out, "{name}\t{here}")? } else { writeln!(out, "{name}")? }
    }
    out.flush()?;
    if !list.is_complete {
        session.say("cli.tags.some", &[("count", &list.tags.len().to_string())]);
    }
    Ok(())
}

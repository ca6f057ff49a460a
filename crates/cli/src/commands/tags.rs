//! `strata tags`

use std::io::Write;
use std::sync::Arc;

use serde::Serialize;
use strata_app::App;
use strata_app::api::{TagEntry, TagTarget, UserError};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::{lost, short};
use crate::arguments::Tags;
use crate::failure::Failure;
use crate::output;
use crate::session::Session;
use crate::visible::visible;

/// How many tags the registry is asked for at the same time.
const ASKED_AT_ONCE: usize = 8;

/// A tag with what it points to, as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Pointed<'a> {
    #[serde(flatten)]
    tag: &'a TagEntry,
    /// What it points to now.
    digest: Option<String>,
    /// What the image that is here was pulled as.
    here: Option<String>,
}

/// Lists the tags of a repository as its registry has them.
pub async fn tags(session: &Session, wanted: &Tags) -> Result<(), Failure> {
    let list = session.app.tags_list(&wanted.repository).await?;
    let told = if wanted.digests {
        with_digests(session, &list.repository, &list.tags).await
    } else if session.json {
        return Ok(output::document(&list)?);
    } else {
        names(session, &list.tags)
    };
    told?;
    if !list.is_complete {
        session.say("cli.tags.some", &[("count", &list.tags.len().to_string())]);
    }
    Ok(())
}

fn names(session: &Session, tags: &[TagEntry]) -> Result<(), Failure> {
    let here = session.words.text("cli.tags.here", &[]);
    let mut out = output::results();
    for tag in tags {
        let name = visible(&tag.name);
        if tag.is_here { writeln!(out, "{name}\t{here}")? } else { writeln!(out, "{name}")? }
    }
    Ok(out.flush()?)
}

/// Each tag with its digest, as the answers come; as JSON one object a line. A tag that is gone meanwhile is told, and
/// does not keep the others back.
async fn with_digests(
    session: &Session,
    repository: &str,
    tags: &[TagEntry],
) -> Result<(), Failure> {
    let permits = Arc::new(Semaphore::new(ASKED_AT_ONCE));
    let asked = tags.iter().map(|tag| {
        let reference = format!("{repository}:{}", tag.name);
        target(session.app.clone(), Arc::clone(&permits), reference)
    });
    let asked: Vec<JoinHandle<_>> = asked.collect();
    let here = session.words.text("cli.tags.here", &[]);
    let mut all = true;
    for (tag, asked) in tags.iter().zip(asked) {
        let found = asked.await.map_err(|_| lost(&tag.name))?;
        if let Err(error) = &found {
            session.tell_failure(&error.clone().into());
            all = false;
        }
        let (digest, known) = found.map_or((None, None), |found| (Some(found.digest), found.here));
        // Not held while waiting: others write too.
        let mut out = output::results();
        if session.json {
            output::line(&mut out, &Pointed { tag, digest, here: known })?;
        } else {
            let mut line = format!("{}\t{}", visible(&tag.name), digest.as_deref().unwrap_or("-"));
            match known {
                Some(known) if Some(&known) == digest.as_ref() => {
                    line.push_str(&format!("\t{here}"));
                }
                Some(known) => line.push_str(&format!("\t{here}: {}", short(&known))),
                None => {}
            }
            writeln!(out, "{line}")?;
        }
        out.flush()?;
    }
    if all { Ok(()) } else { Err(Failure::Told) }
}

fn target(
    app: App,
    permits: Arc<Semaphore>,
    reference: String,
) -> JoinHandle<Result<TagTarget, UserError>> {
    tokio::spawn(async move {
        let _permit = permits.acquire_owned().await;
        app.tag_target(&reference).await
    })
}

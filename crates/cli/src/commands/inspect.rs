//! `strata inspect`

use std::io::{self, Write};

use strata_app::api::ImageDetail;
use strata_app::words::{Words, bytes};

use super::base::base_words;
use super::find;
use super::settings::settings;
use crate::arguments::OneImage;
use crate::failure::Failure;
use crate::output;
use crate::session::Session;
use crate::table::width;
use crate::visible::visible;

/// Tells all that is known of an image.
pub async fn inspect(session: &Session, wanted: &OneImage) -> Result<(), Failure> {
    let image = find(session, wanted).await?;
    if session.json {
        return Ok(output::document(&image)?);
    }
    let mut out = output::results();
    write(session.words, &image, &mut out)?;
    Ok(out.flush()?)
}

/// Each fact under its name; what is not known is left out.
fn write(words: Words, image: &ImageDetail, out: &mut dyn Write) -> io::Result<()> {
    let mut facts = identity(image);
    facts.extend(image.base.iter().map(|base| ("base", base_words(words, base))));
    facts.extend(sizes(image));
    facts.extend(settings(&image.settings));
    let facts: Vec<(String, String)> = facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (words.text(&format!("cli.inspect.{name}"), &[]), value))
        .collect();
    let widest = facts.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let mut before = "";
    for (name, value) in &facts {
        // What has several values has its name once.
        let shown = if name == before { "" } else { name };
        let room = " ".repeat(widest - width(shown));
        writeln!(out, "{shown}{room}   {}", visible(value))?;
        before = name;
    }
    Ok(())
}

fn identity(image: &ImageDetail) -> Vec<(&'static str, String)> {
    let summary = &image.summary;
    vec![
        ("reference", summary.reference.clone().unwrap_or_default()),
        ("digest", summary.target.clone()),
        ("manifest", summary.manifest.clone()),
        ("id", summary.image_id.clone()),
        ("platform", summary.platform.clone()),
        ("created", summary.created.clone().unwrap_or_default()),
        ("author", image.author.clone().unwrap_or_default()),
        ("pulled", summary.pulled_at.clone()),
    ]
}

fn sizes(image: &ImageDetail) -> Vec<(&'static str, String)> {
    let summary = &image.summary;
    vec![
        ("layers", summary.layer_count.to_string()),
        ("download", bytes(summary.download_bytes)),
        ("onlyHere", bytes(summary.only_here_bytes)),
        ("shared", bytes(summary.shared_bytes)),
        ("size", bytes(summary.size_bytes)),
    ]
}

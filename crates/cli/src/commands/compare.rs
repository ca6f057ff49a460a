//! `strata compare`

use std::io::Write;

use serde::Serialize;
use strata_app::FileEntry;
use strata_app::api::{
    Change, CompareRead, ComparedImage, Comparison, LayerPair, PairState, SettingField,
    SettingPair, TagChangesRead,
};
use strata_app::words::{Words, bytes};

use super::files::JsonLine;
use super::{find, lost};
use crate::arguments::{Compare, OneImage};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;
use crate::visible::visible;

/// A comparison with the paths that differ.
#[derive(Debug, Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    comparison: Comparison,
    paths: Option<Vec<JsonLine<'a>>>,
}

/// Tells what differs between two images, or between an image and what its tag points to now.
pub async fn compare(session: &Session, wanted: &Compare) -> Result<(), Failure> {
    let one = |reference: &String| OneImage {
        reference: reference.clone(),
        platform: wanted.platform.clone(),
    };
    let left = find(session, &one(&wanted.left)).await?.summary;
    let Some(right) = &wanted.right else {
        let reference = left.reference.clone().unwrap_or_else(|| wanted.left.clone());
        let asked = TagChangesRead { manifest: left.manifest, reference };
        let mut comparison = session.app.tag_changes(asked).await?;
        comparison.left.familiar = left.familiar;
        return print(session, comparison, None);
    };
    let right = find(session, &one(right)).await?.summary;
    let asked = CompareRead { left: left.manifest.clone(), right: right.manifest.clone() };
    let mut comparison = session.app.compare(asked).await?;
    // An image may have several names: it is shown under the one that was asked for.
    comparison.left.familiar.clone_from(&left.familiar);
    comparison.right.familiar.clone_from(&right.familiar);
    let right = right.manifest;
    let app = session.app.clone();
    let listed = tokio::task::spawn_blocking(move || {
        let mut entries = Vec::new();
        app.compared_files(&left.manifest, &right, &mut |entry| {
            entries.push(entry);
            true
        })?;
        Ok::<_, Failure>(entries)
    });
    let entries = listed.await.map_err(|_| lost("compare"))??;
    print(session, comparison, Some(&entries))
}

fn print(
    session: &Session,
    comparison: Comparison,
    entries: Option<&[FileEntry]>,
) -> Result<(), Failure> {
    if session.json {
        let paths = entries.map(|entries| entries.iter().map(JsonLine::of).collect());
        return Ok(output::document(&Document { comparison, paths })?);
    }
    let words = session.words;
    let mut out = output::results();
    write!(out, "{}", image_line(words, "-", &comparison.left))?;
    write!(out, "{}", image_line(words, "+", &comparison.right))?;
    writeln!(out, "\n{}", words.text("cli.compare.layers", &[]))?;
    for pair in &comparison.layers {
        write!(out, "{}", layer_line(pair))?;
    }
    let shared = bytes(comparison.shared_bytes);
    writeln!(out, "  {}", words.text("cli.compare.shared", &[("size", &shared)]))?;
    let differing: Vec<&SettingPair> =
        comparison.settings.iter().filter(|pair| pair.state != PairState::Same).collect();
    writeln!(out, "\n{}", words.text("cli.compare.settings", &[]))?;
    if differing.is_empty() {
        writeln!(out, "  {}", words.text("cli.compare.same", &[]))?;
    }
    for pair in differing {
        write!(out, "{}", setting_line(pair))?;
    }
    writeln!(out, "\n{}", words.text("cli.compare.files", &[]))?;
    match entries {
        Some([]) => writeln!(out, "  {}", words.text("cli.compare.same", &[]))?,
        Some(entries) => {
            for entry in entries {
                writeln!(out, "  {} /{}", mark_of(entry.change), strata_app::escape(&entry.path))?;
            }
        }
        None if comparison.left.manifest == comparison.right.manifest => {
            writeln!(out, "  {}", words.text("cli.compare.same", &[]))?;
        }
        None => {
            let missing = bytes(comparison.missing_bytes);
            writeln!(out, "  {}", words.text("cli.compare.notHere", &[("size", &missing)]))?;
        }
    }
    Ok(out.flush()?)
}

fn image_line(words: Words, mark: &str, image: &ComparedImage) -> String {
    let key =
        format!("image.header.layers_{}", if image.layer_count == 1 { "one" } else { "other" });
    let layers = words.text(&key, &[("count", &image.layer_count.to_string())]);
    format!(
        "{mark} {}  {}  {}  {layers}  {}\n",
        visible(&image.familiar),
        super::short(&image.manifest),
        visible(&image.platform),
        bytes(image.download_bytes)
    )
}

const fn mark(state: PairState) -> char {
    match state {
        PairState::Same => '=',
        PairState::Changed => '~',
        PairState::Left => '-',
        PairState::Right => '+',
    }
}

const fn mark_of(change: Change) -> char {
    match change {
        Change::Added => '+',
        Change::Deleted => '-',
        Change::Unchanged => '=',
        Change::Metadata => 'm',
        Change::Changed | Change::Replaced => '~',
    }
}

fn layer_line(pair: &LayerPair) -> String {
    let number = |side: &Option<strata_app::api::ComparedLayer>| {
        side.as_ref().map_or_else(|| "·".to_owned(), |side| side.layer.to_string())
    };
    let shown = pair.right.as_ref().or(pair.left.as_ref());
    let (line, size) = shown.map_or_else(Default::default, |side| {
        (visible(&side.instruction), bytes(side.download_bytes))
    });
    format!(
        "  {} {:>3} {:>3} {size:>9}  {line}\n",
        mark(pair.state),
        number(&pair.left),
        number(&pair.right)
    )
}

fn setting_line(pair: &SettingPair) -> String {
    let field = match pair.field {
        SettingField::Platform => "PLATFORM",
        SettingField::Entrypoint => "ENTRYPOINT",
        SettingField::Command => "CMD",
        SettingField::User => "USER",
        SettingField::WorkingDir => "WORKDIR",
        SettingField::StopSignal => "STOPSIGNAL",
        SettingField::Env => "ENV",
        SettingField::Port => "EXPOSE",
        SettingField::Volume => "VOLUME",
        SettingField::Label => "LABEL",
    };
    let name = if pair.name.is_empty() { String::new() } else { format!(" {}", pair.name) };
    let head = visible(&format!("{field}{name}"));
    let value = |value: &Option<String>| visible(value.as_deref().unwrap_or_default());
    match pair.state {
        PairState::Left => format!("  - {head} {}\n", value(&pair.left)),
        PairState::Right => format!("  + {head} {}\n", value(&pair.right)),
        _ => format!("  ~ {head} {} -> {}\n", value(&pair.left), value(&pair.right)),
    }
}

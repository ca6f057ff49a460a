//! `strata peek`

use std::io::Write;

use serde::Serialize;
use strata_app::FileEntry;
use strata_app::api::{ErrorCode, ImageLook, LayerPeekStart, Outcome, PeekSource, UserError};
use strata_app::words::{Words, bytes};

use super::follow::{follow, job};
use super::settings::settings;
use super::{files, lost, short};
use crate::arguments::{Peek, RemoteImage};
use crate::failure::Failure;
use crate::output;
use crate::paint::Paint;
use crate::session::Session;
use crate::table::{Side, Table};
use crate::visible::visible;

/// Tells what a pull would bring, or what one layer is; stores nothing.
pub async fn peek(session: &Session, wanted: &Peek) -> Result<(), Failure> {
    let RemoteImage { reference, platform } = &wanted.image;
    let look = session.app.look(reference, platform.as_deref()).await?;
    match wanted.layer {
        Some(number) => {
            let layer = layer(&look, number)?;
            if wanted.files { files(session, wanted, &layer).await } else { one(session, &layer) }
        }
        None => whole(session, &look),
    }
}

fn whole(session: &Session, look: &ImageLook) -> Result<(), Failure> {
    if session.json {
        return Ok(output::document(look)?);
    }
    let words = session.words;
    let mut out = output::results();
    for (name, value) in facts(look).into_iter().chain(settings(&look.settings)) {
        if !value.is_empty() {
            let name = words.text(&format!("cli.inspect.{name}"), &[]);
            writeln!(out, "{name}: {}", visible(&value))?;
        }
    }
    writeln!(out)?;
    layers(words, look).write(&mut out, Paint::for_stdout())?;
    let count = look.plan.strata.iter().filter(|stratum| stratum.layer.is_some()).count();
    let total = words.text(
        "cli.peek.total",
        &[
            ("count", &count.to_string()),
            ("total", &bytes(look.plan.total_bytes)),
            ("here", &bytes(look.plan.already_here_bytes)),
        ],
    );
    writeln!(out, "{total}")?;
    Ok(out.flush()?)
}

/// One layer of an image, and whether it is here.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Layer<'a> {
    /// 1 is the oldest.
    layer: usize,
    digest: &'a str,
    diff_id: &'a str,
    media_type: &'a str,
    /// Compressed bytes.
    download_bytes: u64,
    is_here: bool,
    instruction: &'a str,
}

fn layer(look: &ImageLook, number: usize) -> Result<Layer<'_>, Failure> {
    let mut strata = look.plan.strata.iter();
    let Some(found) = strata.find(|stratum| stratum.layer == Some(number)) else {
        let count = look.plan.strata.iter().filter(|stratum| stratum.layer.is_some()).count();
        return Err(no_layer(&look.plan.familiar, number, count));
    };
    let digest = found.digest.as_deref().unwrap_or_default();
    Ok(Layer {
        layer: number,
        digest,
        diff_id: found.diff_id.as_deref().unwrap_or_default(),
        media_type: found.media_type.as_deref().unwrap_or_default(),
        download_bytes: found.download_bytes,
        is_here: look.here.iter().any(|here| here == digest),
        instruction: &found.instruction,
    })
}

fn no_layer(image: &str, number: usize, count: usize) -> Failure {
    let params = [("layer", number), ("count", count)];
    let error = UserError {
        code: ErrorCode::LayerUnknown,
        subject: Some(image.to_owned()),
        params: params.map(|(name, value)| (name.to_owned(), value.to_string())).into(),
        actions: Vec::new(),
        causes: Vec::new(),
        retryable: false,
    };
    error.into()
}

fn one(session: &Session, layer: &Layer<'_>) -> Result<(), Failure> {
    if session.json {
        return Ok(output::document(layer)?);
    }
    let words = session.words;
    let here = if layer.is_here { "cli.peek.yes" } else { "cli.peek.no" };
    let facts = [
        ("cli.layers.layer", layer.layer.to_string()),
        ("cli.layers.digest", layer.digest.to_owned()),
        ("cli.layers.diffId", layer.diff_id.to_owned()),
        ("cli.layers.mediaType", layer.media_type.to_owned()),
        ("cli.layers.download", bytes(layer.download_bytes)),
        ("cli.peek.here", words.text(here, &[])),
        ("cli.history.instruction", layer.instruction.to_owned()),
    ];
    let mut out = output::results();
    for (key, value) in facts {
        if !value.is_empty() {
            writeln!(out, "{}: {}", words.text(key, &[]), visible(&value))?;
        }
    }
    Ok(out.flush()?)
}

/// Reads the files of a layer and lists them; nothing of it is kept.
async fn files(session: &Session, wanted: &Peek, layer: &Layer<'_>) -> Result<(), Failure> {
    let RemoteImage { reference, platform } = &wanted.image;
    let start = LayerPeekStart {
        reference: reference.clone(),
        platform: platform.clone(),
        layer: layer.digest.to_owned(),
    };
    let id = session.app.layer_peek_start(start)?;
    let (_, outcome) = follow(session, &job(session, id, reference)?).await?;
    let Outcome::Peeked { layer: peeked } = outcome else { return Err(lost(reference)) };
    if peeked.source == PeekSource::UncheckedTable {
        session.say("cli.peek.unchecked", &[]);
    }
    let (app, json, number) = (session.app.clone(), session.json, layer.layer);
    let listed = tokio::task::spawn_blocking(move || {
        files::print(json, |each| {
            app.peek_files(&peeked.layer, &mut |entry| each(FileEntry { layer: number, ..entry }))
        })
    });
    listed.await.unwrap_or_else(|_| Err(lost("files")))
}

fn facts(look: &ImageLook) -> [(&'static str, String); 6] {
    let offers: Vec<&str> = look.offers.iter().map(|offer| offer.platform.as_str()).collect();
    [
        ("reference", look.plan.reference.clone()),
        ("digest", look.plan.target.clone()),
        ("manifest", look.plan.manifest.clone()),
        ("platform", look.plan.platform.clone()),
        ("offers", offers.join(", ")),
        ("created", look.created.clone().unwrap_or_default()),
    ]
}

fn layers(words: Words, look: &ImageLook) -> Table {
    let heading = |side, key: &str| (side, words.text(key, &[]));
    let mut table = Table::new(vec![
        heading(Side::Right, "cli.history.layer"),
        heading(Side::Left, "cli.layers.digest"),
        heading(Side::Right, "cli.layers.download"),
        heading(Side::Left, "cli.peek.here"),
        heading(Side::Left, "cli.history.instruction"),
    ]);
    for stratum in look.plan.strata.iter().rev() {
        let digest = stratum.digest.as_deref().unwrap_or_default();
        let is_here = look.here.iter().any(|here| here == digest);
        let here = if is_here { "cli.peek.yes" } else { "cli.peek.no" };
        let is_layer = stratum.layer.is_some();
        table.row(vec![
            stratum.layer.map(|layer| layer.to_string()).unwrap_or_default(),
            short(digest),
            if is_layer { bytes(stratum.download_bytes) } else { String::new() },
            words.text(here, &[]),
            visible(&stratum.instruction),
        ]);
    }
    table
}

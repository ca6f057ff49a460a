//! `strata peek`

use std::io::Write;

use strata_app::api::ImageLook;
use strata_app::words::{Words, bytes};

use super::short;
use crate::arguments::RemoteImage;
use crate::failure::Failure;
use crate::output;
use crate::paint::Paint;
use crate::session::Session;
use crate::table::{Side, Table};
use crate::visible::visible;

/// Tells what a pull would bring, and stores nothing.
pub async fn peek(session: &Session, wanted: &RemoteImage) -> Result<(), Failure> {
    let look = session.app.look(&wanted.reference, wanted.platform.as_deref()).await?;
    if session.json {
        return Ok(output::document(&look)?);
    }
    let words = session.words;
    let mut out = output::results();
    for (key, value) in facts(&look) {
        if !value.is_empty() {
            writeln!(out, "{}: {}", words.text(key, &[]), visible(&value))?;
        }
    }
    writeln!(out)?;
    layers(words, &look).write(&mut out, Paint::for_stdout())?;
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

fn facts(look: &ImageLook) -> [(&'static str, String); 11] {
    let settings = &look.settings;
    let offers: Vec<&str> = look.offers.iter().map(|offer| offer.platform.as_str()).collect();
    [
        ("cli.inspect.reference", look.plan.reference.clone()),
        ("cli.inspect.digest", look.plan.target.clone()),
        ("cli.inspect.manifest", look.plan.manifest.clone()),
        ("cli.inspect.platform", look.plan.platform.clone()),
        ("cli.peek.offers", offers.join(", ")),
        ("cli.inspect.created", look.created.clone().unwrap_or_default()),
        ("cli.inspect.entrypoint", settings.entrypoint.join(" ")),
        ("cli.inspect.command", settings.command.join(" ")),
        ("cli.inspect.user", settings.user.clone()),
        ("cli.inspect.ports", settings.ports.join(", ")),
        ("cli.inspect.env", settings.env.join(" ")),
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

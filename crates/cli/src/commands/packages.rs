//! `strata packages` and `strata secrets`

use std::io::Write;

use strata_app::api::{Findings, FindingsRead, FoundSecret, SecretPlace, SecretSeverity};
use strata_app::words::{Words, bytes};

use super::find;
use crate::arguments::{OneImage, Packages};
use crate::failure::Failure;
use crate::output;
use crate::paint::Paint;
use crate::session::Session;
use crate::table::{Side, Table};
use crate::visible::visible;

/// Lists the packages of an image, each with the layer that brought it; or writes them for other tools.
pub async fn packages(session: &Session, wanted: &Packages) -> Result<(), Failure> {
    let manifest = find(session, &wanted.image).await?.summary.manifest;
    if let Some(format) = wanted.format {
        let text = session.app.sbom(&manifest, format.into()).await?;
        let mut out = output::results();
        out.write_all(text.as_bytes())?;
        return Ok(out.flush()?);
    }
    let found = session.app.findings(FindingsRead { manifest }).await?;
    if session.json {
        return Ok(output::document(&found)?);
    }
    let mut out = output::results();
    package_table(session.words, &found).write(&mut out, Paint::for_stdout())?;
    for path in &found.unread {
        output::tell(&format!(
            "{}\n",
            session.words.text("cli.packages.unread", &[("path", path)])
        ));
    }
    Ok(out.flush()?)
}

fn package_table(words: Words, found: &Findings) -> Table {
    let heading = |side, name: &str| (side, words.text(&format!("cli.packages.{name}"), &[]));
    let mut table = Table::new(vec![
        heading(Side::Right, "layer"),
        heading(Side::Left, "kind"),
        heading(Side::Left, "name"),
        heading(Side::Left, "version"),
        heading(Side::Right, "size"),
        heading(Side::Left, "license"),
    ]);
    for package in &found.packages {
        table.row(vec![
            package.layer.to_string(),
            package.ecosystem.clone(),
            visible(&package.name),
            visible(&package.version),
            package.installed_bytes.map(bytes).unwrap_or_default(),
            visible(package.license.as_deref().unwrap_or_default()),
        ]);
    }
    table
}

/// Lists keys, tokens and passwords that should not be there, also those that a later layer deletes.
pub async fn secrets(session: &Session, wanted: &OneImage) -> Result<(), Failure> {
    let manifest = find(session, wanted).await?.summary.manifest;
    let found = session.app.findings(FindingsRead { manifest }).await?;
    if session.json {
        return Ok(output::document(&found.secrets)?);
    }
    let mut out = output::results();
    for secret in &found.secrets {
        write!(out, "{}", secret_lines(session.words, secret))?;
    }
    if found.secrets.is_empty() {
        output::tell(&format!("{}\n", session.words.text("cli.secrets.none", &[])));
    }
    Ok(out.flush()?)
}

fn secret_lines(words: Words, secret: &FoundSecret) -> String {
    let severity = match secret.severity {
        SecretSeverity::Possible => "possible",
        SecretSeverity::Likely => "likely",
        SecretSeverity::Certain => "certain",
    };
    let severity = words.text(&format!("secrets.severity.{severity}"), &[]);
    let line = secret.line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = match &secret.place {
        SecretPlace::File { path, layer, hidden_by, .. } => {
            let hidden = hidden_by.map(|by| {
                let by = by.to_string();
                format!("; {}", words.text("secrets.hidden", &[("layer", &by)]))
            });
            let layer = words.text("image.strata.layer", &[("layer", &layer.to_string())]);
            format!("/{path}{line} ({layer}{})", hidden.unwrap_or_default())
        }
        SecretPlace::Environment { name } => format!("ENV {}", visible(name)),
        SecretPlace::Label { name } => format!("LABEL {}", visible(name)),
        SecretPlace::History { step } => {
            words.text("secrets.history", &[("step", &step.to_string())])
        }
        SecretPlace::Setting { name } => visible(name),
    };
    format!("{severity}  {}  {place}\n    {}\n", secret.rule, visible(&secret.masked))
}

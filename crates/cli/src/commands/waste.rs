//! `strata waste`

use std::io::Write;

use strata_app::api::{Burial, WasteArc, WasteRead, WasteReport};
use strata_app::words::{Words, bytes};

use super::find;
use crate::arguments::OneImage;
use crate::failure::Failure;
use crate::output;
use crate::session::Session;
use crate::visible::visible;

/// How many paths of a pair are printed; `--json` has more.
const MOST_PATHS: usize = 8;

/// Tells which bytes of an image are buried, the most first.
pub async fn waste(session: &Session, wanted: &OneImage) -> Result<(), Failure> {
    let image = find(session, wanted).await?;
    let report = session.app.waste(WasteRead { manifest: image.summary.manifest.clone() }).await?;
    if session.json {
        return Ok(output::document(&report)?);
    }
    let lines: Vec<&str> = image
        .strata
        .iter()
        .filter(|stratum| stratum.layer.is_some())
        .map(|stratum| stratum.instruction.as_str())
        .collect();
    let mut out = output::results();
    write!(out, "{}", text(session.words, &report, &lines))?;
    Ok(out.flush()?)
}

fn text(words: Words, report: &WasteReport, lines: &[&str]) -> String {
    let mut text = words.text(
        "cli.waste.total",
        &[("buried", &bytes(report.buried_bytes)), ("carried", &bytes(report.carried_bytes))],
    );
    text.push('\n');
    let efficiency = per_ten_thousand(report.dive_minimum_bytes, report.dive_discovered_bytes);
    let efficiency = format!("{}.{:02}", efficiency / 100, efficiency % 100);
    text.push_str(&words.text(
        "cli.waste.dive",
        &[("efficiency", &efficiency), ("wasted", &bytes(report.dive_wasted_bytes))],
    ));
    text.push('\n');
    for arc in &report.arcs {
        text.push('\n');
        text.push_str(&of_arc(words, arc, lines));
    }
    text
}

fn of_arc(words: Words, arc: &WasteArc, lines: &[&str]) -> String {
    let line = |layer: usize| visible(lines.get(layer - 1).copied().unwrap_or_default());
    let mut text = words.text(
        "cli.waste.pair",
        &[
            ("bytes", &bytes(arc.bytes)),
            ("layer", &arc.layer.to_string()),
            ("by", &arc.by.to_string()),
        ],
    );
    text.push_str(&format!(
        "\n  {} {}\n  {} {}\n",
        arc.layer,
        line(arc.layer),
        arc.by,
        line(arc.by)
    ));
    for path in arc.paths.iter().take(MOST_PATHS) {
        let how = match path.how {
            Burial::Deleted => 'D',
            Burial::Overwritten => 'C',
        };
        let slash = if path.is_folder { "/" } else { "" };
        text.push_str(&format!("    {how} {:>9}  /{}{slash}\n", bytes(path.bytes), path.path));
    }
    let shown = arc.paths.len().min(MOST_PATHS);
    if arc.path_count > shown {
        let more = (arc.path_count - shown).to_string();
        text.push_str(&format!("    {}\n", words.text("cli.waste.more", &[("number", &more)])));
    }
    let fix = serde_json::to_value(arc.fix).ok();
    let fix = fix.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    text.push_str(&format!("  {}\n", words.text(&format!("waste.fix.{fix}"), &[])));
    if let Some(line) = &arc.line {
        text.push_str(&format!("    {}\n", visible(line)));
    }
    text
}

/// Rounded to the nearest, as dive and the window do.
fn per_ten_thousand(part: u64, whole: u64) -> u128 {
    if whole == 0 { 10_000 } else { (u128::from(part) * 20_000 / u128::from(whole)).div_ceil(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn efficiency_is_rounded_not_cut() {
        for (part, whole, expected) in [
            (999_263, 1_000_000, 9993),
            (999_249, 1_000_000, 9992),
            (99_925, 100_000, 9993),
            (0, 0, 10_000),
            (1, 1, 10_000),
        ] {
            assert_eq!(per_ten_thousand(part, whole), expected, "{part}/{whole}");
        }
    }
}

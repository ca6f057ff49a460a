//! `strata explain`

use std::io::Write;

use strata_app::api::{DockerfileExplain, ExplainedLine, LayerEffect, Saying};
use strata_app::words::Words;

use crate::arguments::Explain;
use crate::failure::Failure;
use crate::output;
use crate::paint::Paint;
use crate::session::Session;
use crate::visible::visible;

/// So many lines of an instruction are repeated.
const MOST_LINES: usize = 4;

/// Puts each line of a Dockerfile into words.
pub async fn explain(session: &Session, wanted: &Explain) -> Result<(), Failure> {
    let text = session.app.dockerfile_text(&wanted.file)?;
    let asked = DockerfileExplain { text: text.clone() };
    let lines = session.app.dockerfile_explain(asked).await?;
    if session.json {
        return Ok(output::document(&lines)?);
    }
    // Places are counted in units of UTF-16.
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut out = output::results();
    let paint = Paint::for_stdout();
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        write!(out, "{}", told(session.words, &units, line, paint))?;
    }
    Ok(out.flush()?)
}

fn told(words: Words, units: &[u16], line: &ExplainedLine, paint: Paint) -> String {
    let source = units.get(line.span.start..line.span.end).unwrap_or_default();
    let source = String::from_utf16_lossy(source);
    let mut told = String::new();
    for (offset, row) in source.trim_end().lines().take(MOST_LINES).enumerate() {
        let number = line.span.line + offset;
        told.push_str(&format!(
            "{number:>4} | {}\n",
            paint.bold(&visible(&row.replace('\t', "    ")))
        ));
    }
    if source.trim_end().lines().count() > MOST_LINES {
        told.push_str("     | …\n");
    }
    for said in &line.says {
        told.push_str(&format!("       {}\n", sentence(words, said)));
    }
    let layer = match line.layer {
        LayerEffect::Base => "base",
        LayerEffect::Files => "files",
        LayerEffect::Folder => "folder",
        LayerEffect::Settings => "settings",
        LayerEffect::Nothing => "nothing",
    };
    told.push_str(&format!("       {}\n", words.text(&format!("explain.layer.{layer}"), &[])));
    if !line.depends.is_empty() {
        told.push_str(&format!("       {}:\n", words.text("cli.explain.depends", &[])));
    }
    for said in &line.depends {
        told.push_str(&format!("         - {}\n", sentence(words, said)));
    }
    told
}

fn sentence(words: Words, said: &Saying) -> String {
    let params: Vec<(&str, &str)> =
        said.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visible(&words.text(&format!("explain.{}", said.code), &params))
}

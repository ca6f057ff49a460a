//! `strata doctor`

use std::io::Write;

use strata_app::api::{Doctor, ProbeState};

use crate::failure::Failure;
use crate::output;
use crate::session::Session;
use crate::visible::visible;

/// Tries what this machine can do, and prints it.
pub async fn doctor(session: &Session) -> Result<(), Failure> {
    let found = session.app.doctor().await?;
    if session.json {
        return Ok(output::document(&found)?);
    }
    print(session, &found)
}

fn print(session: &Session, found: &Doctor) -> Result<(), Failure> {
    let words = |key: &str| session.words.text(key, &[]);
    let mut out = output::results();
    let mode = found.run_mode.as_deref().unwrap_or("none");
    writeln!(out, "{}: {}", words("doctor.run"), words(&format!("doctor.mode.{mode}")))?;
    for probe in &found.probes {
        let mark = match probe.state {
            ProbeState::Works => '+',
            ProbeState::Limited => '~',
            ProbeState::Fails => '-',
            ProbeState::NotNeeded => ' ',
        };
        let detail = probe.detail.as_deref().map(visible).unwrap_or_default();
        let title = words(&format!("doctor.{}.title", probe.code));
        writeln!(out, "{mark} {title}{}{detail}", if detail.is_empty() { "" } else { ": " })?;
        if let Some(fix) = &probe.fix {
            writeln!(out, "    {}", words(&format!("doctor.fix.{fix}")))?;
        }
        if let Some(command) = &probe.command {
            writeln!(out, "    $ {command}")?;
        }
    }
    Ok(out.flush()?)
}

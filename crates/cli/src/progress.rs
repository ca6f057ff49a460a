//! How far a job is, on stderr: drawn on a terminal, or as JSON lines for a program.

mod drawing;

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use strata_app::api::JobEvent;

use crate::arguments::ProgressMode;
use crate::session::Session;

use drawing::Drawing;

/// Shows the events of one job.
#[derive(Debug)]
pub enum Progress {
    /// Drawn, and drawn again.
    Drawn(Box<Mutex<Drawing>>),
    /// One JSON object a line.
    Json,
}

impl Progress {
    /// What the person asked for; nothing where nobody looks.
    pub fn of(session: &Session) -> Option<Self> {
        match session.progress {
            ProgressMode::Json => Some(Self::Json),
            ProgressMode::Auto if io::stderr().is_terminal() => {
                Some(Self::Drawn(Box::new(Mutex::new(Drawing::new(session.words)))))
            }
            ProgressMode::Auto | ProgressMode::None => None,
        }
    }

    /// Shows what changed. A stderr that is closed is nobody's business.
    pub fn tell(&self, event: &JobEvent) {
        let text = match self {
            Self::Drawn(drawing) => {
                let mut drawing = drawing.lock().unwrap_or_else(PoisonError::into_inner);
                drawing.take(event);
                drawing.draw()
            }
            Self::Json => match serde_json::to_string(event) {
                Ok(line) => format!("{line}\n"),
                Err(_) => return,
            },
        };
        io::stderr().write_all(text.as_bytes()).ok();
    }
}

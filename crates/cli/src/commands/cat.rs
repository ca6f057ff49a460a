//! `strata cat`

use std::io::{self, Write};

use strata_app::App;

use super::lost;
use crate::arguments::{Cat, OneImage};
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// Prints a file's bytes and nothing else.
pub async fn cat(session: &Session, wanted: Cat) -> Result<(), Failure> {
    let app = session.app.clone();
    let printed = tokio::task::spawn_blocking(move || print(&app, &wanted)).await;
    printed.unwrap_or_else(|_| Err(lost("cat")))
}

fn print(app: &App, wanted: &Cat) -> Result<(), Failure> {
    let mut out = Watched { out: output::results(), failed: None };
    let path = wanted.path.as_encoded_bytes();
    let OneImage { reference, platform } = &wanted.image;
    let written = app.cat(reference, platform.as_deref(), path, wanted.layer, &mut out);
    let Watched { mut out, failed } = out;
    match failed {
        Some(error) => Err(error.into()),
        None => {
            written?;
            Ok(out.flush()?)
        }
    }
}

/// Keeps the failure of stdout, which is another thing than a failure of the store.
struct Watched<W> {
    out: W,
    failed: Option<io::Error>,
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).inspect_err(|error| {
            self.failed = Some(io::Error::new(error.kind(), error.to_string()));
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

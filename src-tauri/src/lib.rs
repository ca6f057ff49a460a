//! The window's shell: it hands what the page asks for to [`strata_app::App`], and tells the page what changed.
//!
//! It decides nothing. The page may call what `capabilities/default.json` permits and nothing else, and may go nowhere
//! but to its own files.

pub mod commands;
pub mod renderer;

mod changes;
mod closing;
mod page;

use strata_app::api::UserError;
use strata_app::{App, Options, Paths};
use tauri::{Builder, Context, Manager, Runtime};

/// What the commands work with. A store that cannot be opened does not keep the window from opening: every command
/// then answers why.
#[derive(Debug)]
pub struct Shell {
    app: Result<App, UserError>,
}

impl Shell {
    /// With an app, or the reason why there is none.
    #[must_use]
    pub const fn new(app: Result<App, UserError>) -> Self {
        Self { app }
    }

    /// The app.
    ///
    /// # Errors
    /// If it could not be opened.
    pub fn app(&self) -> Result<&App, UserError> {
        self.app.as_ref().map_err(Clone::clone)
    }
}

/// The window and its commands over an app, on any of Tauri's runtimes.
#[must_use]
pub fn build_app<R: Runtime>(builder: Builder<R>, shell: Shell) -> Builder<R> {
    builder.manage(shell).plugin(closing::plugin()).invoke_handler(commands::handler()).setup(
        |tauri| {
            page::open(tauri)?;
            let shell = tauri.state::<Shell>();
            if let Ok(app) = shell.app() {
                changes::tell(tauri.handle(), app);
            }
            Ok(())
        },
    )
}

/// What `tauri.conf.json`, the capabilities and the page's files were built into.
#[must_use]
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// Opens the window and returns when it was closed.
///
/// # Errors
/// If the system cannot show a window.
pub fn run() -> tauri::Result<()> {
    let app = App::open(Paths::from_environment(None), Options::default());
    build_app(Builder::default(), Shell::new(app)).run(context())
}

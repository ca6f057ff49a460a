//! A screen and a session bus where there are none.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::error::TaskError;

/// A running Xvfb; it ends with this value.
pub struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts Xvfb on the first free display number, with one screen of this many pixels.
    pub fn start(width: u32, height: u32) -> Result<Self, TaskError> {
        let screen = format!("{width}x{height}x24");
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-dpi", "96"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| TaskError::Start { program: "Xvfb".to_owned(), source })?;
        let mut number = String::new();
        if let Some(stdout) = server.stdout.take() {
            // An error here leaves the text empty, which is refused below.
            BufReader::new(stdout).read_line(&mut number).ok();
        }
        let display = Self { server, name: format!(":{}", number.trim()) };
        if number.trim().parse::<u32>().is_err() {
            return Err(TaskError::Output {
                command: "Xvfb -displayfd 1".to_owned(),
                expected: "a display number",
                found: number.trim().to_owned(),
            });
        }
        Ok(display)
    }

    /// The display's name, as in `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A program on this display, with a session bus of its own and no Wayland to prefer.
    pub fn session(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("dbus-run-session");
        command.arg("--").arg(program);
        command.env("DISPLAY", &self.name).env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1");
        command.env_remove("WAYLAND_DISPLAY");
        // WebKit's accelerated path stays on: without it the driver's screenshots never come.
        command.env("LIBGL_ALWAYS_SOFTWARE", "1");
        command
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

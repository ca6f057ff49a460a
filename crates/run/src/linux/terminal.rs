//! The caller's end of a command in a terminal.

use std::fs::File;

use rustix::termios::{Winsize, tcsetwinsize};

use super::channel::Channel;
use super::session::answer;
use super::wire::{Answer, Request};
use crate::{Exit, RunError, TerminalSize};

const DOING: &str = "run a command in a terminal";

/// A command in a terminal. Dropping it ends the command and all that it started.
#[derive(Debug)]
pub struct Terminal {
    master: File,
    channel: Channel,
}

impl Terminal {
    /// Waits until the command is about to run.
    pub(super) fn of(channel: Channel) -> Result<Self, RunError> {
        let (_, fds) = answer(&channel, DOING)?;
        let master = fds.into_iter().next().map(File::from);
        master.map(|master| Self { master, channel }).ok_or(RunError::HelperGone { doing: DOING })
    }

    /// What the command writes and reads: `&File` does both, from two threads if need be. Reading ends with an error
    /// (`EIO`) when nobody is left at the other end.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.master
    }

    /// Tells the command that the terminal has another size.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`] if the terminal is gone.
    pub fn resize(&self, size: TerminalSize) -> Result<(), RunError> {
        let (ws_row, ws_col) = (size.rows, size.columns);
        tcsetwinsize(&self.master, Winsize { ws_row, ws_col, ws_xpixel: 0, ws_ypixel: 0 })
            .map_err(|error| RunError::Io { doing: "resize a terminal", source: error.into() })
    }

    /// Ends the command; [`Terminal::wait`] tells when it is gone.
    pub fn stop(&self) {
        // If it is gone already, the answer is on its way.
        let _ = self.channel.send(&Request::Stop, &[]);
    }

    /// Waits for the end of the command.
    ///
    /// # Errors
    ///
    /// [`RunError::Step`] for what stood in its way.
    pub fn wait(&self) -> Result<Exit, RunError> {
        match answer(&self.channel, DOING)? {
            (Answer::Exit(exit), _) => Ok(exit),
            _ => Err(RunError::HelperGone { doing: DOING }),
        }
    }
}

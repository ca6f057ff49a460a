//! Unpacking and capturing, seen by the caller.

use std::fs::File;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, poll};

use super::channel::Channel;
use super::running::LOOK;
use super::session::{Session, answer};
use super::wire::{Answer, Request};
use crate::{RunError, UnpackedLayer};

pub fn unpack(
    session: &Session,
    layer: &File,
    into: &Path,
    lowers: &[PathBuf],
    stopped: &dyn Fn() -> bool,
) -> Result<UnpackedLayer, RunError> {
    let doing = "unpack a layer";
    let request = Request::Unpack { into: into.to_owned(), lowers: lowers.to_vec() };
    let channel = session.request(&request, &[layer.as_fd()], doing)?;
    let was_stopped = wait(&channel, stopped);
    match answer(&channel, doing)? {
        (Answer::Unpacked(unpacked), _) => Ok(unpacked),
        (Answer::LayerRefused(_), _) if was_stopped => Err(RunError::Stopped),
        (Answer::LayerRefused(reason), _) => Err(RunError::Layer { doing, reason }),
        _ => Err(RunError::HelperGone { doing }),
    }
}

/// Waits until there is an answer; says whether Stop had to be passed on before.
fn wait(channel: &Channel, stopped: &dyn Fn() -> bool) -> bool {
    let mut told = false;
    loop {
        let mut fds = [PollFd::new(channel, PollFlags::IN)];
        if poll(&mut fds, Some(&LOOK)).is_ok_and(|ready| ready > 0) {
            return told;
        }
        if !told && stopped() {
            told = true;
            let _ = channel.send(&Request::Stop, &[]);
        }
    }
}

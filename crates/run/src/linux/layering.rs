//! Unpacking and capturing, seen by the caller.

use std::fs::File;
use std::io::{self, PipeReader, Read, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, poll};

use super::channel::Channel;
use super::running::LOOK;
use super::session::{Session, answer};
use super::wire::{Answer, Request};
use crate::{CaptureSpec, CapturedLayer, RunError, UnpackedLayer};

const BUFFER_BYTES: usize = 64 << 10;

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

pub fn capture(
    session: &Session,
    (upper, lowers): (&Path, &[PathBuf]),
    spec: CaptureSpec,
    out: &mut dyn Write,
    stopped: &dyn Fn() -> bool,
) -> Result<CapturedLayer, RunError> {
    let doing = "make a layer of a run";
    let failed = |source| RunError::Io { doing, source };
    let (tar, end) = io::pipe().map_err(failed)?;
    let (upper, lowers) = (upper.to_owned(), lowers.to_vec());
    let request = Request::Capture { upper, lowers, spec };
    let channel = session.request(&request, &[end.as_fd()], doing)?;
    drop(end);
    // Closed when it comes back: the helper then finds nobody to write to, and ends.
    let copied = copy(tar, out, stopped);
    let answered = answer(&channel, doing);
    match (copied, answered?) {
        (Ok(true), _) => Err(RunError::Stopped),
        (Err(source), _) => Err(failed(source)),
        (Ok(false), (Answer::Captured(captured), _)) => Ok(captured),
        (_, (Answer::LayerRefused(reason), _)) => Err(RunError::Layer { doing, reason }),
        _ => Err(RunError::HelperGone { doing }),
    }
}

/// Passes on what comes until the pipe's end; says whether it was stopped.
fn copy(mut from: PipeReader, out: &mut dyn Write, stopped: &dyn Fn() -> bool) -> io::Result<bool> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        if stopped() {
            return Ok(true);
        }
        let mut fds = [PollFd::new(&from, PollFlags::IN)];
        if poll(&mut fds, Some(&LOOK)) == Ok(0) {
            continue;
        }
        match from.read(&mut buffer)? {
            0 => return Ok(false),
            got => out.write_all(&buffer[..got])?,
        }
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

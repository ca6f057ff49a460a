//! A run, seen by the caller: pipes are read as they fill, until the end is told and both are empty.

use std::io::{self, PipeReader, Read};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::channel::Channel;
use super::session::{Session, answer};
use super::wire::{Answer, Request};
use crate::{Exit, Output, RunError, RunSpec};

/// How long the wait lasts between two looks at whether somebody stopped it.
pub const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
const DOING: &str = "run a command";

pub fn run(
    session: &Session,
    spec: &RunSpec,
    output: &mut dyn FnMut(Output<'_>),
    stopped: &dyn Fn() -> bool,
) -> Result<Exit, RunError> {
    let failed = |source| RunError::Io { doing: DOING, source };
    let (out, out_end) = io::pipe().map_err(failed)?;
    let (err, err_end) = io::pipe().map_err(failed)?;
    let request = Request::Run(Box::new(spec.clone()));
    let channel = session.request(&request, &[out_end.as_fd(), err_end.as_fd()], DOING)?;
    drop((out_end, err_end));
    let mut watched = Watched { out: Some(out), err: Some(err), channel, buffer: vec![0; 65536] };
    let mut exit = None;
    let mut told = false;
    while exit.is_none() || watched.out.is_some() || watched.err.is_some() {
        if watched.turn(exit.is_none(), output).map_err(failed)? {
            exit = Some(answer(&watched.channel, DOING));
        }
        if !told && exit.is_none() && stopped() {
            told = true;
            // If it is gone already, the answer is on its way.
            let _ = watched.channel.send(&Request::Stop, &[]);
        }
        if let Some(Err(_)) = exit {
            break;
        }
    }
    match exit {
        Some(Ok((Answer::Exit(exit), _))) => Ok(exit),
        Some(Err(error)) => Err(error),
        _ => Err(RunError::HelperGone { doing: DOING }),
    }
}

struct Watched {
    out: Option<PipeReader>,
    err: Option<PipeReader>,
    channel: Channel,
    buffer: Vec<u8>,
}

impl Watched {
    /// Waits for something to come, gives out what the command wrote; says whether there is an answer to read.
    fn turn(&mut self, answer_due: bool, output: &mut dyn FnMut(Output<'_>)) -> io::Result<bool> {
        let mut fds = Vec::with_capacity(3);
        let pipes = [&self.out, &self.err];
        for pipe in pipes.into_iter().flatten() {
            fds.push(PollFd::new(pipe, PollFlags::IN));
        }
        if answer_due {
            fds.push(PollFd::new(&self.channel, PollFlags::IN));
        }
        match poll(&mut fds, Some(&LOOK)) {
            Err(rustix::io::Errno::INTR) => return Ok(false),
            other => other?,
        };
        let mut ready =
            fds.iter().map(|fd| !fd.revents().is_empty()).collect::<Vec<_>>().into_iter();
        let out_ready = self.out.is_some() && ready.next() == Some(true);
        let err_ready = self.err.is_some() && ready.next() == Some(true);
        let answered = answer_due && ready.next() == Some(true);
        if out_ready {
            drain(&mut self.out, &mut self.buffer, &mut |bytes| output(Output::Stdout(bytes)))?;
        }
        if err_ready {
            drain(&mut self.err, &mut self.buffer, &mut |bytes| output(Output::Stderr(bytes)))?;
        }
        Ok(answered)
    }
}

/// One read; a pipe that is at its end is closed.
fn drain(
    pipe: &mut Option<PipeReader>,
    buffer: &mut [u8],
    give: &mut dyn FnMut(&[u8]),
) -> io::Result<()> {
    let Some(reader) = pipe else { return Ok(()) };
    match reader.read(buffer)? {
        0 => *pipe = None,
        got => give(&buffer[..got]),
    }
    Ok(())
}

//! One child for each request, so that one that goes wrong takes nothing with it.

use std::os::fd::{AsFd, OwnedFd};

use rustix::process::{Signal, WaitOptions, getpid, getppid, set_parent_process_death_signal};

use super::command::Ends;
use super::{Done, failed, files, layers, probe, supervise};
use crate::Mode;
use crate::linux::channel::Channel;
use crate::linux::kernel;
use crate::linux::wire::{Answer, Request, Started};

/// Answers requests until the caller is gone.
pub fn serve(mode: Mode) {
    rustix::process::umask(rustix::fs::Mode::empty());
    let control = match take_control() {
        Ok(control) => control,
        Err(_) => return,
    };
    if control.send(&Started::Ok(()), &[]).is_err() {
        return;
    }
    let helper = getpid();
    while let Ok(Some(((), fds))) = control.receive() {
        // Those that have ended meanwhile.
        while let Ok(Some(_)) = rustix::process::wait(WaitOptions::NOHANG) {}
        let Some(fd) = fds.into_iter().next() else { continue };
        if let Ok(None) = kernel::fork() {
            drop(control);
            let _ = set_parent_process_death_signal(Some(Signal::KILL));
            if getppid() == Some(helper) {
                work(&Channel::from(fd), mode);
            }
            kernel::leave(0);
        }
    }
}

/// The channel to the caller, which arrived as standard input; nothing else may read from that.
fn take_control() -> std::io::Result<Channel> {
    let control = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
    let null = std::fs::File::open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null)?;
    Ok(control.into())
}

fn work(channel: &Channel, mode: Mode) {
    let Ok(Some((request, fds))) = channel.receive() else { return };
    let done = match request {
        Request::Run(spec) => {
            two(fds).and_then(|pipes| supervise::run(channel, mode, &spec, Ends::Pipes(pipes)))
        }
        Request::Terminal(spec, size) => supervise::run(channel, mode, &spec, Ends::Terminal(size)),
        Request::Remove(path) => files::remove(&path).map(|()| Answer::Done),
        Request::List(path) => files::list(&path).map(Answer::Listed),
        Request::Own { path, mode: bits, uid, gid } => {
            files::own(&path, bits, uid, gid).map(|()| Answer::Done)
        }
        Request::Open(path) => {
            return match files::open(&path) {
                Ok(file) => drop(channel.send(&Answer::Done, &[file.as_fd()])),
                Err(failure) => drop(channel.send(&Answer::Failed(failure), &[])),
            };
        }
        Request::Unpack { into, lowers } => match fds.into_iter().next() {
            Some(layer) => Ok(layers::unpack(channel, mode, layer.into(), &into, lowers)),
            None => Err(failed("take", "a layer")(rustix::io::Errno::BADF)),
        },
        Request::Capture { upper, lowers, spec } => match fds.into_iter().next() {
            Some(out) => Ok(layers::capture(out.into(), &upper, &lowers, spec)),
            None => Err(failed("take", "a pipe")(rustix::io::Errno::BADF)),
        },
        Request::Probe(folder) => Ok(Answer::Probed(probe::probe(mode, &folder))),
        Request::Stop => return,
    };
    let answer: Done<Answer> = done;
    let _ = channel.send(&answer.unwrap_or_else(Answer::Failed), &[]);
}

/// Both pipes of a run.
fn two(fds: Vec<OwnedFd>) -> Done<[OwnedFd; 2]> {
    <[OwnedFd; 2]>::try_from(fds)
        .map_err(|_| failed("take", "the pipes of a run")(rustix::io::Errno::BADF))
}

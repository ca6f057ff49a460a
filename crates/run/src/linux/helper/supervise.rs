//! The process that watches over one run: outside of it, beside the helper. It ends the run when the caller says so or is
//! gone, and takes away what the mounts left in the upper folder.

use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use rustix::thread::UnshareFlags;

use super::command::Ends;
use super::network::Starter;
use super::upper::Upper;
use super::{Done, failed, failed_for, init};
use crate::linux::channel::Channel;
use crate::linux::kernel;
use crate::linux::wire::{Answer, Report, Request, UpperMarks};
use crate::{Ending, Exit, Failure, Mode, Network, Reason, RunSpec, Weakness};

/// Carries out one run.
pub fn run(channel: &Channel, mode: Mode, spec: &RunSpec, ends: Ends) -> Done<Answer> {
    let upper = Upper::prepare(spec)?;
    // Forked before the next process becomes the first of a new namespace.
    let starter = match spec.network {
        Network::Isolated => Some(Starter::fork()?),
        Network::Host | Network::None => None,
    };
    let (reports, theirs) = Channel::pair().map_err(failed("make", "a channel"))?;
    kernel::unshare(UnshareFlags::NEWPID).map_err(failed_for(
        Reason::NoNamespace,
        "make",
        "a namespace of processes",
    ))?;
    let Some(first) = kernel::fork().map_err(failed("fork", "the run"))? else {
        drop(reports);
        init::main(mode, spec, &theirs, ends)
    };
    drop((theirs, ends));
    let mut watch = Watch { first, stopped: false, story: Story::default(), starter };
    watch.until_the_end(channel, &reports);
    let _ = waitpid(Some(first), WaitOptions::empty());
    drop(watch.starter.take());
    upper.tidy(&watch.story.marks);
    watch.answer(spec)
}

/// What has been reported.
#[derive(Default)]
struct Story {
    marks: UpperMarks,
    weaknesses: Vec<Weakness>,
    failure: Option<Failure>,
    not_executed: Option<i32>,
    ended: Option<(i32, Ending)>,
}

struct Watch {
    first: Pid,
    stopped: bool,
    story: Story,
    starter: Option<Starter>,
}

impl Watch {
    /// Until the first process has closed its end, that is, until it is gone.
    fn until_the_end(&mut self, channel: &Channel, reports: &Channel) {
        loop {
            let starter = self.starter.as_ref().filter(|starter| starter.is_asked);
            let mut fds = vec![PollFd::new(reports, PollFlags::IN)];
            // Once it has said Stop, or is closed, there is nothing more to hear from the caller.
            let caller = if self.stopped { reports } else { channel };
            fds.push(PollFd::new(caller, PollFlags::IN));
            fds.extend(starter.map(|starter| PollFd::new(&starter.channel, PollFlags::IN)));
            match poll(&mut fds, None) {
                Err(rustix::io::Errno::INTR) => continue,
                Err(_) => return self.kill(),
                Ok(_) => {}
            }
            let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
            if ready[1] && !self.stopped {
                // Stop, or a caller who is gone.
                let _ = channel.receive::<Request>();
                self.stopped = true;
                self.kill();
            }
            if ready.get(2) == Some(&true) {
                let answer = self.starter.as_mut().map(Starter::answer);
                let _ = reports.send(&answer.unwrap_or(Ok(())), &[]);
            }
            if ready[0] && !self.take_report(channel, reports) {
                return;
            }
        }
    }

    /// Says whether more may come: a namespace whose first process is gone has no other left.
    fn take_report(&mut self, channel: &Channel, reports: &Channel) -> bool {
        match reports.receive() {
            Ok(Some((Report::Terminal, fds))) => {
                let fds: Vec<_> = fds.iter().map(AsFd::as_fd).collect();
                let _ = channel.send(&Answer::Terminal, &fds);
            }
            Ok(Some((report, _))) => self.note(report, reports),
            _ => return false,
        }
        true
    }

    fn note(&mut self, report: Report, reports: &Channel) {
        match report {
            Report::NetworkWaits => {
                let asked = match &mut self.starter {
                    Some(starter) => starter.ask(self.first),
                    None => Ok(()),
                };
                if asked.is_err() {
                    let _ = reports.send(&asked, &[]);
                }
            }
            Report::Prepared { marks, weaknesses } => {
                self.story.marks = marks;
                self.story.weaknesses = weaknesses;
            }
            Report::Terminal => {}
            Report::NotExecuted { errno } => self.story.not_executed = Some(errno),
            Report::Ended { code, ending } => self.story.ended = Some((code, ending)),
            Report::Failed { failure, marks } => {
                if !marks.folders.is_empty() {
                    self.story.marks = marks;
                }
                self.story.failure = Some(failure);
            }
        }
    }

    fn kill(&self) {
        let _ = kill_process(self.first, Signal::KILL);
    }

    fn answer(self, spec: &RunSpec) -> Done<Answer> {
        let story = self.story;
        if let (Some(failure), false) = (story.failure, self.stopped) {
            return Err(failure);
        }
        let (code, ending) = match (story.not_executed, story.ended) {
            _ if self.stopped => (137, Ending::Stopped),
            (Some(libc::ENOENT | libc::ENOTDIR), _) => (127, Ending::NotFound),
            (Some(_), _) => (126, Ending::NotExecutable),
            (None, Some(ended)) => ended,
            (None, None) => (137, Ending::Killed),
        };
        let mut weaknesses = story.weaknesses;
        if spec.network == Network::Host {
            weaknesses.push(Weakness::HostNetwork);
        }
        Ok(Answer::Exit(Exit { code, ending, weaknesses }))
    }
}

/// Whether the other end of a channel is closed.
pub fn is_closed(channel: &Channel) -> bool {
    let now = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
    let fd = channel.as_fd();
    let mut fds = [PollFd::new(&fd, PollFlags::empty())];
    poll(&mut fds, Some(&now)).is_ok()
        && fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR)
}

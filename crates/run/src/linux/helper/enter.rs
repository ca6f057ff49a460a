//! Entering the rung: the namespace of users and its mapping of ids.

use std::fs;
use std::io;
use std::process::Command;

use rustix::process::{Pid, Signal, WaitOptions, getegid, geteuid, getpid};
use rustix::thread::UnshareFlags;

use super::{Done, failed, failed_for, seal};
use crate::linux::channel::Channel;
use crate::linux::wire::Started;
use crate::linux::{kernel, sub_ids};
use crate::{Failure, Mode, Reason};

/// `newuidmap` asks the machine's directory of users, which can hang.
const MAPPING_SECONDS: i64 = 20;

/// Enters the rung and goes on as a sealed copy, or says why not.
pub fn start(mode: Mode) {
    // Ctrl-C at a terminal is for the caller, who then stops us in order.
    let _ = rustix::process::setsid();
    let entered = enter(mode).map(|()| {
        let error = seal::go_on_sealed(&["serve", mode.argument()]);
        failed("execute", "strata-helper")(error)
    });
    let failure = match entered {
        Ok(failure) | Err(failure) => failure,
    };
    if let Ok(control) = rustix::io::dup(rustix::stdio::stdin()) {
        let _ = Channel::from(control).send(&Started::Err(failure), &[]);
    }
    std::process::exit(1);
}

fn enter(mode: Mode) -> Done<()> {
    match mode {
        Mode::Root => try_as_root(),
        Mode::SubIds => enter_with_sub_ids(),
        Mode::SingleId => enter_alone(),
    }
}

/// In a child, so that this process keeps seeing what is mounted outside later.
fn try_as_root() -> Done<()> {
    let no = || failed_for(Reason::NoNamespace, "make", "a namespace of mounts");
    let Some(child) = kernel::fork().map_err(no())? else {
        let done = kernel::unshare(UnshareFlags::NEWNS | UnshareFlags::NEWPID);
        let errno = done.err().map_or(0, |error| error.raw_os_error().unwrap_or(libc::EIO));
        kernel::leave(errno & 0xff);
    };
    let status = rustix::process::waitpid(Some(child), WaitOptions::empty()).ok().flatten();
    match status.and_then(|(_, status)| status.exit_status()) {
        Some(0) => Ok(()),
        other => Err(no()(io::Error::from_raw_os_error(other.unwrap_or(libc::EIO)))),
    }
}

fn enter_alone() -> Done<()> {
    let (uid, gid) = (geteuid().as_raw(), getegid().as_raw());
    new_namespace()?;
    let write = |file: &'static str, text: String| {
        let written = fs::write(format!("/proc/self/{file}"), text);
        written.map_err(failed_for(Reason::NoNamespace, "map ids in", file))
    };
    write("setgroups", "deny".to_owned())?;
    write("uid_map", format!("0 {uid} 1"))?;
    write("gid_map", format!("0 {gid} 1"))?;
    become_root(false)
}

fn enter_with_sub_ids() -> Done<()> {
    let (uid, gid) = (geteuid().as_raw(), getegid().as_raw());
    let users = sub_ids::of_this_user(sub_ids::SUBUID);
    let groups = sub_ids::of_this_user(sub_ids::SUBGID);
    for (file, ranges) in [(sub_ids::SUBUID, &users), (sub_ids::SUBGID, &groups)] {
        if ranges.is_empty() {
            return Err(Failure::new("find ids in", file, libc::ENOENT, Reason::NoNamespace));
        }
    }
    let maps = [
        ("newuidmap", sub_ids::mapping(uid, &users)),
        ("newgidmap", sub_ids::mapping(gid, &groups)),
    ];
    let mapper = Mapper::fork(getpid(), &maps)?;
    new_namespace()?;
    mapper.map()?;
    become_root(true)
}

fn new_namespace() -> Done<()> {
    let no = failed_for(Reason::NoNamespace, "make", "a namespace of users");
    kernel::unshare(UnshareFlags::NEWUSER).map_err(no)
}

/// Takes on the ids that the mapping gives us.
fn become_root(may_set_groups: bool) -> Done<()> {
    let no = || failed_for(Reason::NoNamespace, "become", "root of the namespace");
    if may_set_groups {
        rustix::thread::set_thread_groups(&[]).map_err(no())?;
    }
    let (uid, gid) = (rustix::process::Uid::ROOT, rustix::process::Gid::ROOT);
    rustix::thread::set_thread_res_gid(gid, gid, gid).map_err(no())?;
    rustix::thread::set_thread_res_uid(uid, uid, uid).map_err(no())
}

/// A child that stays outside of the namespace and writes its mapping from there.
struct Mapper {
    child: Pid,
    channel: Channel,
}

impl Mapper {
    fn fork(of: Pid, maps: &[(&'static str, Vec<String>)]) -> Done<Self> {
        let no = || failed("start", "newuidmap");
        let (ours, theirs) = Channel::pair().map_err(no())?;
        match kernel::fork().map_err(no())? {
            Some(child) => Ok(Self { child, channel: ours }),
            None => {
                drop(ours);
                if let Ok(Some(((), _))) = theirs.receive() {
                    let done = maps.iter().try_for_each(|(tool, map)| run_tool(tool, of, map));
                    let _ = theirs.send(&done, &[]);
                }
                kernel::leave(0);
            }
        }
    }

    fn map(self) -> Done<()> {
        let no = || failed_for(Reason::NoNamespace, "map ids with", "newuidmap");
        self.channel.send(&(), &[]).map_err(no())?;
        let timeout = rustix::event::Timespec { tv_sec: MAPPING_SECONDS, tv_nsec: 0 };
        let mut fds = [rustix::event::PollFd::new(&self.channel, rustix::event::PollFlags::IN)];
        let answered = rustix::event::poll(&mut fds, Some(&timeout)).is_ok_and(|ready| ready > 0);
        let done: Started = if answered {
            let answer = self.channel.receive().map_err(no())?;
            answer.map_or_else(
                || Err(no()(io::Error::from_raw_os_error(libc::EIO))),
                |(done, _)| done,
            )
        } else {
            let _ = rustix::process::kill_process(self.child, Signal::KILL);
            Err(no()(io::Error::from_raw_os_error(libc::ETIMEDOUT)))
        };
        let _ = rustix::process::waitpid(Some(self.child), WaitOptions::empty());
        done
    }
}

/// Runs `newuidmap` or `newgidmap`. Their own words go to the helper's standard error.
fn run_tool(tool: &'static str, of: Pid, map: &[String]) -> Started {
    let no = || failed_for(Reason::NoNamespace, "map ids with", tool);
    let path = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/run/wrappers/bin"]
        .iter()
        .map(|folder| std::path::Path::new(folder).join(tool))
        .find(|path| path.exists())
        .ok_or_else(|| no()(io::Error::from_raw_os_error(libc::ENOENT)))?;
    let status = Command::new(path)
        .arg(of.as_raw_nonzero().to_string())
        .args(map)
        .stdin(std::process::Stdio::null())
        .status()
        .map_err(no())?;
    if status.success() { Ok(()) } else { Err(no()(io::Error::from_raw_os_error(libc::EPERM))) }
}

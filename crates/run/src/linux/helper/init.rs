//! The first process of a run's namespace: it mounts, starts the command, buries the dead, and takes all with it when it
//! goes.

use std::os::fd::AsFd;

use rustix::mount::{MountPropagationFlags, UnmountFlags};
use rustix::process::{
    DumpableBehavior, Pid, Signal, WaitOptions, WaitStatus, set_dumpable_behavior,
    set_parent_process_death_signal,
};
use rustix::thread::UnshareFlags;

use super::command::Ends;
use super::inside::Inside;
use super::mount::{attach_at, open_folder};
use super::supervise::is_closed;
use super::{Done, command, failed, failed_for, lent, overlay, requested, system};
use crate::linux::channel::Channel;
use crate::linux::kernel;
use crate::linux::wire::{Report, Started, UpperMarks};
use crate::{Ending, Failure, Mode, Network, Reason, RunSpec, Weakness};

/// Runs the command and never comes back.
pub fn main(mode: Mode, spec: &RunSpec, reports: &Channel, ends: Ends) -> ! {
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    // Root of the run must not look into this process: its files, its memory, its program.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    // Above all the folders that the process before this one holds open: a working folder `/proc/self/fd/N` would be
    // outside.
    let mut kept = vec![reports.as_fd()];
    if let Ends::Pipes(pipes) = &ends {
        kept.extend(pipes.iter().map(AsFd::as_fd));
    }
    if kernel::close_all_but(&kept).is_err() || is_closed(reports) {
        kernel::leave(1);
    }
    let mut marks = UpperMarks::default();
    let prepared = prepare(mode, spec, reports, &mut marks);
    let weaknesses = match prepared {
        Ok(weaknesses) => weaknesses,
        Err(failure) => fail(reports, failure, marks),
    };
    if reports.send(&Report::Prepared { marks, weaknesses }, &[]).is_err() {
        kernel::leave(1);
    }
    let child = match kernel::fork() {
        Ok(Some(child)) => child,
        Ok(None) => {
            let failure = command::become_command(mode, spec, reports, ends);
            fail(reports, failure, UpperMarks::default())
        }
        Err(error) => {
            let failure = failed("fork", "the command")(error);
            fail(reports, failure, UpperMarks::default())
        }
    };
    drop(ends);
    let (code, ending) = bury_until(child);
    let _ = reports.send(&Report::Ended { code, ending }, &[]);
    kernel::leave(0)
}

fn fail(reports: &Channel, failure: Failure, marks: UpperMarks) -> ! {
    let _ = reports.send(&Report::Failed { failure, marks }, &[]);
    kernel::leave(1)
}

/// Waits for every process that loses its parent, until the command itself ends.
fn bury_until(command: Pid) -> (i32, Ending) {
    loop {
        match rustix::process::wait(WaitOptions::empty()) {
            Ok(Some((pid, status))) if pid == command => return ended(status),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return (137, Ending::Killed),
        }
    }
}

fn ended(status: WaitStatus) -> (i32, Ending) {
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => (code, Ending::Exited),
        (None, Some(signal)) => (128 + signal, Ending::Signalled),
        (None, None) => (137, Ending::Killed),
    }
}

/// Namespaces, mounts, network; afterwards `/` is the run's own.
fn prepare(
    mode: Mode,
    spec: &RunSpec,
    reports: &Channel,
    marks: &mut UpperMarks,
) -> Done<Vec<Weakness>> {
    let mut namespaces =
        UnshareFlags::NEWNS | UnshareFlags::NEWIPC | UnshareFlags::NEWUTS | UnshareFlags::NEWCGROUP;
    if spec.network != Network::Host {
        namespaces |= UnshareFlags::NEWNET;
    }
    kernel::unshare(namespaces).map_err(failed_for(Reason::NoNamespace, "make", "namespaces"))?;
    connect(spec.network, reports)?;
    rustix::system::sethostname(spec.hostname.as_bytes())
        .map_err(failed("set the host name to", &spec.hostname))?;
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    rustix::mount::mount_change(c"/", private).map_err(failed_for(
        Reason::NoNamespace,
        "keep apart",
        "/",
    ))?;
    let root = overlay::of_run(mode, spec)?;
    // Below the overlay that is mounted on it, this is still the folder itself.
    let upper = open_folder(&spec.upper)?;
    attach_at(&root, &spec.upper)?;
    let mut inside = Inside::new(root, upper)?;
    let mounted = mount_all(mode, spec, &mut inside);
    *marks = inside.marks()?;
    let mut weaknesses = mounted?;
    if mode == Mode::SingleId {
        weaknesses.push(Weakness::PretendedOwners);
    }
    move_in(&inside)?;
    Ok(weaknesses)
}

fn connect(network: Network, reports: &Channel) -> Done<()> {
    let no = || failed_for(Reason::NoNetwork, "connect", "the run's network");
    if network != Network::Host {
        kernel::loopback_up().map_err(no())?;
    }
    if network == Network::Isolated {
        reports.send(&Report::NetworkWaits, &[]).map_err(no())?;
        let started = reports.receive::<Started>().map_err(no())?;
        return started
            .map_or_else(|| Err(no()(rustix::io::Errno::PIPE.into())), |(started, _)| started);
    }
    Ok(())
}

fn mount_all(mode: Mode, spec: &RunSpec, inside: &mut Inside) -> Done<Vec<Weakness>> {
    // Files that are lent stand on a desk that only this process sees; it goes away with the old root.
    let desk = lent::Desk::new(&spec.work)?;
    let weaknesses = system::mount(mode, spec, &desk, inside)?;
    lent::mount(mode, spec, &desk, inside)?;
    requested::mount(mode, spec, &desk, inside)?;
    Ok(weaknesses)
}

/// Makes the overlay the root and lets go of the old one.
fn move_in(inside: &Inside) -> Done<()> {
    let no = || failed("move into", "the new root");
    rustix::process::fchdir(inside.root()).map_err(no())?;
    rustix::process::pivot_root(c".", c".").map_err(no())?;
    rustix::mount::unmount(c".", UnmountFlags::DETACH).map_err(no())?;
    rustix::process::chdir(c"/").map_err(no())?;
    Ok(())
}

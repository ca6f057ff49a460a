//! A network of the run's own: `slirp4netns` or `pasta` carries its packets as an ordinary program's connections.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, set_parent_process_death_signal};

use super::{Done, failed, failed_for};
use crate::linux::channel::Channel;
use crate::linux::kernel;
use crate::linux::wire::Started;
use crate::{Failure, Network, Reason};

/// The tool's own server of names, seen from inside.
const NAMES: &str = "10.0.2.3";
/// How long a tool may take until there is a way out.
const PATIENCE: Duration = Duration::from_secs(15);
const FOLDERS: [&str; 4] = ["/usr/bin", "/usr/local/bin", "/bin", "/usr/sbin"];

/// The device that both tools need.
pub const TUN: &str = "/dev/net/tun";

/// The text of a run's `/etc/resolv.conf`.
pub fn resolv_conf(network: Network) -> String {
    match network {
        Network::Host => fs::read_to_string("/etc/resolv.conf").unwrap_or_default(),
        Network::None => String::new(),
        Network::Isolated => format!("nameserver {NAMES}\n"),
    }
}

/// The tool that is there: its path, and its arguments for a process's network.
pub fn tool() -> Option<PathBuf> {
    ["slirp4netns", "pasta"]
        .iter()
        .flat_map(|tool| FOLDERS.iter().map(move |folder| Path::new(folder).join(tool)))
        .find(|path| path.is_file())
}

/// The namespace is standard input: `pasta` may not look at the first process any more when it opens it, and its later
/// versions close every other file first. Neither tool lets the run reach what this computer offers to itself.
fn arguments(tool: &Path) -> Vec<&'static str> {
    if tool.ends_with("pasta") {
        let closed = ["-t", "none", "-u", "none", "-T", "none", "-U", "none", "--no-map-gw"];
        let mut words = vec!["--foreground", "--quiet", "--config-net", "--runas", "0"];
        words.extend(closed);
        words.extend(["--netns-only", "--dns-forward", NAMES, "--netns", "/proc/self/fd/0"]);
        words
    } else {
        let words = ["--configure", "--mtu=65520", "--disable-host-loopback"];
        words.into_iter().chain(["--netns-type=path", "/proc/self/fd/0", "tap0"]).collect()
    }
}

/// A child outside of the run's namespaces that starts the tool when the run's network is there. Dropping it ends both.
pub struct Starter {
    child: Pid,
    /// Where its answer comes.
    pub channel: Channel,
    /// Whether an answer is to come.
    pub is_asked: bool,
}

impl Starter {
    /// Forks it.
    pub fn fork() -> Done<Self> {
        let no = || failed("start", "the network's tool");
        let (ours, theirs) = Channel::pair().map_err(no())?;
        match kernel::fork().map_err(no())? {
            Some(child) => Ok(Self { child, channel: ours, is_asked: false }),
            None => {
                drop(ours);
                let _ = set_parent_process_death_signal(Some(Signal::KILL));
                carry(&theirs);
                kernel::leave(0)
            }
        }
    }

    /// Has it start the tool for the network of `first`. Its answer comes when there is a way out.
    pub fn ask(&mut self, first: Pid) -> Started {
        let no = failed_for(Reason::NoNetwork, "start", "the network's tool");
        self.is_asked = true;
        self.channel.send(&first.as_raw_nonzero().get(), &[]).map_err(no)
    }

    /// The answer, once it is there.
    pub fn answer(&mut self) -> Started {
        let no = || failed_for(Reason::NoNetwork, "start", "the network's tool");
        self.is_asked = false;
        let started = self.channel.receive::<Started>().map_err(no())?;
        started.map_or_else(|| Err(no()(rustix::io::Errno::PIPE.into())), |(started, _)| started)
    }
}

impl Drop for Starter {
    fn drop(&mut self) {
        // The channel's end tells it to end the tool; should it not listen, it is ended itself.
        let _ = rustix::net::shutdown(&self.channel, rustix::net::Shutdown::Both);
        let until = Instant::now() + Duration::from_secs(2);
        while Instant::now() < until {
            match rustix::process::waitpid(Some(self.child), WaitOptions::NOHANG) {
                Ok(None) => std::thread::sleep(Duration::from_millis(2)),
                _ => return,
            }
        }
        let _ = kill_process(self.child, Signal::KILL);
        let _ = rustix::process::waitpid(Some(self.child), WaitOptions::empty());
    }
}

fn carry(channel: &Channel) {
    let Ok(Some((pid, _))) = channel.receive::<i32>() else { return };
    let Some(pid) = Pid::from_raw(pid) else { return };
    match start_tool(pid) {
        Ok(mut tool) => {
            let _ = channel.send(&Started::Ok(()), &[]);
            let _ = channel.receive::<()>();
            let _ = tool.kill();
            let _ = tool.wait();
        }
        Err(failure) => drop(channel.send(&Started::Err(failure), &[])),
    }
}

fn start_tool(pid: Pid) -> Done<Child> {
    let no = |subject: &Path, errno| {
        Failure::new("connect the run's network with", subject, errno, Reason::NoNetwork)
    };
    let Some(path) = tool() else { return Err(no("pasta".as_ref(), libc::ENOENT)) };
    if let Err(error) = fs::File::options().read(true).write(true).open(TUN) {
        return Err(no(TUN.as_ref(), error.raw_os_error().unwrap_or(libc::EIO)));
    }
    let space = fs::File::open(format!("/proc/{}/ns/net", pid.as_raw_nonzero()))
        .map_err(failed_for(Reason::NoNetwork, "open", "the run's network"))?;
    let mut command = Command::new(&path);
    command.args(arguments(&path)).stdin(space).stdout(Stdio::null()).stderr(Stdio::null());
    kernel::die_together(&mut command);
    let mut tool = command.spawn().map_err(failed_for(Reason::NoNetwork, "start", &path))?;
    let until = Instant::now() + PATIENCE;
    while !has_way_out(pid) {
        let is_gone = tool.try_wait().map_or(true, |status| status.is_some());
        if is_gone || Instant::now() > until {
            let _ = tool.kill();
            let _ = tool.wait();
            return Err(no(&path, if is_gone { libc::EIO } else { libc::ETIMEDOUT }));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(tool)
}

/// Whether the network of a process has a route: one line below the head of the table.
fn has_way_out(pid: Pid) -> bool {
    let table = fs::read_to_string(format!("/proc/{}/net/route", pid.as_raw_nonzero()));
    table.is_ok_and(|table| table.lines().count() > 1)
}

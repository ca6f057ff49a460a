//! The child that becomes the command.

use std::convert::Infallible;
use std::ffi::CString;
use std::fs::{DirBuilder, File};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use rustix::process::{Resource, Rlimit, chdir, getcwd, getrlimit, setrlimit};
use rustix::pty::{OpenptFlags, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

use rustix::termios::{Winsize, tcsetwinsize};

use super::people::{self, Person};
use super::{Done, failed, lent, privileges};
use crate::linux::channel::Channel;
use crate::linux::kernel;
use crate::linux::wire::Report;
use crate::{Certificates, Failure, Mode, Reason, RunSpec, TerminalSize};

/// How many files a program may open before it asks for more: what programs are written for.
const OPEN_FILES: u64 = 1024;

/// Where what the command writes goes.
pub enum Ends {
    /// Into these two pipes; there is nothing to read.
    Pipes([OwnedFd; 2]),
    /// Into a terminal of its own, from which it also reads.
    Terminal(TerminalSize),
}

impl Ends {
    /// Makes them standard input, output and error.
    fn connect(self, reports: &Channel) -> io::Result<()> {
        match self {
            Self::Pipes([output, errors]) => {
                dup2_stdin(File::open("/dev/null")?)?;
                dup2_stdout(output)?;
                dup2_stderr(errors)?;
            }
            Self::Terminal(size) => {
                let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
                // `/dev/ptmx` is the run's own by now.
                let master = openpt(flags)?;
                unlockpt(&master)?;
                let terminal = ioctl_tiocgptpeer(&master, flags)?;
                let (ws_row, ws_col) = (size.rows, size.columns);
                tcsetwinsize(&terminal, Winsize { ws_row, ws_col, ws_xpixel: 0, ws_ypixel: 0 })?;
                rustix::process::ioctl_tiocsctty(&terminal)?;
                reports.send(&Report::Terminal, &[master.as_fd()])?;
                dup2_stdin(&terminal)?;
                dup2_stdout(&terminal)?;
                dup2_stderr(&terminal)?;
            }
        }
        Ok(())
    }
}

/// Becomes the command; comes back with what stood in its way, and never if only the program itself was the trouble.
pub fn become_command(mode: Mode, spec: &RunSpec, reports: &Channel, ends: Ends) -> Failure {
    let ready = prepare(mode, spec, reports, ends);
    let (args, env, programs) = match ready {
        Ok(ready) => ready,
        Err(failure) => return failure,
    };
    let error = match first_of(&programs, &args, &env) {
        Err(error) => error,
        Ok(never) => match never {},
    };
    let errno = error.raw_os_error().unwrap_or(libc::ENOENT);
    let _ = reports.send(&Report::NotExecuted { errno }, &[]);
    kernel::leave(if errno == libc::ENOENT { 127 } else { 126 })
}

type Ready = (Vec<CString>, Vec<CString>, Vec<CString>);

fn prepare(mode: Mode, spec: &RunSpec, reports: &Channel, ends: Ends) -> Done<Ready> {
    rustix::process::setsid().map_err(failed("prepare", "the command"))?;
    kernel::reset_signals();
    ends.connect(reports).map_err(failed("connect", "the command's output"))?;
    let files = getrlimit(Resource::Nofile);
    let soft = OPEN_FILES.min(files.maximum.unwrap_or(OPEN_FILES));
    let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(soft), ..files });
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    let person = people::find(&spec.user)?;
    go_to(&spec.cwd)?;
    let env = environment(mode, spec, &person);
    let programs = candidates(spec, &env)?;
    let strings = |texts: &[String]| {
        let made: Result<Vec<_>, _> =
            texts.iter().map(|text| CString::new(text.as_str())).collect();
        made.map_err(|_| Failure::new("pass on", "a zero byte", libc::EINVAL, Reason::Other))
    };
    let ready = (strings(&spec.args)?, strings(&env)?, strings(&programs)?);
    privileges::drop_to(mode, spec, &person)?;
    Ok(ready)
}

/// The working folder, made if it is missing. One that lies outside of the root, as an open file of ours might, is none.
fn go_to(folder: &Path) -> Done<()> {
    let no = || failed("change to the folder", folder);
    let folder_in_root = Path::new("/").join(folder);
    if chdir(&folder_in_root).is_err() {
        let made = DirBuilder::new().recursive(true).mode(0o755).create(&folder_in_root);
        made.map_err(failed("make the folder", folder))?;
        chdir(&folder_in_root).map_err(no())?;
    }
    let here = getcwd(Vec::new()).map_err(no())?;
    if here.as_bytes().first() == Some(&b'/') {
        Ok(())
    } else {
        Err(no()(rustix::io::Errno::NOENT))
    }
}

/// What the step says, and what every program may expect; nothing of whoever started us.
fn environment(mode: Mode, spec: &RunSpec, person: &Person) -> Vec<String> {
    let mut env = spec.env.clone();
    let mut add = |name: &str, value: &str| {
        let is_set = env.iter().any(|one| one.split('=').next() == Some(name));
        if !is_set {
            env.push(format!("{name}={value}"));
        }
    };
    add("PATH", RunSpec::DEFAULT_PATH);
    add("HOME", person.home.as_deref().unwrap_or("/"));
    let has_bundle = spec.certificates != Certificates::None && Path::new(lent::BUNDLE).is_file();
    if has_bundle {
        lent::BUNDLE_VARIABLES.iter().for_each(|name| add(name, lent::BUNDLE));
    }
    if mode == Mode::SingleId {
        add("APT_CONFIG", lent::APT_CONFIG);
    }
    env
}

/// The files that may be meant by the program's name.
fn candidates(spec: &RunSpec, env: &[String]) -> Done<Vec<String>> {
    let program = spec.args.first().filter(|name| !name.is_empty());
    let Some(program) = program else {
        return Err(Failure::new("run", "an empty command", libc::EINVAL, Reason::Other));
    };
    if program.contains('/') {
        return Ok(vec![program.clone()]);
    }
    let path = env.iter().rev().find_map(|one| one.strip_prefix("PATH=")).unwrap_or_default();
    Ok(path
        .split(':')
        .map(|folder| if folder.is_empty() { "." } else { folder })
        .map(|folder| format!("{folder}/{program}"))
        .collect())
}

/// Tries each; one that is there and may not be executed is the answer only if no other can be.
fn first_of(
    programs: &[CString],
    args: &[CString],
    env: &[CString],
) -> Result<Infallible, io::Error> {
    let mut worst = io::Error::from_raw_os_error(libc::ENOENT);
    for program in programs {
        let Err(error) = kernel::exec(program, args, env);
        match error.raw_os_error() {
            Some(libc::ENOENT) if program.to_bytes().first() == Some(&b'/') && exists(program) => {
                // The file is there, its interpreter is not: a shell says "not found" as well.
                return Err(error);
            }
            Some(libc::ENOENT | libc::ENOTDIR) => {}
            Some(libc::EACCES) => worst = error,
            _ => return Err(error),
        }
    }
    Err(worst)
}

fn exists(program: &CString) -> bool {
    rustix::fs::access(program, rustix::fs::Access::EXISTS).is_ok()
}

//! The calls of the kernel for which no safe function exists. All unsafe code of this crate stands here.
#![allow(unsafe_code)]

use std::convert::Infallible;
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::process::{Pid, Signal, set_parent_process_death_signal};
use rustix::thread::UnshareFlags;

/// Splits this process in two. The child gets `None`.
///
/// Only for the helper, which never has a second thread: so no lock can be held by a thread that the child lacks.
pub fn fork() -> io::Result<Option<Pid>> {
    // SAFETY: the helper has one thread, see above, so the child may go on as any program.
    let raw = unsafe { libc::fork() };
    match raw {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(None),
        _ => Ok(Pid::from_raw(raw)),
    }
}

/// Ends this process without running what was registered for its end: that belongs to the process that was forked.
pub fn leave(code: i32) -> ! {
    // SAFETY: takes a number and does not return.
    unsafe { libc::_exit(code) }
}

/// Leaves namespaces for new ones.
pub fn unshare(flags: UnshareFlags) -> io::Result<()> {
    // SAFETY: unsafe in rustix because of `CLONE_FILES`, which takes file descriptors from other threads; never used.
    Ok(unsafe { rustix::thread::unshare_unsafe(flags) }?)
}

/// Becomes another program. Comes back only with an error.
pub fn exec(program: &CStr, args: &[CString], env: &[CString]) -> Result<Infallible, io::Error> {
    let (args, env) = (pointers(args), pointers(env));
    // SAFETY: both lists end with a null pointer and point to strings that outlive the call.
    unsafe { libc::execve(program.as_ptr(), args.as_ptr(), env.as_ptr()) };
    Err(io::Error::last_os_error())
}

/// Becomes the program that is open as `program`.
pub fn exec_file(
    program: BorrowedFd<'_>,
    args: &[CString],
    env: &[CString],
) -> Result<Infallible, io::Error> {
    let (args, env) = (pointers(args), pointers(env));
    // SAFETY: as in `exec`.
    unsafe { libc::fexecve(program.as_raw_fd(), args.as_ptr(), env.as_ptr()) };
    Err(io::Error::last_os_error())
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([std::ptr::null()]).collect()
}

/// Closes every file descriptor but standard input, output, error, and those that are kept.
///
/// For a process that has just begun, or was just forked and never goes back to where the others are known.
pub fn close_all_but(kept: &[BorrowedFd<'_>]) -> io::Result<()> {
    let mut numbers: Vec<u32> =
        kept.iter().filter_map(|fd| u32::try_from(fd.as_raw_fd()).ok()).collect();
    numbers.sort_unstable();
    let mut first = 3;
    for number in numbers.into_iter().chain([u32::MAX]) {
        if number > first {
            // SAFETY: closes numbers that may belong to values of this process, which callers never touch again.
            let done =
                unsafe { libc::syscall(libc::SYS_close_range, first, number.saturating_sub(1), 0) };
            checked(done)?;
        }
        first = number.saturating_add(1);
    }
    Ok(())
}

/// Gives every signal its usual meaning again and blocks none: Rust ignores `SIGPIPE`, and whoever started the helper
/// may have ignored more.
pub fn reset_signals() {
    for signal in 1..=64 {
        // SAFETY: the default is always a valid disposition; numbers that have none are refused, which is fine.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    // SAFETY: the set is made by `sigemptyset` before it is read.
    unsafe {
        let mut none = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
    }
}

/// Has a program that is about to be started die with this process.
pub fn die_together(command: &mut Command) {
    // SAFETY: between fork and exec there is one call of the kernel, which takes no lock and no memory.
    unsafe {
        command.pre_exec(|| Ok(set_parent_process_death_signal(Some(Signal::KILL))?));
    }
}

/// One instruction of a filter.
pub type Instruction = libc::sock_filter;

/// Puts a filter of system calls over this process. Needs `CAP_SYS_ADMIN` in its namespace of users, and therefore no
/// `no_new_privs`, with which `su` and `sudo` would no longer work.
pub fn install_filter(instructions: &mut [Instruction]) -> io::Result<()> {
    let length = u16::try_from(instructions.len())
        .map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    let program = libc::sock_fprog { len: length, filter: instructions.as_mut_ptr() };
    // SAFETY: the program points to `length` instructions and is copied by the kernel before the call returns.
    let done = unsafe {
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program)
    };
    checked(done)
}

/// Adds attributes (`MOUNT_ATTR_…`) to a mount, and to those below it.
pub fn add_mount_attributes(mount: BorrowedFd<'_>, attributes: u64, below: bool) -> io::Result<()> {
    let change =
        libc::mount_attr { attr_set: attributes, attr_clr: 0, propagation: 0, userns_fd: 0 };
    let flags = libc::AT_EMPTY_PATH | if below { libc::AT_RECURSIVE } else { 0 };
    // SAFETY: the path is an empty string, the structure has the size that is told.
    let done = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            mount.as_raw_fd(),
            c"".as_ptr(),
            flags,
            &raw const change,
            size_of::<libc::mount_attr>(),
        )
    };
    checked(done)
}

/// Switches the loopback device of this network namespace on.
pub fn loopback_up() -> io::Result<()> {
    let socket = rustix::net::socket(
        rustix::net::AddressFamily::INET,
        rustix::net::SocketType::DGRAM,
        None,
    )?;
    // SAFETY: all zeros is a valid `ifreq`.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    request.ifr_name[0] = b'l'.cast_signed() as libc::c_char;
    request.ifr_name[1] = b'o'.cast_signed() as libc::c_char;
    #[allow(clippy::cast_possible_truncation)] // the kernel's own types: the flags fit
    let flags = (libc::IFF_UP | libc::IFF_RUNNING) as i16;
    request.ifr_ifru.ifru_flags = flags;
    // SAFETY: the request is a complete `ifreq` with a name that ends with a zero.
    let done =
        unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS as _, &raw const request) };
    checked(done.into())
}

fn checked(done: i64) -> io::Result<()> {
    if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

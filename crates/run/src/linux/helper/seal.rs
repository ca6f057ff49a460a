//! The helper goes on as a sealed copy of itself in memory.
//!
//! What runs as root inside can reach the program file of its first process (`#!/proc/self/exe`) and could write to it;
//! on disk that file is what the next build, or the user, starts.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

use crate::linux::kernel;

/// Becomes the sealed copy, with these arguments. Comes back only with an error.
pub fn go_on_sealed(arguments: &[&str]) -> io::Error {
    match copy().and_then(|copy| become_it(&copy, arguments)) {
        Err(error) => error,
        Ok(never) => match never {},
    }
}

fn copy() -> io::Result<File> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    // Older kernels do not know the flag, and let every such file be executed.
    let memory = memfd_create(c"strata-helper", flags | MemfdFlags::EXEC)
        .or_else(|_| memfd_create(c"strata-helper", flags))?;
    let mut memory = File::from(memory);
    io::copy(&mut File::open("/proc/self/exe")?, &mut memory)?;
    let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
    fcntl_add_seals(&memory, seals)?;
    Ok(memory)
}

fn become_it(copy: &File, arguments: &[&str]) -> io::Result<std::convert::Infallible> {
    let arguments = std::iter::once(&"strata-helper")
        .chain(arguments)
        .map(|argument| CString::new(*argument))
        .collect::<Result<Vec<_>, _>>()?;
    kernel::exec_file(copy.as_fd(), &arguments, &[])
}

//! The helper's side: a process that has entered its namespace of users and forks a child for each request.
//!
//! It has one thread, always: only so may it fork and change namespaces at will.

mod command;
mod enter;
mod files;
mod init;
mod inside;
mod layers;
mod lent;
mod mount;
mod network;
mod overlay;
mod people;
mod privileges;
mod probe;
mod requested;
mod seal;
mod seccomp;
mod serve;
mod supervise;
mod syscalls;
mod system;
mod upper;

use super::kernel;
use crate::{Failure, Mode, Reason};

/// What `strata-helper` does: see `strata_run::Session`.
pub fn helper_main() {
    let arguments: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    // Whatever the caller left open is none of our business, and must never get into a run.
    let _ = kernel::close_all_but(&[]);
    match (words.first(), words.get(1).and_then(|word| Mode::of_argument(word))) {
        (Some(&"session"), Some(mode)) => enter::start(mode),
        (Some(&"serve"), Some(mode)) => serve::serve(mode),
        _ => {
            eprintln!("strata-helper is started by Strata and does nothing by hand");
            std::process::exit(2);
        }
    }
}

/// What is done in the helper, or why not.
type Done<T> = Result<T, Failure>;

/// Makes an error of the system a failure of a step.
fn failed<E: Into<std::io::Error>>(
    doing: &'static str,
    subject: impl AsRef<std::path::Path>,
) -> impl FnOnce(E) -> Failure {
    failed_for(Reason::Other, doing, subject)
}

/// The same, with what it means.
fn failed_for<E: Into<std::io::Error>>(
    reason: Reason,
    doing: &'static str,
    subject: impl AsRef<std::path::Path>,
) -> impl FnOnce(E) -> Failure {
    move |error| {
        let errno = error.into().raw_os_error().unwrap_or(libc::EIO);
        Failure::new(doing, subject, errno, reason)
    }
}

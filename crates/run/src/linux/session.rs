//! The caller's side of a helper process.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::channel::Channel;
use super::terminal::Terminal;
use super::wire::{Answer, Request, Started};
use super::{layering, running, sub_ids};
use crate::{
    CaptureSpec, CapturedLayer, Exit, Failure, Listed, Mode, Output, RunError, RunSpec,
    SessionOptions, TerminalSize, UnpackedLayer,
};

/// One helper process, standing on one rung. Its requests may come from several threads and run side by side.
///
/// Dropping it ends the helper and everything that it runs.
#[derive(Debug)]
pub struct Session {
    control: Mutex<Channel>,
    helper: Child,
    mode: Mode,
}

impl Session {
    /// Starts a helper on the rung that was asked for, or on the best one that works.
    ///
    /// # Errors
    ///
    /// [`RunError::Helper`] if the program cannot be started; [`RunError::Step`] for why the last rung that was tried
    /// does not hold.
    pub fn start(options: &SessionOptions) -> Result<Self, RunError> {
        if let Some(mode) = options.mode {
            return Self::start_on(&options.helper, mode);
        }
        let mut rungs = Vec::new();
        if rustix::process::geteuid().is_root() {
            rungs.push(Mode::Root);
        }
        if sub_ids::are_there() {
            rungs.push(Mode::SubIds);
        }
        rungs.push(Mode::SingleId);
        let mut last = RunError::Unsupported;
        for mode in rungs {
            match Self::start_on(&options.helper, mode) {
                Err(failed @ RunError::Step(_)) => last = failed,
                other => return other,
            }
        }
        Err(last)
    }

    fn start_on(helper: &Path, mode: Mode) -> Result<Self, RunError> {
        let failed = |source| RunError::Helper { path: helper.to_owned(), source };
        let (ours, theirs) = Channel::pair().map_err(failed)?;
        let child = Command::new(helper)
            .args(["session", mode.argument()])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let session = Self { control: Mutex::new(ours), helper: child, mode };
        let started = session.lock().receive::<Started>();
        match started {
            Ok(Some((Ok(()), _))) => Ok(session),
            Ok(Some((Err(failure), _))) => Err(failure.into()),
            _ => Err(RunError::HelperGone { doing: "start" }),
        }
    }

    /// The rung it stands on.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// A name for the owners that files have on disk when this session makes them: the rung, the user, its ranges of ids.
    /// What was made under another name is of no use here.
    #[must_use]
    pub fn mapping(&self) -> String {
        let own = rustix::process::geteuid().as_raw();
        match self.mode {
            Mode::Root => "root".to_owned(),
            Mode::SubIds => sub_ids::name_of_mapping(own, &sub_ids::of_this_user(sub_ids::SUBUID)),
            Mode::SingleId => format!("single-{own}"),
        }
    }

    /// Runs a command and gives out what it writes as it comes. `stopped` is asked some twenty times a second.
    ///
    /// # Errors
    ///
    /// [`RunError::Step`] for what stood in the command's way; a command that ran and failed is an [`Exit`].
    pub fn run(
        &self,
        spec: &RunSpec,
        output: &mut dyn FnMut(Output<'_>),
        stopped: &dyn Fn() -> bool,
    ) -> Result<Exit, RunError> {
        running::run(self, spec, output, stopped)
    }

    /// Runs a command in a terminal of its own, as a person who looks into a run does. The command is under way when this
    /// comes back.
    ///
    /// # Errors
    ///
    /// [`RunError::Step`] for what stood in the command's way.
    pub fn open_terminal(&self, spec: &RunSpec, size: TerminalSize) -> Result<Terminal, RunError> {
        let doing = "open a terminal";
        let request = Request::Terminal(Box::new(spec.clone()), size);
        Terminal::of(self.request(&request, &[], doing)?)
    }

    /// Unpacks a layer, however it is packed, into a folder that is not there yet or is empty, in the form that an overlay
    /// needs. `lowers`: the unpacked layers below, topmost first. Nothing is synced, and the diff ID is the caller's to
    /// compare: see [`Snapshots`](super::Snapshots).
    ///
    /// # Errors
    ///
    /// [`RunError::Layer`] if the layer is none, or cannot be made on this rung; what was made until then is of no use.
    pub fn unpack(
        &self,
        layer: &File,
        into: &Path,
        lowers: &[PathBuf],
        stopped: &dyn Fn() -> bool,
    ) -> Result<UnpackedLayer, RunError> {
        layering::unpack(self, layer, into, lowers, stopped)
    }

    /// Writes what a run left in its upper folder as a plain tar, in the same bytes each time. `lowers`: what the run lay
    /// on, topmost first.
    ///
    /// # Errors
    ///
    /// [`RunError::Layer`] if it cannot be a layer, [`RunError::Io`] if `out` refuses; what was written until then is of
    /// no use.
    pub fn capture(
        &self,
        upper: &Path,
        lowers: &[PathBuf],
        spec: CaptureSpec,
        out: &mut dyn Write,
        stopped: &dyn Fn() -> bool,
    ) -> Result<CapturedLayer, RunError> {
        layering::capture(self, (upper, lowers), spec, out, stopped)
    }

    /// Removes a file, or a folder with all that is in it, whatever their owners and permissions. Nothing there is fine.
    ///
    /// # Errors
    ///
    /// [`RunError::Step`] with the first thing that would not go.
    pub fn remove(&self, path: &Path) -> Result<(), RunError> {
        self.ask(&Request::Remove(path.to_owned()), "remove a folder").map(drop)
    }

    /// Lists a folder, also one that only ids of its own may read. Sorted by name.
    ///
    /// # Errors
    ///
    /// [`RunError::Step`] if it cannot be read.
    pub fn list(&self, path: &Path) -> Result<Vec<Listed>, RunError> {
        match self.ask(&Request::List(path.to_owned()), "list a folder")? {
            (Answer::Listed(entries), _) => Ok(entries),
            _ => Err(RunError::HelperGone { doing: "list a folder" }),
        }
    }

    /// Gives a folder an owner, a group and permissions, as they are seen inside. With a single id owners stay as they are.
    ///
    /// # Errors
    ///
    /// [`RunError::Step`] if it is no folder, or its owner is not one of the session's.
    pub fn own(&self, path: &Path, mode: u32, uid: u32, gid: u32) -> Result<(), RunError> {
        let (uid, gid) = if self.mode == Mode::SingleId { (0, 0) } else { (uid, gid) };
        let request = Request::Own { path: path.to_owned(), mode, uid, gid };
        self.ask(&request, "set the owner of a folder").map(drop)
    }

    /// Whether the helper is there.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.ask(&Request::List(PathBuf::from("/")), "look whether it is there").is_ok()
    }

    /// Opens a file for reading, also one that only ids of its own may read. A link is not followed.
    ///
    /// # Errors
    ///
    /// [`RunError::Step`] if it cannot be opened.
    pub fn open(&self, path: &Path) -> Result<File, RunError> {
        let (_, fds) = self.ask(&Request::Open(path.to_owned()), "open a file")?;
        let first = fds.into_iter().next();
        first.map(File::from).ok_or(RunError::HelperGone { doing: "open a file" })
    }

    /// Sends a request to a new child of the helper.
    pub(super) fn request(
        &self,
        request: &Request,
        fds: &[BorrowedFd<'_>],
        doing: &'static str,
    ) -> Result<Channel, RunError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => {
                RunError::HelperGone { doing }
            }
            _ => RunError::Io { doing, source },
        };
        let (ours, theirs) = Channel::pair().map_err(failed)?;
        self.lock().send(&(), &[theirs.as_fd()]).map_err(failed)?;
        drop(theirs);
        ours.send(request, fds).map_err(failed)?;
        Ok(ours)
    }

    /// Sends a request and waits for its answer.
    pub(super) fn ask(
        &self,
        request: &Request,
        doing: &'static str,
    ) -> Result<(Answer, Vec<OwnedFd>), RunError> {
        answer(&self.request(request, &[], doing)?, doing)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Channel> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for the answer on a request's channel.
pub(super) fn answer(
    channel: &Channel,
    doing: &'static str,
) -> Result<(Answer, Vec<OwnedFd>), RunError> {
    match channel.receive() {
        Ok(Some((Answer::Failed(failure), _))) => Err(failure.into()),
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err(RunError::HelperGone { doing }),
        Err(source) => Err(RunError::Io { doing, source }),
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The helper ends when its channel does, its children when it ends, the runs when they do.
        let _ = rustix::net::shutdown(&*self.lock(), rustix::net::Shutdown::Both);
        let _ = self.helper.wait();
    }
}

impl Mode {
    /// As the helper's argument.
    pub(super) fn argument(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::SubIds => "sub-ids",
            Self::SingleId => "single-id",
        }
    }

    /// Of the helper's argument.
    pub(super) fn of_argument(argument: &str) -> Option<Self> {
        [Self::Root, Self::SubIds, Self::SingleId]
            .into_iter()
            .find(|mode| mode.argument() == argument)
    }
}

impl Failure {
    /// A failure of a step on something.
    pub(super) fn new(
        doing: &str,
        subject: impl AsRef<Path>,
        errno: i32,
        reason: crate::Reason,
    ) -> Self {
        let subject = subject.as_ref().display().to_string();
        Self { doing: doing.to_owned(), subject, errno, reason }
    }
}

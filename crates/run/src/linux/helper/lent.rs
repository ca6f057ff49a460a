//! Files that are lent to a run and never part of its layer: who it is on the network, certificates.

use std::ffi::CString;
use std::fs::{self, File};
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::fchown;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode as FileMode, OFlags, fchmod, mkdirat, openat};
use rustix::mount::MountAttrFlags;

use super::inside::{Inside, Place};
use super::mount::{INERT, again, attach, attach_at, make, restrict};
use super::{Done, failed, network};
use crate::{Certificates, Mode, RunSpec};

/// Where the bundle stands inside.
pub const BUNDLE: &str = "/dev/.strata/ca.crt";
/// Where `apt` is told not to change its user: with a single id that cannot be, and it checks.
pub const APT_CONFIG: &str = "/dev/.strata/apt.conf";
const APT_TEXT: &str = "APT::Sandbox::User \"root\";\n";
/// Where systems keep theirs.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// A file system in memory on which lent files and devices are laid out, seen by the first process alone.
pub struct Desk {
    folder: OwnedFd,
    files: std::cell::Cell<u32>,
}

impl Desk {
    /// A desk on a folder that is used for nothing else any more in this namespace of mounts.
    pub fn new(on: &Path) -> Done<Self> {
        let no = || failed("mount", on);
        // Devices must live here; nobody but us can make one.
        let rights = MountAttrFlags::MOUNT_ATTR_NOSUID | MountAttrFlags::MOUNT_ATTR_NOEXEC;
        let folder = make(c"tmpfs", &[(c"mode", "700".to_owned())], rights).map_err(no())?;
        attach_at(&folder, on)?;
        mkdirat(&folder, c"nothing", FileMode::from_raw_mode(0o555)).map_err(no())?;
        let desk = Self { folder, files: std::cell::Cell::new(0) };
        desk.write(c"none", b"", 0o444, None)?;
        Ok(desk)
    }

    /// The desk itself.
    pub fn folder(&self) -> &OwnedFd {
        &self.folder
    }

    /// A mount of an empty folder.
    pub fn empty_folder(&self) -> Done<OwnedFd> {
        self.lend(c"nothing")
    }

    /// A mount of an empty file.
    pub fn empty_file(&self) -> Done<OwnedFd> {
        self.lend(c"none")
    }

    /// A mount of a new file.
    pub fn file(&self, bytes: &[u8], mode: u32, owner: Option<(u32, u32)>) -> Done<OwnedFd> {
        self.files.set(self.files.get() + 1);
        let name = CString::new(format!("file-{}", self.files.get())).unwrap_or_default();
        self.write(&name, bytes, mode, owner)?;
        self.lend(&name)
    }

    /// A new folder on the desk, to lay something out of sight.
    pub fn new_folder(&self) -> Done<OwnedFd> {
        let no = || failed("make", "a folder in memory");
        self.files.set(self.files.get() + 1);
        let name = CString::new(format!("folder-{}", self.files.get())).unwrap_or_default();
        mkdirat(&self.folder, &*name, FileMode::RWXU).map_err(no())?;
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        openat(&self.folder, &*name, flags, FileMode::empty()).map_err(no())
    }

    fn write(
        &self,
        name: &std::ffi::CStr,
        bytes: &[u8],
        mode: u32,
        owner: Option<(u32, u32)>,
    ) -> Done<()> {
        let no = || failed("write", "a file in memory");
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.folder, name, flags, FileMode::RUSR).map_err(no())?);
        file.write_all(bytes).map_err(failed("write", "a file in memory"))?;
        if let Some((uid, gid)) = owner {
            // A single id owns all; its owner can read it.
            let _ = fchown(&file, Some(uid), Some(gid));
        }
        fchmod(&file, FileMode::from_raw_mode(mode)).map_err(no())
    }

    fn lend(&self, name: &std::ffi::CStr) -> Done<OwnedFd> {
        let no = || failed("lend", "a file in memory");
        let lent = again(self.folder.as_fd(), name).map_err(no())?;
        restrict(&lent, INERT | MountAttrFlags::MOUNT_ATTR_RDONLY).map_err(no())?;
        Ok(lent)
    }
}

/// Mounts the files of the network's names, and the certificates.
pub fn mount(mode: Mode, spec: &RunSpec, desk: &Desk, inside: &mut Inside) -> Done<()> {
    let files = [
        ("/etc/resolv.conf", network::resolv_conf(spec.network)),
        ("/etc/hosts", hosts(spec)),
        ("/etc/hostname", format!("{}\n", spec.hostname)),
    ];
    for (path, text) in files {
        lay(path, text.as_bytes(), desk, inside)?;
    }
    if let Some(bundle) = bundle(spec) {
        let bytes = fs::read(&bundle).map_err(failed("read", &bundle))?;
        lay(BUNDLE, &bytes, desk, inside)?;
    }
    if mode == Mode::SingleId {
        lay(APT_CONFIG, APT_TEXT.as_bytes(), desk, inside)?;
    }
    Ok(())
}

fn lay(path: &str, bytes: &[u8], desk: &Desk, inside: &mut Inside) -> Done<()> {
    let file = desk.file(bytes, 0o644, None)?;
    let target = inside.place(path.as_ref(), Place::File)?;
    attach(&file, &target, path.as_ref())
}

/// `sudo` asks for the host's own name.
fn hosts(spec: &RunSpec) -> String {
    let mut text = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n".to_owned();
    if spec.hostname != "localhost" {
        text.push_str(&format!("127.0.1.1\t{}\n", spec.hostname));
    }
    for entry in &spec.hosts {
        text.push_str(&format!("{}\t{}\n", entry.address, entry.name));
    }
    text
}

fn bundle(spec: &RunSpec) -> Option<PathBuf> {
    match &spec.certificates {
        Certificates::None => None,
        Certificates::System => BUNDLES.iter().map(PathBuf::from).find(|path| path.is_file()),
        Certificates::File(path) => Some(path.clone()),
    }
}

/// The variables by which programs find the bundle.
pub const BUNDLE_VARIABLES: [&str; 7] = [
    "SSL_CERT_FILE",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "CARGO_HTTP_CAINFO",
    "GIT_SSL_CAINFO",
];

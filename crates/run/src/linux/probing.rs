//! What this machine allows, found by standing on each rung and trying.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::session::Session;
use super::sub_ids;
use super::wire::{Answer, Request};
use crate::{Fix, Mode, Probe, Probed, RunError, SessionOptions};

const TOOL_FOLDERS: [&str; 4] = ["/usr/bin", "/bin", "/usr/local/bin", "/run/wrappers/bin"];

/// Tries everything that a run needs; the overlay in `folder`, which should be where snapshots are kept. What works on
/// a higher rung is tried there; the rungs below are tried all the same, for what they tell.
///
/// # Errors
///
/// [`RunError::Helper`] if there is no helper. What does not work is no error.
pub fn probe(helper: &Path, folder: &Path) -> Result<Vec<Probe>, RunError> {
    let mut found = Vec::new();
    let mut best = None;
    if rustix::process::geteuid().is_root() {
        let (one, session) = rung(helper, Mode::Root, Probed::Root)?;
        found.push(one);
        best = best.or(session);
    }
    let tools = mapping_tools();
    let ranges = ranges();
    let may_map = tools.works && ranges.works;
    found.extend([tools, ranges]);
    if may_map {
        let (one, session) = rung(helper, Mode::SubIds, Probed::MappedNamespace)?;
        found.push(one);
        best = best.or(session);
    }
    let (one, session) = rung(helper, Mode::SingleId, Probed::UserNamespace)?;
    found.push(one);
    if let Some(session) = best.or(session) {
        let request = Request::Probe(folder.to_owned());
        if let (Answer::Probed(more), _) = session.ask(&request, "probe")? {
            found.extend(more);
        }
    }
    Ok(found)
}

fn rung(helper: &Path, mode: Mode, what: Probed) -> Result<(Probe, Option<Session>), RunError> {
    let options = SessionOptions { helper: helper.to_owned(), mode: Some(mode) };
    let detail = mode.argument().to_owned();
    match Session::start(&options) {
        Ok(session) => {
            let works = Probe { what, works: true, errno: None, detail, fix: None };
            Ok((works, Some(session)))
        }
        Err(RunError::Step(failure)) => {
            let errno = Some(failure.errno);
            let fix = (mode != Mode::Root).then(forbidden_by).or(Some(Fix::LeaveContainer));
            let detail = failure.subject;
            Ok((Probe { what, works: false, errno, detail, fix }, None))
        }
        Err(other) => Err(other),
    }
}

/// Which of the known switches forbids namespaces of users; if none does, it is a container around us.
fn forbidden_by() -> Fix {
    let says = |file: &str, value: &str| {
        fs::read_to_string(Path::new("/proc/sys").join(file)).is_ok_and(|text| text.trim() == value)
    };
    if says("kernel/apparmor_restrict_unprivileged_userns", "1") {
        Fix::ApparmorProfile
    } else if says("user/max_user_namespaces", "0") {
        Fix::RaiseMaxUserNamespaces
    } else if says("kernel/unprivileged_userns_clone", "0") {
        Fix::AllowUserNamespaces
    } else {
        Fix::LeaveContainer
    }
}

fn mapping_tools() -> Probe {
    let mut worst = None;
    let mut detail = Vec::new();
    for tool in ["newuidmap", "newgidmap"] {
        let path = TOOL_FOLDERS.iter().map(|folder| Path::new(folder).join(tool));
        match path.into_iter().find(|path| path.is_file()) {
            None => {
                worst = Some((libc::ENOENT, Fix::InstallUidmap));
                detail.push(tool.to_owned());
            }
            Some(path) => {
                detail.push(path.display().to_string());
                if !gives_rights(&path) {
                    worst = worst.or(Some((libc::EPERM, Fix::RepairUidmap)));
                }
            }
        }
    }
    Probe {
        what: Probed::MappingTools,
        works: worst.is_none(),
        errno: worst.map(|(errno, _)| errno),
        detail: detail.join(", "),
        fix: worst.map(|(_, fix)| fix),
    }
}

/// Setuid root, or with capabilities of its own; whether these are enough shows when ids are mapped.
fn gives_rights(path: &Path) -> bool {
    let is_setuid = fs::metadata(path)
        .is_ok_and(|about| about.uid() == 0 && about.permissions().mode() & 0o4000 != 0);
    let mut space = [0_u8; 64];
    is_setuid || rustix::fs::getxattr(path, c"security.capability", &mut space).is_ok()
}

fn ranges() -> Probe {
    let files = [sub_ids::SUBUID, sub_ids::SUBGID];
    let found = files.map(sub_ids::of_this_user);
    let works = found.iter().all(|ranges| !ranges.is_empty());
    let shown = found.iter().flatten().map(|range| format!("{}:{}", range.first, range.count));
    Probe {
        what: Probed::SubIds,
        works,
        errno: (!works).then_some(libc::ENOENT),
        detail: shown.collect::<Vec<_>>().join(", "),
        fix: (!works).then_some(Fix::AddSubIds),
    }
}

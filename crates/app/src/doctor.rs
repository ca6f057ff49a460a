//! What this machine can do, found by trying, and what would help.

use std::path::Path;

use strata_run::{Fix, Mode, Probed, RunError, Session, SessionOptions};

use crate::api::{Doctor, Probe, ProbeState, UserError};
use crate::app::{App, on_thread};

impl App {
    /// Tries what builds and containers need of this machine. Takes up to a few seconds.
    ///
    /// # Errors
    /// Never by itself; what does not work is an answer.
    pub async fn doctor(&self) -> Result<Doctor, UserError> {
        let (helper, store) = (self.inner.paths.helper.clone(), self.inner.paths.store.clone());
        on_thread("the probes", move || Ok(examine(&helper, &store))).await
    }
}

fn examine(helper: &Path, store: &Path) -> Doctor {
    let options = SessionOptions { helper: helper.to_owned(), mode: None };
    let mode = Session::start(&options).ok().map(|session| session.mode());
    let probes = match strata_run::probe(helper, store) {
        Ok(probes) => probes.iter().map(|probe| shown(probe, mode)).collect(),
        Err(error) => vec![helperless(&error)],
    };
    Doctor { run_mode: mode.map(|mode| name(mode).to_owned()), probes }
}

fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::Root => "root",
        Mode::SubIds => "subIds",
        Mode::SingleId => "singleId",
    }
}

/// No helper, or no Linux: nothing could be tried.
fn helperless(error: &RunError) -> Probe {
    Probe {
        code: "helper".to_owned(),
        state: ProbeState::Fails,
        detail: Some(error.to_string()),
        fix: matches!(error, RunError::Helper { .. }).then(|| "installHelper".to_owned()),
        command: None,
    }
}

fn shown(probe: &strata_run::Probe, mode: Option<Mode>) -> Probe {
    let said = probe.errno.map(|errno| std::io::Error::from_raw_os_error(errno).to_string());
    let detail = match (&*probe.detail, said) {
        ("", said) => said,
        (detail, None) => Some(detail.to_owned()),
        (detail, Some(said)) => Some(format!("{detail}: {said}")),
    };
    let state = match (probe.works, is_needed(probe.what, mode)) {
        (true, _) => ProbeState::Works,
        (false, Need::Everything) => ProbeState::Fails,
        (false, Need::Less) => ProbeState::Limited,
        (false, Need::Nothing) => ProbeState::NotNeeded,
    };
    let fix = probe.fix.filter(|_| state != ProbeState::NotNeeded);
    Probe {
        code: code(probe.what).to_owned(),
        state,
        detail,
        fix: fix.map(|fix| fix_code(fix).to_owned()),
        command: fix.and_then(command),
    }
}

/// What depends on a thing.
enum Need {
    /// Without it `RUN` is not to be had.
    Everything,
    /// Without it there is less.
    Less,
    /// It is not needed on this rung.
    Nothing,
}

fn is_needed(what: Probed, mode: Option<Mode>) -> Need {
    match what {
        Probed::Root => Need::Nothing,
        Probed::UserNamespace | Probed::MappingTools | Probed::SubIds | Probed::MappedNamespace
            if mode == Some(Mode::Root) =>
        {
            Need::Nothing
        }
        Probed::UserNamespace | Probed::Namespaces | Probed::Overlay => Need::Everything,
        Probed::MappingTools
        | Probed::SubIds
        | Probed::MappedNamespace
        | Probed::Proc
        | Probed::Seccomp
        | Probed::NetworkNamespace
        | Probed::IsolatedNetwork => Need::Less,
    }
}

fn code(what: Probed) -> &'static str {
    match what {
        Probed::Root => "root",
        Probed::UserNamespace => "userNamespace",
        Probed::MappingTools => "mappingTools",
        Probed::SubIds => "subIds",
        Probed::MappedNamespace => "mappedNamespace",
        Probed::Namespaces => "namespaces",
        Probed::Overlay => "overlay",
        Probed::Proc => "proc",
        Probed::Seccomp => "seccomp",
        Probed::NetworkNamespace => "networkNamespace",
        Probed::IsolatedNetwork => "isolatedNetwork",
    }
}

fn fix_code(fix: Fix) -> &'static str {
    match fix {
        Fix::InstallUidmap => "installUidmap",
        Fix::RepairUidmap => "repairUidmap",
        Fix::AddSubIds => "addSubIds",
        Fix::ApparmorProfile => "apparmorProfile",
        Fix::RaiseMaxUserNamespaces => "raiseMaxUserNamespaces",
        Fix::AllowUserNamespaces => "allowUserNamespaces",
        Fix::LeaveContainer => "leaveContainer",
        Fix::MoveStore => "moveStore",
        Fix::OpenTun => "openTun",
        Fix::InstallNetworkTool => "installNetworkTool",
    }
}

/// The command that mends it, where one does.
fn command(fix: Fix) -> Option<String> {
    let command = match fix {
        Fix::InstallUidmap => "sudo apt install uidmap",
        Fix::RepairUidmap => "sudo apt install --reinstall uidmap",
        Fix::AddSubIds => {
            "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 \"$USER\""
        }
        Fix::RaiseMaxUserNamespaces => "sudo sysctl -w user.max_user_namespaces=15000",
        Fix::AllowUserNamespaces => "sudo sysctl -w kernel.unprivileged_userns_clone=1",
        Fix::ApparmorProfile => "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        Fix::OpenTun => "sudo chmod 0666 /dev/net/tun",
        Fix::InstallNetworkTool => "sudo apt install passt",
        Fix::LeaveContainer | Fix::MoveStore => return None,
    };
    Some(command.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn probe(what: Probed, works: bool) -> strata_run::Probe {
        let fix = (!works).then_some(Fix::InstallUidmap);
        strata_run::Probe { what, works, errno: Some(1), detail: "newuidmap".to_owned(), fix }
    }

    #[test]
    fn what_root_does_not_need_asks_for_nothing() {
        let missing = probe(Probed::MappingTools, false);
        let as_root = shown(&missing, Some(Mode::Root));
        assert_eq!((as_root.state, as_root.fix), (ProbeState::NotNeeded, None));
        let as_user = shown(&missing, Some(Mode::SingleId));
        assert_eq!(as_user.state, ProbeState::Limited);
        assert_eq!(as_user.fix.as_deref(), Some("installUidmap"));
        assert_eq!(as_user.command.as_deref(), Some("sudo apt install uidmap"));
        assert!(as_user.detail.unwrap().starts_with("newuidmap: "));
        assert_eq!(shown(&probe(Probed::Overlay, false), None).state, ProbeState::Fails);
        assert_eq!(shown(&probe(Probed::Overlay, true), None).state, ProbeState::Works);
    }

    #[test]
    fn without_a_helper_that_is_what_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let found = examine(&folder.path().join("nothing"), folder.path());
        assert_eq!((found.run_mode, found.probes[0].code.as_str()), (None, "helper"));
    }
}

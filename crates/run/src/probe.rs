//! What this machine allows, found by trying.

use serde::{Deserialize, Serialize};

/// The result of trying one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// What was tried.
    pub what: Probed,
    /// Whether it works.
    pub works: bool,
    /// The system's number for why not, if it gave one.
    pub errno: Option<i32>,
    /// What it was tried on: a path, a program, a range of ids.
    pub detail: String,
    /// What would help.
    pub fix: Option<Fix>,
}

/// The things that are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probed {
    /// Namespaces and mounts as root, without a namespace of users.
    Root,
    /// A namespace of users with a single id.
    UserNamespace,
    /// `newuidmap` and `newgidmap`.
    MappingTools,
    /// Ids of one's own in `/etc/subuid` and `/etc/subgid`.
    SubIds,
    /// A namespace of users with these ids, really mapped.
    MappedNamespace,
    /// Namespaces of mounts, processes, host name, messages.
    Namespaces,
    /// The overlay of folders, where snapshots are kept.
    Overlay,
    /// A fresh `/proc`.
    Proc,
    /// A filter of system calls.
    Seccomp,
    /// A network namespace.
    NetworkNamespace,
    /// `pasta` or `slirp4netns`, and the device they need.
    IsolatedNetwork,
}

/// What would help; the sentence and the button are the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fix {
    /// Install the package `uidmap`.
    InstallUidmap,
    /// `newuidmap` is there and may not do its work: reinstall the package, its files must be setuid root.
    RepairUidmap,
    /// Give this user a range of ids: `usermod --add-subuids … --add-subgids …`.
    AddSubIds,
    /// `kernel.apparmor_restrict_unprivileged_userns` is 1: a profile for the helper.
    ApparmorProfile,
    /// `user.max_user_namespaces` is 0.
    RaiseMaxUserNamespaces,
    /// `kernel.unprivileged_userns_clone` is 0.
    AllowUserNamespaces,
    /// A container around us forbids it: start that one with fewer restrictions, or build with an engine.
    LeaveContainer,
    /// The file system of the store cannot hold it: move the store.
    MoveStore,
    /// `/dev/net/tun` cannot be opened by this user.
    OpenTun,
    /// Install `passt` or `slirp4netns`.
    InstallNetworkTool,
}

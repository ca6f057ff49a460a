//! Which foreign programs this machine runs through an emulator.

use std::collections::BTreeSet;

/// The architectures, as images name them, whose Linux programs the system hands to QEMU (binfmt_misc). None on other
/// systems.
#[must_use]
pub(crate) fn architectures() -> BTreeSet<String> {
    #[cfg(target_os = "linux")]
    return linux::architectures(std::path::Path::new("/proc/sys/fs/binfmt_misc"));
    #[cfg(not(target_os = "linux"))]
    BTreeSet::new()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    /// What QEMU's handlers are called (its `qemu-binfmt-conf.sh`), and what images call the same.
    const NAMES: [(&str, &str); 13] = [
        ("x86_64", "amd64"),
        ("i386", "386"),
        ("aarch64", "arm64"),
        ("arm", "arm"),
        ("ppc64le", "ppc64le"),
        ("ppc64", "ppc64"),
        ("s390x", "s390x"),
        ("riscv64", "riscv64"),
        ("loongarch64", "loong64"),
        ("mips64el", "mips64le"),
        ("mips64", "mips64"),
        ("mipsel", "mipsle"),
        ("mips", "mips"),
    ];

    pub(super) fn architectures(folder: &Path) -> BTreeSet<String> {
        let is_enabled = |handler: &str| {
            let text = fs::read_to_string(folder.join(format!("qemu-{handler}")));
            text.is_ok_and(|text| text.lines().next() == Some("enabled"))
        };
        let enabled = NAMES.iter().filter(|(handler, _)| is_enabled(handler));
        enabled.map(|(_, architecture)| (*architecture).to_owned()).collect()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::linux::architectures;

    #[test]
    fn an_architecture_is_emulated_if_its_handler_is_there_and_enabled() {
        let folder = tempfile::tempdir().unwrap();
        let handler = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        handler("qemu-aarch64", "enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: OCF\n");
        handler("qemu-s390x", "disabled\ninterpreter /usr/bin/qemu-s390x-static\n");
        handler("python3.13", "enabled\n");
        assert_eq!(architectures(folder.path()).into_iter().collect::<Vec<_>>(), ["arm64"]);
        assert!(architectures(&folder.path().join("nowhere")).is_empty());
    }
}

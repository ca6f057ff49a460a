//! File capabilities as `setcap` has them, from the bytes of `security.capability` (linux/capability.h, `vfs_cap_data`).

/// The attribute that holds them.
const ATTRIBUTE: &[u8] = b"security.capability";

/// The names in the order of their bits.
const NAMES: [&str; 41] = [
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
];

/// The highest byte of the first word.
const REVISION: u32 = 0xff00_0000;
/// What is permitted is in effect at once.
const EFFECTIVE: u32 = 1;

/// Those among the extended attributes of a file.
pub(crate) fn capabilities_among(xattrs: &[(&[u8], &[u8])]) -> Option<String> {
    let value = xattrs.iter().find(|(name, _)| *name == ATTRIBUTE);
    value.and_then(|(_, value)| capabilities(value))
}

/// As `cap_net_admin,cap_net_raw+ep`; none if the bytes are no capabilities. Those that are permitted and inheritable
/// in different ways are told in groups; of a namespace's own, the root user's number follows.
fn capabilities(value: &[u8]) -> Option<String> {
    let word = |at: usize| -> Option<u32> {
        let bytes = value.get(at * 4..at * 4 + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    };
    let head = word(0)?;
    let (words, root) = match head & REVISION {
        0x0100_0000 => (1, None),
        0x0200_0000 => (2, None),
        0x0300_0000 => (2, Some(word(5)?)),
        _ => return None,
    };
    let set = |first: usize| -> Option<u64> {
        let low = u64::from(word(first)?);
        let high = if words == 2 { u64::from(word(first + 2)?) } else { 0 };
        Some(low | high << 32)
    };
    let (permitted, inheritable) = (set(1)?, set(2)?);
    let effective = if head & EFFECTIVE == 0 { "" } else { "e" };
    let groups = [
        (permitted & inheritable, format!("{effective}ip")),
        (permitted & !inheritable, format!("{effective}p")),
        (inheritable & !permitted, "i".to_owned()),
    ];
    let told = groups.into_iter().filter(|(bits, _)| *bits != 0);
    let mut told: Vec<String> = told.map(|(bits, how)| format!("{}+{how}", names(bits))).collect();
    if told.is_empty() {
        told.push("=".to_owned());
    }
    told.extend(root.map(|root| format!("[rootid={root}]")));
    Some(told.join(" "))
}

/// One after the other; a bit without a name by its number.
fn names(bits: u64) -> String {
    let name = |bit: usize| match NAMES.get(bit) {
        Some(name) => format!("cap_{name}"),
        None => format!("{bit}"),
    };
    let set = (0..64).filter(|bit| bits >> bit & 1 == 1);
    set.map(name).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn capabilities_are_told_as_setcap_takes_them() {
        for (words, expected) in [
            (&[0x0200_0001, 1 << 13, 0, 0, 0][..], "cap_net_raw+ep"),
            (&[0x0200_0000, 1 << 12 | 1 << 13, 0, 0, 0], "cap_net_admin,cap_net_raw+p"),
            (&[0x0200_0001, 1, 1 | 2, 1 << 7, 0], "cap_chown+eip cap_bpf+ep cap_dac_override+i"),
            (&[0x0300_0001, 1 << 10, 0, 0, 0, 1000], "cap_net_bind_service+ep [rootid=1000]"),
            (&[0x0100_0001, 1 << 21, 0], "cap_sys_admin+ep"),
            (&[0x0200_0000, 0, 0, 1 << 31, 0], "63+p"),
            (&[0x0200_0000, 0, 0, 0, 0], "="),
        ] {
            assert_eq!(capabilities(&bytes(words)).as_deref(), Some(expected), "{words:x?}");
        }
    }

    #[test]
    fn other_bytes_are_no_capabilities() {
        for value in
            [&b""[..], b"abc", &bytes(&[0x0500_0001, 1, 0, 0, 0]), &bytes(&[0x0200_0001, 1])]
        {
            assert_eq!(capabilities(value), None, "{value:x?}");
        }
    }
}

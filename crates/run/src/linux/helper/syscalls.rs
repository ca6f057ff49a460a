//! The system calls that a filter speaks of, by their numbers on each processor.
//!
//! The processor's own numbers come from `libc`; those of its 32-bit programs stand here, as they cannot change.

/// What happens with a call that is neither allowed nor refused.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// As if the kernel did not know it.
    NotThere,
    /// The first argument must not ask for a namespace.
    NoNamespaces,
    /// The first argument must not be one of some families of sockets.
    FewFamilies,
    /// The first argument must be one of some personalities.
    FewPersonalities,
}

/// The calls of one kind of program.
#[derive(Debug)]
pub struct Calls {
    /// As the kernel names it.
    pub processor: u32,
    /// The last number that is known here.
    pub newest: u32,
    /// Refused with "not permitted".
    pub refused: &'static [u32],
    /// Judged by a rule.
    pub rules: &'static [(u32, Rule)],
    /// Those that change owners, or the own user.
    pub owners: &'static [u32],
    /// Those that make devices, and which of their arguments is the mode.
    pub nodes: &'static [(u32, u32)],
}

/// `file_setattr`, of Linux 6.17. From 424 on, every processor has the same numbers.
const NEWEST: u32 = 469;

const CLONE3: u32 = 435;

macro_rules! own {
    // Those that `libc` does not name yet: `statmount`, `listmount`, `open_tree_attr`.
    (newer, $($name:ident),* $(,)?) => { &[457, 458, 467, $(own!(@ $name)),*] };
    (@ $name:ident) => {{
        #[allow(clippy::cast_possible_truncation)] // numbers of calls are small
        const NUMBER: u32 = libc::$name as u32;
        NUMBER
    }};
    ($($name:ident),* $(,)?) => { &[$(own!(@ $name)),*] };
}

#[cfg(target_arch = "x86_64")]
/// The processor's own, then those of 32-bit programs.
pub const TABLES: &[&Calls] = &[
    &Calls {
        processor: 0xc000_003e,
        newest: NEWEST,
        refused: own![
            newer,
            SYS_acct,
            SYS_add_key,
            SYS_bpf,
            SYS_clock_adjtime,
            SYS_clock_settime,
            SYS_delete_module,
            SYS_fanotify_init,
            SYS_finit_module,
            SYS_fsconfig,
            SYS_fsmount,
            SYS_fsopen,
            SYS_fspick,
            SYS_init_module,
            SYS_io_uring_enter,
            SYS_io_uring_register,
            SYS_io_uring_setup,
            SYS_ioperm,
            SYS_iopl,
            SYS_kexec_file_load,
            SYS_kexec_load,
            SYS_keyctl,
            SYS_lookup_dcookie,
            SYS_mbind,
            SYS_migrate_pages,
            SYS_mount,
            SYS_mount_setattr,
            SYS_move_mount,
            SYS_move_pages,
            SYS_nfsservctl,
            SYS_open_by_handle_at,
            SYS_open_tree,
            SYS_perf_event_open,
            SYS_pivot_root,
            SYS_quotactl,
            SYS_quotactl_fd,
            SYS_reboot,
            SYS_request_key,
            SYS_set_mempolicy,
            SYS_setns,
            SYS_settimeofday,
            SYS_swapoff,
            SYS_swapon,
            SYS_sysfs,
            SYS__sysctl,
            SYS_syslog,
            SYS_umount2,
            SYS_unshare,
            SYS_uselib,
            SYS_userfaultfd,
            SYS_ustat,
            SYS_vhangup,
        ],
        rules: &[
            (CLONE3, Rule::NotThere),
            (56, Rule::NoNamespaces),
            (41, Rule::FewFamilies),
            (53, Rule::FewFamilies),
            (135, Rule::FewPersonalities),
        ],
        owners: own![
            SYS_chown,
            SYS_fchown,
            SYS_lchown,
            SYS_fchownat,
            SYS_setuid,
            SYS_setgid,
            SYS_setreuid,
            SYS_setregid,
            SYS_setresuid,
            SYS_setresgid,
            SYS_setfsuid,
            SYS_setfsgid,
            SYS_setgroups,
        ],
        nodes: &[(133, 1), (259, 2)],
    },
    &Calls {
        processor: 0x4000_0003,
        newest: NEWEST,
        refused: &[
            21, 22, 25, 51, 52, 62, 79, 86, 87, 88, 101, 103, 110, 111, 113, 115, 127, 128, 129,
            130, 131, 135, 149, 166, 167, 169, 217, 253, 264, 274, 276, 283, 286, 287, 288, 294,
            310, 317, 336, 338, 342, 343, 346, 350, 357, 374, 404, 405, 425, 426, 427, 428, 429,
            430, 431, 432, 433, 442, 443, 457, 458, 467,
        ],
        rules: &[
            (CLONE3, Rule::NotThere),
            (120, Rule::NoNamespaces),
            (359, Rule::FewFamilies),
            (360, Rule::FewFamilies),
            (136, Rule::FewPersonalities),
        ],
        owners: &[
            16, 23, 46, 70, 71, 81, 95, 138, 139, 164, 170, 182, 198, 203, 204, 206, 207, 208, 210,
            212, 213, 214, 215, 216, 298,
        ],
        nodes: &[(14, 1), (297, 2)],
    },
];

#[cfg(target_arch = "aarch64")]
/// The processor's own, then those of 32-bit programs.
pub const TABLES: &[&Calls] = &[
    &Calls {
        processor: 0xc000_00b7,
        newest: NEWEST,
        refused: own![
            newer,
            SYS_acct,
            SYS_add_key,
            SYS_bpf,
            SYS_clock_adjtime,
            SYS_clock_settime,
            SYS_delete_module,
            SYS_fanotify_init,
            SYS_finit_module,
            SYS_fsconfig,
            SYS_fsmount,
            SYS_fsopen,
            SYS_fspick,
            SYS_init_module,
            SYS_io_uring_enter,
            SYS_io_uring_register,
            SYS_io_uring_setup,
            SYS_kexec_file_load,
            SYS_kexec_load,
            SYS_keyctl,
            SYS_lookup_dcookie,
            SYS_mbind,
            SYS_migrate_pages,
            SYS_mount,
            SYS_mount_setattr,
            SYS_move_mount,
            SYS_move_pages,
            SYS_nfsservctl,
            SYS_open_by_handle_at,
            SYS_open_tree,
            SYS_perf_event_open,
            SYS_pivot_root,
            SYS_quotactl,
            SYS_quotactl_fd,
            SYS_reboot,
            SYS_request_key,
            SYS_set_mempolicy,
            SYS_setns,
            SYS_settimeofday,
            SYS_swapoff,
            SYS_swapon,
            SYS_syslog,
            SYS_umount2,
            SYS_unshare,
            SYS_userfaultfd,
            SYS_vhangup,
        ],
        rules: &[
            (CLONE3, Rule::NotThere),
            (220, Rule::NoNamespaces),
            (198, Rule::FewFamilies),
            (199, Rule::FewFamilies),
            (92, Rule::FewPersonalities),
        ],
        owners: own![
            SYS_fchown,
            SYS_fchownat,
            SYS_setuid,
            SYS_setgid,
            SYS_setreuid,
            SYS_setregid,
            SYS_setresuid,
            SYS_setresgid,
            SYS_setfsuid,
            SYS_setfsgid,
            SYS_setgroups,
        ],
        nodes: &[(33, 2)],
    },
    &Calls {
        processor: 0x4000_0028,
        newest: NEWEST,
        refused: &[
            21, 25, 51, 52, 62, 79, 86, 87, 88, 103, 111, 115, 128, 129, 131, 135, 149, 169, 218,
            249, 262, 309, 310, 311, 319, 321, 337, 344, 347, 364, 367, 371, 372, 375, 379, 386,
            388, 400, 401, 404, 405, 425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 443, 457,
            458, 467, 457, 458, 467,
        ],
        rules: &[
            (CLONE3, Rule::NotThere),
            (120, Rule::NoNamespaces),
            (281, Rule::FewFamilies),
            (288, Rule::FewFamilies),
            (136, Rule::FewPersonalities),
        ],
        owners: &[
            16, 23, 46, 70, 71, 81, 95, 138, 139, 164, 170, 182, 198, 203, 204, 206, 207, 208, 210,
            212, 213, 214, 215, 216, 325,
        ],
        nodes: &[(14, 1), (324, 2)],
    },
];

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("strata-run has no list of system calls for this processor yet");

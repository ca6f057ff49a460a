//! Each probe tries to get at something outside; the marker is a file of this machine that no run may see or change.

use std::fs::{self, File};
use std::os::fd::AsFd;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use strata_run::{Mode, MountKind, MountSpec, Network, Session};

use crate::stops::helpers_of;
use crate::world::{Came, Room, helper, run, sessions};

const MARK: &str = "outside";

/// A folder of this machine with the marker in it.
struct Outside {
    folder: tempfile::TempDir,
}

impl Outside {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("marker"), MARK).unwrap();
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn assert_intact(&self) {
        assert_eq!(fs::read_to_string(self.path().join("marker")).unwrap(), MARK);
        assert_eq!(fs::read_dir(self.path()).unwrap().count(), 1);
    }
}

/// Runs on every rung.
fn everywhere(probe: impl Fn(&Session, &Room, &Outside)) {
    for session in sessions() {
        let (room, outside) = (Room::new(), Outside::new());
        probe(&session, &room, &outside);
        outside.assert_intact();
    }
}

fn bind(target: &str, source: &Path, inside: &str) -> MountSpec {
    let kind =
        MountKind::Bind { source: source.to_owned(), inside: inside.into(), read_only: false };
    MountSpec { target: target.into(), kind }
}

fn with(
    session: &Session,
    room: &Room,
    line: &str,
    mount: MountSpec,
) -> Result<Came, strata_run::RunError> {
    let mut spec = room.shell(line);
    spec.mounts = vec![mount];
    run(session, &spec)
}

#[test]
fn e01_every_namespace_is_its_own() {
    everywhere(|session, room, _| {
        for name in ["mnt", "pid", "ipc", "uts", "cgroup", "net", "user"] {
            let outer = fs::read_link(format!("/proc/self/ns/{name}")).unwrap();
            let mut spec = room.shell(&format!("readlink /proc/self/ns/{name}"));
            let is_shared = match name {
                "net" => true,
                "user" => session.mode() == Mode::Root,
                _ => false,
            };
            let inner = run(session, &spec).unwrap().out;
            assert_eq!(inner.trim() == outer.to_string_lossy(), is_shared, "{name}: {inner}");
            spec.network = Network::None;
            if name == "net" {
                assert_ne!(run(session, &spec).unwrap().out.trim(), outer.to_string_lossy());
            }
        }
    });
}

#[test]
fn e02_only_its_own_processes_are_seen() {
    everywhere(|session, room, _| {
        let came = room.sh(session, "ls -d /proc/[0-9]* | wc -l; cat /proc/1/cmdline");
        let count: u32 = came.out.lines().next().unwrap().trim().parse().unwrap();
        assert!((2..=5).contains(&count), "{came:?}");
    });
}

#[test]
fn e03_no_file_of_this_machine_is_seen() {
    everywhere(|session, room, outside| {
        let path = outside.path().join("marker");
        let path = path.display();
        let line = format!(
            "cat {path}; cat ../../../../{path}; find / -xdev -name marker 2>/dev/null; cat /proc/self/mountinfo"
        );
        let came = room.sh(session, &line);
        assert!(!came.out.contains(MARK) && !came.out.contains("marker"), "{came:?}");
        let store = room.folder.path().display().to_string();
        assert!(!came.out.contains(&store), "the mounts tell where the store is: {came:?}");
    });
}

#[test]
fn e04_no_open_file_is_a_working_folder() {
    everywhere(|session, room, outside| {
        // As if the caller had leaked it: not closed in programs that it starts.
        let leaked = File::open(outside.path()).unwrap();
        rustix::io::fcntl_setfd(&leaked, rustix::io::FdFlags::empty()).unwrap();
        for number in 3..64 {
            for folder in [format!("/proc/self/fd/{number}"), format!("/proc/1/fd/{number}")] {
                let mut spec =
                    room.shell("cat marker ../marker ../../../marker ../../../../etc/shadow");
                spec.cwd = folder.into();
                if let Ok(came) = run(session, &spec) {
                    assert!(came.out.is_empty(), "{number}: {came:?}");
                }
            }
        }
        drop(leaked);
    });
}

#[test]
fn e05_only_three_files_are_open() {
    let leaked = File::open("/").unwrap();
    rustix::io::fcntl_setfd(leaked.as_fd(), rustix::io::FdFlags::empty()).unwrap();
    // The helpers are started while the file is open.
    everywhere(|session, room, _| {
        // `ls` opens one itself.
        let came = run(session, &room.spec(&["ls", "/proc/self/fd"])).unwrap();
        assert_eq!(came.out.split_whitespace().count(), 4, "{came:?}");
    });
}

#[test]
fn e06_a_mount_target_that_is_a_link_stays_inside() {
    everywhere(|session, room, outside| {
        let layer = room.dir("layer");
        symlink(outside.path().join("marker"), layer.join("to-file")).unwrap();
        symlink(outside.path(), layer.join("to-folder")).unwrap();
        symlink("../../../../../../../..", layer.join("up")).unwrap();
        let source = room.dir("source");
        fs::write(source.join("file"), "mounted").unwrap();
        let mut room = room_with(room, layer);
        room.lowers.rotate_right(1);
        let up = format!("/up{}/marker", outside.path().display());
        for (target, inside) in [
            ("/to-file", "file"),
            ("/to-folder/marker", "file"),
            ("/to-folder/made/by/mount", ""),
            ("/to-folder", ""),
            (up.as_str(), "file"),
            ("/../../../../to-folder/marker", "file"),
        ] {
            let came = with(session, &room, "true", bind(target, &source, inside)).unwrap();
            assert_eq!(came.exit.code, 0, "{target}");
            outside.assert_intact();
            assert_eq!(fs::read_dir(room.upper()).unwrap().count(), 0, "{target}");
        }
    });
}

fn room_with(room: &Room, layer: PathBuf) -> Room {
    let mut more = Room::new();
    more.lowers = room.lowers.clone();
    more.lowers.push(layer);
    more
}

#[test]
fn e07_stubs_are_taken_away_from_the_upper_folder_alone() {
    everywhere(|session, room, outside| {
        // The command puts a link where the stub's folder was.
        let marker = outside.path().display();
        let line = format!("mv /made /other; ln -s {marker} /made; true");
        let file = MountKind::File { bytes: Vec::new(), mode: 0o644, uid: 0, gid: 0 };
        let mount = MountSpec { target: "/made/marker".into(), kind: file };
        let came = with(session, room, &line, mount).unwrap();
        assert_eq!(came.exit.code, 0, "{came:?}");
        outside.assert_intact();
    });
}

#[test]
fn e08_a_shared_folder_that_others_change_leads_nowhere() {
    everywhere(|session, room, outside| {
        let cache = room.dir("cache");
        fs::create_dir_all(cache.join("a/deep")).unwrap();
        let to = outside.path().display();
        let swap = format!(
            "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do \
               mv /cache/a /cache/b; ln -s {to} /cache/a; rm /cache/a; mv /cache/b /cache/a; done"
        );
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let room = Room::new();
                    for _ in 0..20 {
                        let _ = with(session, &room, &swap, bind("/cache", &cache, ""));
                    }
                });
            }
            for _ in 0..2 {
                scope.spawn(|| {
                    let room = Room::new();
                    for _ in 0..150 {
                        let mut spec = room.shell("echo gone > /cache/a/marker; true");
                        let file =
                            MountKind::File { bytes: b"x".to_vec(), mode: 0o644, uid: 0, gid: 0 };
                        let below = MountSpec { target: "/cache/a/marker".into(), kind: file };
                        spec.mounts = vec![bind("/cache", &cache, ""), below];
                        let _ = run(session, &spec);
                    }
                });
            }
        });
    });
}

#[test]
fn e09_a_source_that_is_a_link_stays_inside() {
    everywhere(|session, room, outside| {
        let source = room.dir("source");
        symlink(outside.path(), source.join("link")).unwrap();
        symlink("/", source.join("all")).unwrap();
        symlink("/proc/self/root", source.join("magic")).unwrap();
        let to = outside.path().display().to_string();
        for inside in ["/link", "../../x", "/all/proc", "magic/etc", &format!("/all{to}"), &to] {
            if let Ok(came) =
                with(session, room, "ls -R /m; cat /m/marker", bind("/m", &source, inside))
            {
                assert!(
                    !came.out.contains("marker") && !came.out.contains(MARK),
                    "{inside}: {came:?}"
                );
            }
            let kind = MountKind::Layers {
                lowers: vec![source.clone()],
                inside: inside.into(),
                scratch: None,
            };
            let mount = MountSpec { target: "/m".into(), kind };
            if let Ok(came) = with(session, room, "ls -R /m; cat /m/marker", mount) {
                assert!(
                    !came.out.contains("marker") && !came.out.contains(MARK),
                    "{inside}: {came:?}"
                );
            }
        }
    });
}

#[test]
fn e10_devices_that_root_makes_are_dead() {
    everywhere(|session, room, _| {
        let cache = room.dir("cache");
        let line = "for place in / /tmp /dev /dev/shm /dev/pts /cache /scratch; do \
             mknod $place/mem c 1 1 2>/dev/null; mknod $place/zero-again c 1 5 2>/dev/null; \
             for name in mem zero-again; do \
               test -c $place/$name && head -c 1 $place/$name >/dev/null 2>&1 && echo alive $place/$name; \
             done; done; head -c 1 /dev/zero | wc -c";
        let mut spec = room.shell(line);
        let kind = MountKind::Tmpfs { size_bytes: None };
        let scratch = MountSpec { target: "/scratch".into(), kind };
        spec.mounts = vec![bind("/cache", &cache, ""), scratch];
        let came = run(session, &spec).unwrap();
        assert_eq!(came.out.trim(), "1", "{came:?}");
    });
}

#[test]
fn e11_mounts_and_namespaces_are_refused() {
    everywhere(|session, room, _| {
        for line in [
            "mount -t tmpfs none /tmp",
            "mount --bind / /tmp",
            "mount -o remount,rw,bind /proc/sys",
            "umount /proc/sys",
            "umount /etc/hosts",
            "unshare -U true",
            "unshare -m true",
            "unshare -p -f true",
            "hostname other",
        ] {
            let came = room.sh(session, line);
            assert_ne!(came.exit.code, 0, "{line}: {came:?}");
        }
    });
}

#[test]
fn e12_the_helpers_program_cannot_be_reached() {
    let before = fs::read(helper()).unwrap();
    everywhere(|session, room, _| {
        let came = room.sh(session, "cat /proc/1/exe; readlink /proc/1/exe; echo x > /proc/1/exe");
        assert_eq!(came.out, "", "{came:?}");
        // The way of a script whose interpreter is whatever executes it.
        fs::write(room.upper().join("trap"), "#!/proc/self/exe\n").unwrap();
        let rights = fs::Permissions::from_mode(0o755);
        fs::set_permissions(room.upper().join("trap"), rights).unwrap();
        let came = run(session, &room.spec(&["/trap"])).unwrap();
        assert_ne!(came.exit.code, 0, "{came:?}");
        assert!(fs::read(helper()).unwrap() == before);
        // Whatever way is found: what there is to reach is a sealed copy, not the file that is started next time.
        let helpers = helpers_of(rustix::process::getpid(), session.mode());
        let programs = helpers.iter().map(|pid| format!("/proc/{}/exe", pid.as_raw_nonzero()));
        let found: Vec<_> = programs.filter_map(|program| fs::read_link(program).ok()).collect();
        let is_copy = |program: &PathBuf| program.to_string_lossy().starts_with("/memfd:strata");
        assert!(!found.is_empty() && found.iter().all(is_copy), "{found:?}");
    });
}

#[test]
fn e13_the_kernels_switches_cannot_be_moved() {
    everywhere(|session, room, _| {
        let pattern = fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
        for file in [
            "/proc/sys/kernel/core_pattern",
            "/proc/sys/vm/drop_caches",
            "/proc/sysrq-trigger",
            "/proc/irq/default_smp_affinity",
            "/sys/kernel/uevent_helper",
            "/sys/fs/cgroup/cgroup.procs",
        ] {
            let came = room.sh(session, &format!("chmod 777 {file}; echo 0 > {file}"));
            assert_ne!(came.exit.code, 0, "{file}: {came:?}");
        }
        assert_eq!(fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap(), pattern);
    });
}

#[test]
fn e14_what_tells_of_the_machine_is_hidden() {
    everywhere(|session, room, _| {
        for file in ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug"] {
            let came = room.sh(session, &format!("head -c 10 {file} 2>/dev/null"));
            assert_eq!(came.out, "", "{file}");
        }
        for folder in ["/proc/acpi", "/proc/scsi", "/sys/firmware"] {
            let came = room.sh(session, &format!("ls -A {folder} 2>/dev/null"));
            assert_eq!(came.out, "", "{folder}");
        }
    });
}

#[test]
fn e15_signals_stay_inside() {
    everywhere(|session, room, _| {
        let us = std::process::id();
        room.sh(session, &format!("kill -9 -1; kill -9 {us}; kill -9 1"));
        assert_eq!(room.sh(session, "echo on").out, "on\n");
    });
}

#[test]
fn e16_the_first_process_cannot_be_looked_into() {
    everywhere(|session, room, _| {
        for part in
            ["root/etc/passwd", "environ", "mem", "maps", "cwd/etc/passwd", "fd/0", "ns/mnt"]
        {
            let came = room.sh(session, &format!("head -c 1 /proc/1/{part} | wc -c"));
            assert_eq!(came.out.trim(), "0", "{part}: {came:?}");
        }
        let came = room.sh(session, "cd /proc/1 && ls root/ cwd/ 2>/dev/null | wc -l");
        assert_eq!(came.out.trim(), "0", "{came:?}");
        // Standard input, output, error, and the channel by which it reports: no folder of the outside.
        let came = room.sh(session, "ls /proc/1/fd 2>/dev/null | wc -l");
        assert!(came.out.trim().parse::<u32>().unwrap() <= 4, "{came:?}");
    });
}

#[test]
fn e17_capabilities_are_few() {
    everywhere(|session, room, _| {
        let read = |user: &str| {
            let mut spec = room.shell("grep -E '^(Cap|Seccomp:)' /proc/self/status");
            spec.user = user.to_owned();
            run(session, &spec)
                .unwrap()
                .out
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let (none, few) = ("0000000000000000", "00000000a80425fb");
        let expected = |held| {
            [
                "CapInh:", none, "CapPrm:", held, "CapEff:", held, "CapBnd:", few, "CapAmb:", none,
                "Seccomp:", "2",
            ]
        };
        assert_eq!(read("root"), expected(few));
        if session.mode() != Mode::SingleId {
            assert_eq!(read("ann"), expected(none));
        }
    });
}

#[test]
fn e18_the_callers_environment_does_not_get_in() {
    everywhere(|session, room, _| {
        let came = room.sh(session, "env; cat /proc/self/environ");
        assert!(!came.out.contains("CARGO") && !came.out.contains("STRATA"), "{came:?}");
    });
}

#[test]
fn e19_devices_are_not_shared_with_the_machine() {
    everywhere(|session, room, _| {
        let before = fs::metadata("/dev/null").unwrap().permissions().mode();
        room.sh(session, "chmod 600 /dev/null; rm -f /dev/null; ls /dev/disk /dev/mem /dev/kmsg");
        assert_eq!(fs::metadata("/dev/null").unwrap().permissions().mode(), before);
        let came = room.sh(session, "ls /dev | sort");
        let found: Vec<_> = came.out.split_whitespace().collect();
        let expected = [
            "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin",
            "stdout", "tty", "urandom", "zero",
        ];
        assert_eq!(found, expected);
    });
}

#[test]
fn e20_a_second_root_is_no_way_out() {
    everywhere(|session, room, outside| {
        // The shell has no call for it; `chroot` with a folder left open behind it is the usual way.
        let line = format!(
            "mkdir -p /jail && cp -r /bin /lib* /usr /jail/ 2>/dev/null; cd /; \
             chroot /jail /bin/sh -c 'cd ../../../../../../../..; cat .{0}/marker; ls ./' ; \
             chroot /proc/1/root /bin/cat {0}/marker",
            outside.path().display()
        );
        let came = room.sh(session, &line);
        assert!(!came.out.contains(MARK), "{came:?}");
    });
}

#[test]
fn e21_nothing_is_mounted_over_the_kernels_own() {
    everywhere(|session, room, _| {
        let source = room.dir("source");
        for target in ["/proc/self", "/proc/sys", "/sys/kernel", "/", "/proc/made"] {
            let came = with(session, room, "true", bind(target, &source, ""));
            assert!(came.is_err(), "{target}: {came:?}");
        }
    });
}

#[test]
fn e22_a_secret_is_in_memory_alone() {
    everywhere(|session, room, _| {
        let bytes = b"correct horse battery staple".to_vec();
        let kind = MountKind::File { bytes, mode: 0o400, uid: 0, gid: 0 };
        let mount = MountSpec { target: "/run/secrets/key".into(), kind };
        let came = with(session, room, "wc -c < /run/secrets/key", mount).unwrap();
        assert_eq!(came.out.trim(), "28");
        let mut folders = vec![room.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                assert_ne!(entry.file_name(), "key");
                if entry.path().is_dir() {
                    folders.push(entry.path());
                }
            }
        }
    });
}

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use strata_run::{
    Certificates, HostEntry, ListedKind, Mode, MountKind, MountSpec, Reason, RunError,
};

use crate::world::{Room, base, run, sessions};

fn mount(target: &str, kind: MountKind) -> MountSpec {
    MountSpec { target: target.into(), kind }
}

fn bind(target: &str, source: PathBuf, read_only: bool) -> MountSpec {
    mount(target, MountKind::Bind { source, inside: PathBuf::new(), read_only })
}

fn secret(target: &str) -> MountSpec {
    let bytes = b"a secret".to_vec();
    mount(target, MountKind::File { bytes, mode: 0o400, uid: 0, gid: 0 })
}

/// Everything in a folder, relative to it.
fn names(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            found.insert(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            }
        }
    }
    found
}

#[test]
fn a_command_that_changes_nothing_leaves_nothing() {
    for session in sessions() {
        let room = Room::new();
        let mut spec = room.shell("test -s /run/secrets/key && test -d /cache/of/it && true");
        spec.mounts = vec![
            secret("/run/secrets/key"),
            bind("/cache/of/it", room.dir("cache"), false),
            mount("/etc/deep/below", MountKind::Tmpfs { size_bytes: None }),
            secret("/tmp/key"),
        ];
        let came = run(&session, &spec).unwrap();
        assert_eq!(came.exit.code, 0, "{came:?}");
        assert_eq!(names(&room.upper()), BTreeSet::new());
        let (below, above) = (fs::metadata(base()).unwrap(), fs::metadata(room.upper()).unwrap());
        assert_eq!(below.modified().unwrap(), above.modified().unwrap());
        assert_eq!(below.mode() & 0o7777, above.mode() & 0o7777);
        assert_eq!(fs::read_dir(room.folder.path().join("work")).unwrap().count(), 0);
    }
}

#[test]
fn what_a_command_does_beside_a_mount_stays_with_its_time() {
    for session in sessions() {
        let room = Room::new();
        let mut spec =
            room.shell("touch /etc/own /run/own && touch -d @1000 /etc && chmod 700 /tmp");
        spec.mounts = vec![secret("/run/secrets/key"), secret("/tmp/key")];
        assert_eq!(run(&session, &spec).unwrap().exit.code, 0);
        let expected = ["etc", "etc/own", "run", "run/own", "tmp"].map(str::to_owned);
        assert_eq!(names(&room.upper()), BTreeSet::from(expected));
        assert_eq!(fs::metadata(room.upper().join("etc")).unwrap().mtime(), 1000);
    }
}

#[test]
fn what_is_deleted_is_marked() {
    for session in sessions() {
        let room = Room::new();
        assert_eq!(room.sh(&session, "rm /etc/group; echo more >> /etc/passwd").exit.code, 0);
        let listed = session.list(&room.upper().join("etc")).unwrap();
        let kinds: Vec<_> = listed.iter().map(|entry| (entry.name.as_str(), entry.kind)).collect();
        assert_eq!(kinds, [("group", ListedKind::Whiteout), ("passwd", ListedKind::File)]);
        assert!(base().join("etc/group").exists());
    }
}

#[test]
fn binds_hold_to_their_rights() {
    for session in sessions() {
        let room = Room::new();
        let (kept, fixed) = (room.dir("kept"), room.dir("fixed"));
        fs::write(fixed.join("file"), "fixed").unwrap();
        let line = "cat /fixed/file; echo x > /kept/x; echo y > /fixed/y";
        let mut spec = room.shell(line);
        spec.mounts = vec![bind("/kept", kept.clone(), false), bind("/fixed", fixed.clone(), true)];
        let came = run(&session, &spec).unwrap();
        assert_eq!((came.out.as_str(), came.exit.code), ("fixed", 2), "{came:?}");
        assert!(came.err.contains("Read-only"), "{came:?}");
        assert_eq!(fs::read_to_string(kept.join("x")).unwrap(), "x\n");
        assert!(!fixed.join("y").exists());
        assert_eq!(names(&room.upper()), BTreeSet::new());
        // A second run finds what the first left: so work caches.
        let mut spec = room.shell("cat /kept/x");
        spec.mounts = vec![bind("/kept", kept, false)];
        assert_eq!(run(&session, &spec).unwrap().out, "x\n");
    }
}

#[test]
fn a_single_file_of_a_folder_can_be_bound() {
    for session in sessions() {
        let room = Room::new();
        let folder = room.dir("context");
        fs::create_dir(folder.join("sub")).unwrap();
        fs::write(folder.join("sub/file"), "of the context").unwrap();
        let mut spec = room.shell("cat /a/b/file");
        let inside = PathBuf::from("/sub/file");
        let kind = MountKind::Bind { source: folder, inside, read_only: true };
        spec.mounts = vec![mount("/a/b/file", kind)];
        assert_eq!(run(&session, &spec).unwrap().out, "of the context");
        assert_eq!(names(&room.upper()), BTreeSet::new());
    }
}

#[test]
fn layers_can_be_mounted() {
    for session in sessions() {
        let room = Room::new();
        let (bottom, top) = (room.dir("bottom"), room.dir("top"));
        fs::create_dir(bottom.join("d")).unwrap();
        fs::write(bottom.join("d/one"), "1").unwrap();
        fs::create_dir(top.join("d")).unwrap();
        fs::write(top.join("d/two"), "2").unwrap();
        let lowers = vec![top, bottom.clone()];
        let fixed =
            MountKind::Layers { lowers: lowers.clone(), inside: "/d".into(), scratch: None };
        let scratch = Some((room.dir("scratch"), room.dir("scratch-work")));
        let loose = MountKind::Layers { lowers, inside: PathBuf::new(), scratch };
        let alone =
            MountKind::Layers { lowers: vec![bottom.clone()], inside: "d".into(), scratch: None };
        let line = "cat /fixed/one /fixed/two /alone/one; echo x > /loose/d/x && ls /loose/d; \
            ! touch /fixed/x && ! touch /alone/x";
        let mut spec = room.shell(line);
        spec.mounts = vec![mount("/fixed", fixed), mount("/loose", loose), mount("/alone", alone)];
        let came = run(&session, &spec).unwrap();
        assert_eq!((came.out.as_str(), came.exit.code), ("121one\ntwo\nx\n", 0), "{came:?}");
        assert!(!bottom.join("d/x").exists());
        assert_eq!(names(&room.upper()), BTreeSet::new());
    }
}

#[test]
fn secrets_have_their_owner_and_leave_no_trace() {
    for session in sessions() {
        let room = Room::new();
        let mut spec = room.shell("stat -c %a:%u /run/secrets/key; cat /run/secrets/key");
        let bytes = b"a secret".to_vec();
        let kind = MountKind::File { bytes, mode: 0o400, uid: 1000, gid: 1000 };
        spec.mounts = vec![mount("/run/secrets/key", kind)];
        spec.user = "ann".to_owned();
        let owner = if session.mode() == Mode::SingleId { 0 } else { 1000 };
        let came = run(&session, &spec).unwrap();
        assert_eq!(came.out, format!("400:{owner}\na secret"), "{came:?}");
        assert_eq!(names(room.folder.path()), ["upper", "work"].map(str::to_owned).into());
    }
}

#[test]
fn sockets_can_be_lent() {
    for session in sessions() {
        let room = Room::new();
        let path = room.folder.path().join("agent");
        let _listener = UnixListener::bind(&path).unwrap();
        let mut spec = room.shell("test -S /run/ssh/agent");
        spec.mounts = vec![mount("/run/ssh/agent", MountKind::Socket { path })];
        assert_eq!(run(&session, &spec).unwrap().exit.code, 0);
        assert_eq!(names(&room.upper()), BTreeSet::new());
    }
}

#[test]
fn memory_mounts_are_as_large_as_said() {
    for session in sessions() {
        let room = Room::new();
        let line = "dd if=/dev/zero of=/scratch/f bs=1M count=3 2>/dev/null; stat -c %s /scratch/f";
        let mut spec = room.shell(line);
        let kind = MountKind::Tmpfs { size_bytes: Some(1 << 20) };
        spec.mounts = vec![mount("/scratch", kind)];
        assert_eq!(run(&session, &spec).unwrap().out, "1048576\n");
    }
}

#[test]
fn the_network_files_and_certificates_are_lent() {
    for session in sessions() {
        let room = Room::new();
        let bundle = room.folder.path().join("bundle");
        fs::write(&bundle, "certificates").unwrap();
        let line = "cat /etc/hosts /etc/hostname; cat $SSL_CERT_FILE; echo $PIP_CERT";
        let mut spec = room.shell(line);
        spec.certificates = Certificates::File(bundle);
        spec.env = vec!["PIP_CERT=own".to_owned()];
        let entry =
            |name: &str, address: &str| HostEntry { name: name.into(), address: address.into() };
        spec.hosts = vec![entry("db", "10.1.1.1")];
        let came = run(&session, &spec).unwrap();
        assert!(came.out.contains("10.1.1.1\tdb\n"), "{came:?}");
        assert!(
            came.out.contains("\tstrata-build\nstrata-build\n")
                || came.out.contains("db\nstrata-build\n")
        );
        assert!(came.out.ends_with("certificatesown\n"), "{came:?}");
        assert_eq!(names(&room.upper()), BTreeSet::new());
    }
}

#[test]
fn many_layers_with_long_and_odd_names_are_laid_over() {
    for session in sessions() {
        let room = Room::new();
        let odd = room.dir(&format!("{}/{}", "a:b,c\\d".repeat(20), "é".repeat(100)));
        let mut lowers: Vec<PathBuf> = (0..499)
            .map(|number| {
                let lower = odd.join(number.to_string());
                fs::create_dir(&lower).unwrap();
                fs::write(lower.join(format!("f{number}")), "").unwrap();
                fs::write(lower.join("which"), number.to_string()).unwrap();
                lower
            })
            .collect();
        lowers.push(base().to_owned());
        let mut spec = room.shell("cat /which; ls / | grep -c ^f");
        spec.lowers = lowers;
        assert_eq!(run(&session, &spec).unwrap().out, "0499\n");
        spec.lowers.push(base().to_owned());
        let RunError::Step(failure) = run(&session, &spec).unwrap_err() else { panic!() };
        assert_eq!(failure.reason, Reason::TooManyLayers);
    }
}

#[test]
fn an_upper_folder_can_be_entered_again() {
    for session in sessions() {
        let room = Room::new();
        assert_eq!(room.sh(&session, "echo 1 > /f; rm /etc/group; false").exit.code, 1);
        let came = room.sh(&session, "cat /f; test -e /etc/group; echo $?");
        assert_eq!(came.out, "1\n1\n", "{came:?}");
    }
}

#[test]
fn everything_can_be_removed_and_read() {
    for session in sessions() {
        let room = Room::new();
        let line = "mkdir -p /d/e/f && touch /d/e/f/g && echo own > /d/private && chown -R 1000:29 /d; \
            chmod 600 /d/private; chmod 000 /d/e/f /d/e; ln -s / /d/link";
        assert_eq!(room.sh(&session, line).exit.code, 0);
        let listed = session.list(&room.upper().join("d")).unwrap();
        let private = listed.iter().find(|entry| entry.name == "private").unwrap();
        let uid = if session.mode() == Mode::SingleId { 0 } else { 1000 };
        assert_eq!((private.mode, private.uid, private.size), (0o600, uid, 4));
        let file = session.open(&room.upper().join("d/private")).unwrap();
        assert_eq!(std::io::read_to_string(file).unwrap(), "own\n");
        assert!(session.open(&room.upper().join("d/link")).is_err());
        session.remove(&room.upper()).unwrap();
        assert!(!room.upper().exists());
        session.remove(&room.upper()).unwrap();
        fs::create_dir(room.upper()).unwrap();
        fs::set_permissions(room.upper(), fs::Permissions::from_mode(0o000)).unwrap();
        session.remove(&room.upper()).unwrap();
        assert!(!room.upper().exists());
    }
}

#[test]
fn a_source_that_is_missing_is_named() {
    for session in sessions() {
        let room = Room::new();
        let mut spec = room.shell("true");
        let source = room.folder.path().join("missing");
        spec.mounts = vec![secret("/run/secrets/key"), bind("/x", source.clone(), true)];
        let RunError::Step(failure) = run(&session, &spec).unwrap_err() else { panic!() };
        assert_eq!(failure.reason, Reason::BadMount);
        assert_eq!(failure.subject, source.display().to_string());
        // What had been made until then is gone again.
        assert_eq!(names(&room.upper()), BTreeSet::new());
    }
}

#[test]
fn a_command_can_run_on_nothing() {
    for session in sessions() {
        let room = Room::new();
        let mut spec = room.spec(&["/bin/sh"]);
        spec.lowers = Vec::new();
        assert_eq!(run(&session, &spec).unwrap().exit.code, 127);
        assert_eq!(names(&room.upper()), BTreeSet::new());
        // With all that it needs as a mount.
        let mut spec = room.shell("echo made > /file; ls /");
        spec.lowers = Vec::new();
        for name in ["bin", "lib", "lib64", "usr"] {
            if base().join(name).is_dir() {
                spec.mounts.push(bind(&format!("/{name}"), base().join(name), true));
            }
        }
        let came = run(&session, &spec).unwrap();
        assert_eq!(came.exit.code, 0, "{came:?}");
        assert_eq!(names(&room.upper()), BTreeSet::from(["file".to_owned()]));
        assert_eq!(fs::metadata(room.upper()).unwrap().mode() & 0o777, 0o755);
    }
}

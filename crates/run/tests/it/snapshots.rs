use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};

use strata_run::{RunError, RunSpec, Session, Snapshots};
use strata_spec::{ChainId, DiffId, Digest};

use crate::world::{base, run, sessions};

fn diff_id(text: &str) -> DiffId {
    DiffId(Digest::sha256_of(text.as_bytes()))
}

fn chain(text: &str) -> ChainId {
    ChainId(Digest::sha256_of(text.as_bytes()))
}

/// A store's folder, and the snapshots of a session in it.
fn open(session: &Session) -> (tempfile::TempDir, Snapshots) {
    let store = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::open(store.path(), session).unwrap();
    (store, snapshots)
}

fn make(snapshots: &Snapshots, name: &str) -> Result<strata_run::Snapshot, RunError> {
    let unpack = |folder: &std::path::Path| {
        fs::write(folder.join("name"), name).unwrap();
        Ok(diff_id(name))
    };
    snapshots.get_or_make(&chain(name), &diff_id(name), unpack, &|| false)
}

#[test]
fn a_snapshot_is_made_once() {
    for session in sessions() {
        let (_store, snapshots) = open(&session);
        assert!(snapshots.get(&chain("a")).unwrap().is_none());
        let made = make(&snapshots, "a").unwrap();
        assert_eq!(fs::read_to_string(made.files().join("name")).unwrap(), "a");
        let again =
            snapshots.get_or_make(&chain("a"), &diff_id("a"), |_| panic!("it is there"), &|| false);
        assert_eq!(again.unwrap().files(), made.files());
        assert_eq!(snapshots.list().unwrap().len(), 1);
    }
}

#[test]
fn wrong_bytes_are_not_kept() {
    for session in sessions() {
        let (_store, snapshots) = open(&session);
        let made = snapshots.get_or_make(
            &chain("a"),
            &diff_id("a"),
            |folder| {
                fs::write(folder.join("x"), "x").unwrap();
                Ok(diff_id("b"))
            },
            &|| false,
        );
        let Err(RunError::WrongLayer { expected, found }) = made else { panic!("{made:?}") };
        assert_eq!((expected, found), (diff_id("a"), diff_id("b")));
        assert!(snapshots.list().unwrap().is_empty());
        make(&snapshots, "a").unwrap();
    }
}

#[test]
fn several_who_want_the_same_wait_for_one() {
    for session in sessions() {
        let (store, _) = open(&session);
        let count = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let snapshots = Snapshots::open(store.path(), &session).unwrap();
                    for name in ["a", "b", "c"] {
                        let unpack = |folder: &std::path::Path| {
                            count.fetch_add(1, Ordering::Relaxed);
                            std::thread::sleep(std::time::Duration::from_millis(30));
                            fs::write(folder.join("name"), name).unwrap();
                            Ok(diff_id(name))
                        };
                        let made =
                            snapshots.get_or_make(&chain(name), &diff_id(name), unpack, &|| false);
                        let files = made.unwrap().files();
                        assert_eq!(fs::read_to_string(files.join("name")).unwrap(), name);
                    }
                });
            }
        });
        assert_eq!(count.into_inner(), 3);
    }
}

#[test]
fn what_somebody_uses_is_not_removed() {
    for session in sessions() {
        let (store, snapshots) = open(&session);
        let used = make(&snapshots, "a").unwrap();
        let other = Snapshots::open(store.path(), &session).unwrap();
        assert!(!other.remove(&chain("a")).unwrap());
        other.sweep(&session).unwrap();
        assert!(used.files().join("name").exists());
        drop(used);
        assert!(other.remove(&chain("a")).unwrap());
        assert!(other.get(&chain("a")).unwrap().is_none());
        assert!(other.remove(&chain("never")).unwrap());
    }
}

#[test]
fn what_a_power_cut_may_have_hit_is_made_anew() {
    for session in sessions() {
        let (_store, snapshots) = open(&session);
        let made = |name: &str| make(&snapshots, name).unwrap().files().with_file_name("made");
        let (unsettled, settled) = (made("a"), made("b"));
        fs::write(&unsettled, "another start of the machine").unwrap();
        snapshots.settle().unwrap();
        assert_eq!(fs::read_to_string(settled).unwrap(), "settled");
        assert!(snapshots.get(&chain("b")).unwrap().is_some());
        assert!(snapshots.get(&chain("a")).unwrap().is_none());
    }
}

#[test]
fn a_run_becomes_a_snapshot_or_is_swept_away() {
    for session in sessions() {
        let (store, snapshots) = open(&session);
        let line = |room: &strata_run::Room, line: &str, lowers: Vec<_>| {
            let args = ["/bin/sh", "-c", line].map(str::to_owned).to_vec();
            run(&session, &RunSpec::new(lowers, room.upper(), room.work(), args)).unwrap()
        };
        let room = snapshots.room().unwrap();
        line(
            &room,
            "mkdir -m 700 /d; echo 1 > /d/one; chown -R 1000:1000 /d /; rm /etc/group",
            vec![base().to_owned()],
        );
        let kept = snapshots.keep(room, &chain("run")).unwrap();
        let next = snapshots.room().unwrap();
        let came = line(
            &next,
            "cat /d/one; ls /etc; id -u; stat -c %u /",
            vec![kept.files(), base().to_owned()],
        );
        let owner = if session.mode() == strata_run::Mode::SingleId { 0 } else { 1000 };
        assert_eq!(came.out, format!("1\nhostname\nhosts\npasswd\nresolv.conf\n0\n{owner}\n"));
        let held = snapshots.room().unwrap();
        line(&held, "mkdir /deep; chmod 000 /deep", vec![base().to_owned()]);
        let later = held.keep_for_later().unwrap();
        line(
            &next,
            "mkdir -p /deep/er; chown -R 1000 /deep; chmod 000 /deep",
            vec![base().to_owned()],
        );
        let left = next.folder().to_owned();
        snapshots.sweep(&session).unwrap();
        assert!(left.exists(), "somebody has it");
        drop(next);
        snapshots.sweep(&session).unwrap();
        assert!(!left.exists() && later.exists());
        let again = strata_run::Room::open(&later).unwrap();
        snapshots.discard(again).unwrap();
        snapshots.sweep(&session).unwrap();
        let folder = store.path().join("snapshots").join(session.mapping());
        let left: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "{left:?}: one snapshot and the trash");
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(folder.join("trash")).unwrap().count(), 0);
    }
}

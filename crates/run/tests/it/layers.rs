use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use strata_run::{CaptureSpec, Mode, Room, RunError, RunSpec, Session, Snapshot, Snapshots};
use strata_spec::{ChainId, DiffId, Digest};

use crate::world::{Came, base, run, sessions};

/// A file without a name that holds these bytes, to be read from its start.
fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

fn capture(session: &Session, upper: &Path, lowers: &[PathBuf]) -> (DiffId, Vec<u8>) {
    let mut tar = Vec::new();
    session.capture(upper, lowers, CaptureSpec::default(), &mut tar, &|| false).unwrap();
    (DiffId(Digest::sha256_of(&tar)), tar)
}

/// Layers as a build makes them, one on the other.
struct Build<'a> {
    session: &'a Session,
    snapshots: &'a Snapshots,
    diff_ids: Vec<DiffId>,
    tars: Vec<Vec<u8>>,
    stack: Vec<Snapshot>,
}

impl<'a> Build<'a> {
    fn on_base(session: &'a Session, snapshots: &'a Snapshots) -> Self {
        let (diff_id, tar) = capture(session, base(), &[]);
        let mut build = Self {
            session,
            snapshots,
            diff_ids: vec![diff_id],
            tars: vec![tar],
            stack: Vec::new(),
        };
        build.unpack(snapshots);
        build
    }

    fn unpack(&mut self, snapshots: &Snapshots) {
        self.stack.clear();
        for (place, chain) in ChainId::of(&self.diff_ids).iter().enumerate() {
            let (layer, lowers) = (file(&self.tars[place]), self.lowers());
            let unpack = |into: &Path| {
                self.session.unpack(&layer, into, &lowers, &|| false).map(|done| done.diff_id)
            };
            let made = snapshots.get_or_make(chain, &self.diff_ids[place], unpack, &|| false);
            self.stack.push(made.unwrap());
        }
    }

    fn lowers(&self) -> Vec<PathBuf> {
        self.stack.iter().rev().map(Snapshot::files).collect()
    }

    fn in_room(&self, line: &str, user: &str) -> (Room, Came) {
        let room = self.snapshots.room().unwrap();
        let args = ["/bin/sh", "-c", line].map(str::to_owned).to_vec();
        let mut spec = RunSpec::new(self.lowers(), room.upper(), room.work(), args);
        spec.user = user.to_owned();
        let came = run(self.session, &spec).unwrap();
        (room, came)
    }

    /// A command whose changes become a layer.
    fn step(&mut self, line: &str, user: &str) {
        let (room, came) = self.in_room(line, user);
        assert_eq!(came.exit.code, 0, "{line}: {came:?}");
        let (diff_id, tar) = capture(self.session, &room.upper(), &self.lowers());
        assert_eq!(capture(self.session, &room.upper(), &self.lowers()).1, tar, "the same bytes");
        self.diff_ids.push(diff_id);
        self.tars.push(tar);
        let chain = ChainId::of(&self.diff_ids).pop().unwrap();
        self.stack.push(self.snapshots.keep(room, &chain).unwrap());
    }

    /// What a command sees, which changes nothing.
    fn look(&self, line: &str) -> String {
        let (room, came) = self.in_room(line, "");
        let (_, tar) = capture(self.session, &room.upper(), &self.lowers());
        assert_eq!(tar, [0; 1024], "an empty layer");
        self.snapshots.discard(room).unwrap();
        came.out
    }
}

/// Everything but what is lent, and the folders that hold it; and who shares the bytes of `/d/shared`.
const LOOK: &str = "find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path '/etc/host*' \
    -o -path /etc/resolv.conf \\) -prune -o -printf '%p %y %m %U:%G %s %T@ %l\\n' \
    | grep -v -e '^/ ' -e '^/etc ' | sort; cat /d/one /d/two /d/hard; \
    find / -xdev -samefile /d/shared | sort; id -u";

/// What `LOOK` sees must be what a fresh unpacking of the layers shows.
#[test]
fn layers_are_what_the_runs_saw() {
    for session in sessions() {
        let store = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::open(store.path(), &session).unwrap();
        let mut build = Build::on_base(&session, &snapshots);
        build.step(
            "mkdir -p /d/e/f && echo 1 > /d/one && ln /d/one /d/hard && echo x > /d/e/f/x",
            "",
        );
        build.step(
            "chown -R 1000:29 /d && chmod 4755 /d/one && chmod 700 /d/e && ln -s one /d/link",
            "",
        );
        build.step("rm -r /d/e /etc/group && mkdir /d/e && echo 2 > /d/two && mkfifo /d/pipe", "");
        build.step("echo shared > /d/shared; mkdir /d/deep; ln /d/shared /d/deep/also", "");
        build.step(
            "mv /d/two /d/second; cp /d/second /d/two; rm /d/link; mkdir /d/link; touch /tmp/mine",
            "ann",
        );
        let seen = build.look(LOOK);
        assert!(seen.contains("/d/e d 755") && !seen.contains("/etc/group"), "{seen}");
        assert!(seen.contains("/d/deep/also\n/d/shared\n"), "{seen}");
        let ann = if session.mode() == Mode::SingleId { "0:0" } else { "1000:29" };
        assert!(seen.contains(&format!("/d/one f 4755 {ann} ")), "{seen}");
        // Everything anew, from the tars alone.
        let other = tempfile::tempdir().unwrap();
        let fresh = Snapshots::open(other.path(), &session).unwrap();
        build.unpack(&fresh);
        build.snapshots = &fresh;
        let again = build.look(LOOK);
        let lines = |text: &str| text.lines().map(times_in_seconds).collect::<Vec<_>>();
        assert_eq!(lines(&again), lines(&seen));
        drop(build);
        for (folder, snapshots) in [(&store, &snapshots), (&other, &fresh)] {
            for (chain, _) in snapshots.list().unwrap() {
                assert!(snapshots.remove(&chain).unwrap());
            }
            snapshots.sweep(&session).unwrap();
            session.remove(&folder.path().join("snapshots")).unwrap();
        }
    }
}

/// Layers keep whole seconds unless more is asked of them.
fn times_in_seconds(line: &str) -> String {
    let cut = |word: &str| match word.split_once('.') {
        Some((seconds, rest)) if rest.bytes().all(|byte| byte.is_ascii_digit()) => {
            seconds.to_owned()
        }
        _ => word.to_owned(),
    };
    line.split(' ').map(cut).collect::<Vec<_>>().join(" ")
}

#[test]
fn another_tar_reads_the_layers() {
    for session in sessions() {
        let store = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::open(store.path(), &session).unwrap();
        let mut build = Build::on_base(&session, &snapshots);
        build.step("mkdir /d; echo 1 > /d/one; rm /etc/group; rm -r /tmp; mkdir /tmp", "");
        let tar = store.path().join("layer.tar");
        fs::write(&tar, build.tars.last().unwrap()).unwrap();
        let Ok(output) = Command::new("tar").args(["-tf"]).arg(&tar).output() else {
            return eprintln!("skipped: there is no tar");
        };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{output:?}");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines, ["d/", "d/one", "etc/", "etc/.wh.group", "tmp/", "tmp/.wh..wh..opq"]);
    }
}

#[test]
fn what_is_no_layer_is_named() {
    for session in sessions() {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("into");
        let refused = session.unpack(&file(b"no layer at all"), &into, &[], &|| false);
        let Err(RunError::Layer { doing, reason }) = refused else { panic!("{refused:?}") };
        assert!(doing.contains("unpack") && !reason.is_empty());
        // The session goes on.
        let (_, tar) = capture(&session, base(), &[]);
        session.remove(&into).unwrap();
        let unpacked = session.unpack(&file(&tar), &into, &[], &|| false).unwrap();
        assert_eq!(unpacked.diff_id, DiffId(Digest::sha256_of(&tar)));
        let missing = folder.path().join("missing");
        let refused =
            session.capture(&missing, &[], CaptureSpec::default(), &mut Vec::new(), &|| false);
        assert!(matches!(refused, Err(RunError::Layer { .. })), "{refused:?}");
    }
}

#[test]
fn unpacking_and_capturing_can_be_stopped() {
    for session in sessions() {
        let folder = tempfile::tempdir().unwrap();
        let (end, mut start) = std::io::pipe().unwrap();
        let (_, tar) = capture(&session, base(), &[]);
        start.write_all(&tar[..1024]).unwrap();
        let layer = File::from(std::os::fd::OwnedFd::from(end));
        // Enough for a few looks; then the pipe that never ends is let go.
        let begun = std::time::Instant::now();
        let stopped = || begun.elapsed().as_millis() > 200;
        let writer = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(600));
            let _ = start.write_all(&tar[1024..2048]);
            start
        });
        let into = folder.path().join("into");
        let unpacked = session.unpack(&layer, &into, &[], &stopped);
        assert!(matches!(unpacked, Err(RunError::Stopped)), "{unpacked:?}");
        drop(writer.join().unwrap());
        let captured =
            session.capture(base(), &[], CaptureSpec::default(), &mut std::io::sink(), &|| true);
        assert!(matches!(captured, Err(RunError::Stopped)), "{captured:?}");
        session.remove(&into).unwrap();
    }
}

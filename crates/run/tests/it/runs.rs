use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use strata_run::{Ending, Limit, Mode, Output, Reason, Resource, RunError, TerminalSize, Weakness};

use crate::world::{Room, run, sessions};

#[test]
fn output_and_code_come_back() {
    for session in sessions() {
        let room = Room::new();
        let came = room.sh(&session, "echo out; echo err >&2; exit 42");
        assert_eq!((came.out.as_str(), came.err.as_str()), ("out\n", "err\n"), "{came:?}");
        assert_eq!((came.exit.code, came.exit.ending), (42, Ending::Exited));
        let pretended = came.exit.weaknesses.contains(&Weakness::PretendedOwners);
        assert_eq!(pretended, session.mode() == Mode::SingleId);
    }
}

#[test]
fn codes_are_those_of_a_shell() {
    for session in sessions() {
        let room = Room::new();
        let code = |args: &[&str]| {
            let came = run(&session, &room.spec(args)).unwrap();
            (came.exit.code, came.exit.ending)
        };
        assert_eq!(code(&["true"]), (0, Ending::Exited));
        assert_eq!(code(&["no-such-program"]), (127, Ending::NotFound));
        assert_eq!(code(&["/no/such/program"]), (127, Ending::NotFound));
        assert_eq!(code(&["/etc/passwd"]), (126, Ending::NotExecutable));
        assert_eq!(code(&["/etc"]), (126, Ending::NotExecutable));
        assert_eq!(code(&["/bin/sh", "-c", "kill -TERM $$"]), (143, Ending::Signalled));
        assert_eq!(code(&["/bin/sh", "-c", "kill -KILL $$"]), (137, Ending::Signalled));
        fs::write(room.upper().join("text"), "no program").unwrap();
        fs::set_permissions(room.upper().join("text"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(code(&["/text"]), (126, Ending::NotExecutable));
    }
}

#[test]
fn output_comes_while_the_command_runs() {
    for session in sessions() {
        let room = Room::new();
        let spec = room.shell("echo first; sleep 1; echo second");
        let times = Mutex::new(Vec::new());
        let begun = Instant::now();
        let mut note = |piece: Output<'_>| {
            times.lock().unwrap().push((format!("{piece:?}"), begun.elapsed()));
        };
        session.run(&spec, &mut note, &|| false).unwrap();
        let times = times.into_inner().unwrap();
        assert_eq!(times.len(), 2, "{times:?}");
        assert!(times[1].1 - times[0].1 > Duration::from_millis(500), "{times:?}");
    }
}

#[test]
fn much_output_arrives_whole() {
    for session in sessions() {
        let room = Room::new();
        let came =
            room.sh(&session, "dd if=/dev/zero bs=1000 count=5000 2>/dev/null; echo end >&2");
        assert_eq!((came.out.len(), came.err.as_str()), (5_000_000, "end\n"));
    }
}

#[test]
fn the_environment_is_the_steps_alone() {
    for session in sessions() {
        let room = Room::new();
        let mut spec = room.spec(&["env"]);
        spec.env = vec!["A=b c".to_owned()];
        let came = run(&session, &spec).unwrap();
        let mut names: Vec<_> =
            came.out.lines().filter_map(|line| line.split('=').next()).collect();
        names.sort_unstable();
        let expected: &[&str] = if session.mode() == Mode::SingleId {
            &["A", "APT_CONFIG", "HOME", "PATH"]
        } else {
            &["A", "HOME", "PATH"]
        };
        assert_eq!(names, expected);
        assert!(came.out.contains("A=b c\n") && came.out.contains("HOME=/root\n"), "{came:?}");
    }
}

#[test]
fn the_user_is_looked_up_in_the_image() {
    for session in sessions() {
        let room = Room::new();
        let who = |user: &str| {
            let mut spec = room.shell("echo $(id -u) $(id -g) $(id -G) $HOME");
            spec.user = user.to_owned();
            run(&session, &spec)
        };
        assert_eq!(who("").unwrap().out, "0 0 0 /root\n");
        let missing = who("nobody-knows").unwrap_err();
        let RunError::Step(failure) = missing else { panic!("{missing}") };
        assert_eq!(failure.reason, Reason::UserUnknown);
        if session.mode() == Mode::SingleId {
            // Pretended: there is nobody but root.
            assert_eq!(who("ann").unwrap().out, "0 0 0 /people/ann\n");
        } else {
            assert_eq!(who("ann").unwrap().out, "1000 1000 1000 29 /people/ann\n");
            assert_eq!(who("1000:29").unwrap().out, "1000 29 29 /people/ann\n");
            assert_eq!(who("4242").unwrap().out, "4242 0 0 /\n");
        }
    }
}

#[test]
fn an_id_that_is_not_mapped_is_named() {
    let Some(session) = crate::world::session(Mode::SubIds) else { return };
    let room = Room::new();
    let mut spec = room.shell("true");
    spec.user = "4000000000".to_owned();
    let RunError::Step(failure) = run(&session, &spec).unwrap_err() else { panic!() };
    assert_eq!((failure.reason, failure.subject.as_str()), (Reason::UserUnknown, "4000000000"));
}

#[test]
fn programs_that_give_rights_work() {
    for session in sessions() {
        if session.mode() == Mode::SingleId {
            continue;
        }
        let room = Room::new();
        room.sh(&session, "cp /bin/id /bin/id-of-root && chmod 4755 /bin/id-of-root");
        let mut spec = room.shell("id-of-root -u; grep NoNewPrivs /proc/self/status");
        spec.user = "ann".to_owned();
        assert_eq!(run(&session, &spec).unwrap().out, "0\nNoNewPrivs:\t0\n");
    }
}

#[test]
fn owners_can_be_changed_or_are_pretended() {
    for session in sessions() {
        let room = Room::new();
        let came = room.sh(&session, "touch /f && chown 1000:29 /f && stat -c %u:%g /f");
        let expected = if session.mode() == Mode::SingleId { "0:0\n" } else { "1000:29\n" };
        assert_eq!(came.out, expected, "{came:?}");
    }
}

#[test]
fn the_first_process_buries_the_dead_and_ends_those_in_the_background() {
    for session in sessions() {
        let room = Room::new();
        let line = "setsid sh -c 'trap \"\" TERM HUP; sleep 300 & wait' & (sleep 300 &) ; exit 3";
        let begun = Instant::now();
        let came = room.sh(&session, line);
        assert_eq!(came.exit.code, 3);
        assert!(begun.elapsed() < Duration::from_secs(60));
    }
}

#[test]
fn standard_input_is_empty_and_the_folder_is_made() {
    for session in sessions() {
        let room = Room::new();
        let mut spec = room.shell("cat; pwd; hostname");
        spec.cwd = "/made/for it".into();
        assert_eq!(run(&session, &spec).unwrap().out, "/made/for it\nstrata-build\n");
        assert!(room.upper().join("made/for it").is_dir());
    }
}

#[test]
fn limits_hold_and_too_high_ones_are_lowered() {
    for session in sessions() {
        let room = Room::new();
        let mut spec = room.shell("ulimit -n; ulimit -H -n");
        spec.limits = vec![Limit { resource: Resource::Nofile, soft: 300, hard: 301 }];
        assert_eq!(run(&session, &spec).unwrap().out, "300\n301\n");
        spec.limits = vec![Limit { resource: Resource::Nofile, soft: 300, hard: u64::MAX }];
        assert_eq!(run(&session, &spec).unwrap().exit.code, 0);
    }
}

#[test]
fn runs_of_one_session_go_side_by_side() {
    for session in sessions() {
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for number in 0..6 {
                let session = &session;
                scope.spawn(move || {
                    let room = Room::new();
                    let came = room.sh(session, &format!("sleep 1; echo {number} > /f; cat /f"));
                    assert_eq!(came.out, format!("{number}\n"));
                });
            }
        });
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
}

#[test]
fn a_terminal_is_the_commands_own() {
    for session in sessions() {
        let room = Room::new();
        let line = "test -t 0 && test -t 2 && readlink /proc/self/fd/1; stty size; read word; stty size; \
            echo got $word; exit 7";
        let size = TerminalSize { rows: 40, columns: 123 };
        let terminal = session.open_terminal(&room.shell(line), size).unwrap();
        let mut lines = BufReader::new(terminal.file()).lines();
        let mut line = || lines.next().unwrap().unwrap().trim().to_owned();
        assert_eq!((line(), line()), ("/dev/pts/0".to_owned(), "40 123".to_owned()));
        terminal.resize(TerminalSize { rows: 20, columns: 50 }).unwrap();
        terminal.file().write_all(b"hello\n").unwrap();
        assert_eq!((line(), line(), line()), ("hello".into(), "20 50".into(), "got hello".into()));
        assert_eq!(terminal.wait().unwrap().code, 7);
        let waits = session.open_terminal(&room.shell("sleep 300"), size).unwrap();
        waits.stop();
        assert_eq!(waits.wait().unwrap().ending, Ending::Stopped);
        let mut wrong = room.shell("true");
        wrong.user = "nobody-knows".to_owned();
        assert!(session.open_terminal(&wrong, size).and_then(|terminal| terminal.wait()).is_err());
    }
}

/// A program of 32 bits that ends with 42: `mov eax, 1; mov ebx, 42; int 0x80`, behind the smallest headers.
#[test]
#[cfg(target_arch = "x86_64")]
fn programs_of_32_bits_live() {
    let mut program = vec![0x7f, b'E', b'L', b'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let words =
        |halves: &[u16]| halves.iter().flat_map(|half| half.to_le_bytes()).collect::<Vec<_>>();
    let longs =
        |longs: &[u32]| longs.iter().flat_map(|long| long.to_le_bytes()).collect::<Vec<_>>();
    program.extend(words(&[2, 3]));
    program.extend(longs(&[1, 0x0804_8054, 52, 0, 0]));
    program.extend(words(&[52, 32, 1, 0, 0, 0]));
    program.extend(longs(&[1, 0, 0x0804_8000, 0x0804_8000, 96, 96, 5, 0x1000]));
    program.extend([0xb8, 1, 0, 0, 0, 0xbb, 42, 0, 0, 0, 0xcd, 0x80]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small");
    fs::write(&file, &program).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    match std::process::Command::new(&file).status().map(|status| status.code()) {
        Ok(Some(42)) => {}
        other => return eprintln!("skipped: this kernel runs no programs of 32 bits: {other:?}"),
    }
    for session in sessions() {
        let room = Room::new();
        fs::copy(&file, room.upper().join("small")).unwrap();
        let came = run(&session, &room.spec(&["/small"])).unwrap();
        assert_eq!(came.exit.code, 42, "{:?}: {came:?}", session.mode());
    }
}

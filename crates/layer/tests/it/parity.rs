//! What GNU tar says of an archive, and what a scan says of it: line by line the same.
//!
//! Beside an archive made here, every `*.tar` of the folder that `STRATA_CORPUS` names is compared.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use strata_layer::{Entry, EntryKind, Limits, Timestamp, scan};

use crate::Kept;

#[test]
fn odd_files_are_listed_as_tar_lists_them() {
    let folder = std::env::temp_dir().join(format!("strata-parity-{}", std::process::id()));
    make_odd_files(&folder.join("tree"));
    for format in ["gnu", "posix"] {
        let archive = folder.join(format!("{format}.tar"));
        let made = Command::new("tar")
            .arg(format!("--format={format}"))
            .args(["--numeric-owner", "-C"])
            .arg(folder.join("tree"))
            .arg("-cf")
            .arg(&archive)
            .arg(".")
            .status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: there is no tar that writes {format}");
            continue;
        }
        compare(&archive);
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_layers_of_the_corpus_are_listed_as_tar_lists_them() {
    let Some(corpus) = std::env::var_os("STRATA_CORPUS") else {
        println!("skipped: STRATA_CORPUS names no folder of layers");
        return;
    };
    let mut archives: Vec<PathBuf> = fs::read_dir(corpus)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension() == Some(OsStr::new("tar")))
        .collect();
    archives.sort();
    for archive in archives {
        println!("{}: {} entries", archive.display(), compare(&archive));
    }
}

fn make_odd_files(tree: &Path) {
    let name = |bytes: &[u8]| tree.join(OsStr::from_bytes(bytes));
    fs::create_dir_all(tree.join("folder with spaces/deep").join("n".repeat(140))).unwrap();
    for bytes in [
        &b"plain"[..],
        b"line\nbreak",
        b"\xff\xfe",
        b"back\\slash",
        b"tab\there",
        b"a -> b",
        b"\"q'",
    ] {
        fs::write(name(bytes), bytes).unwrap();
    }
    fs::write(name("층".as_bytes()), b"").unwrap();
    fs::set_permissions(name(b"plain"), fs::Permissions::from_mode(0o6751)).unwrap();
    symlink("../else where/", tree.join("link")).unwrap();
    symlink("t".repeat(150), tree.join("long link")).unwrap();
    fs::hard_link(name(b"plain"), tree.join("zz same")).unwrap();
    // Before 1970 without a fraction: tar 1.34 extracts such a time rightly and lists it a second late.
    for (path, time) in [
        ("plain", "1969-12-31 23:59:58 UTC"),
        ("folder with spaces", "1904-02-29 00:00:00 UTC"),
        ("tab\there", "2031-05-06 07:08:09.123456789 UTC"),
    ] {
        let touched = Command::new("touch").args(["-d", time]).arg(tree.join(path)).status();
        assert!(touched.unwrap().success());
    }
    // A pipe, and where one may make them, devices.
    for arguments in [&["pipe", "p"][..], &["device", "c", "1", "3"], &["disk", "b", "7", "200"]] {
        let made = Command::new("mknod")
            .arg(tree.join(arguments[0]))
            .args(&arguments[1..])
            .stderr(std::process::Stdio::null())
            .status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: may not make {arguments:?}");
        }
    }
}

/// Compares all lines, and answers how many there are.
fn compare(archive: &Path) -> usize {
    let listed = Command::new("tar")
        .args(["-tv", "--numeric-owner", "--full-time", "--utc", "--quoting-style=escape", "-f"])
        .arg(archive)
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    assert!(listed.status.success());
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut kept = Kept::default();
    scan(fs::File::open(archive).unwrap(), &Limits::default(), &mut kept).unwrap();
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), kept.0.len(), "{}", archive.display());
    for (line, entry) in lines.iter().zip(&kept.0) {
        assert_eq!(of_tar(line), of_scan(entry), "{}: {line}", archive.display());
    }
    lines.len()
}

/// The fields of one line: mode, owner, size or device, date, time, and the rest.
fn of_tar(line: &str) -> [String; 6] {
    let mut rest = line;
    let mut field = || {
        rest = rest.trim_start();
        let (field, after) = rest.split_once(' ').unwrap();
        rest = after;
        field.to_owned()
    };
    let fields = [field(), field(), field(), field(), field()];
    // The column of the time widens where one has a fraction.
    let rest = rest.trim_start();
    // How the archive spells a path is not kept: without `./` and the slash at the end.
    let clean = |path: &str| {
        let path = path.strip_prefix('.').filter(|rest| rest.starts_with('/')).unwrap_or(path);
        path.trim_matches('/').to_owned()
    };
    let name = match fields[0].as_bytes()[0] {
        b'h' => {
            let (name, target) = rest.split_once(" link to ").unwrap();
            format!("{} link to {}", clean(name), clean(target))
        }
        b'l' => {
            let at = rest.find(" -> ").unwrap();
            format!("{}{}", clean(&rest[..at]), &rest[at..])
        }
        _ => clean(rest),
    };
    let [mode, owner, size, date, time] = fields;
    [mode, owner, size, date, time, name]
}

fn of_scan(entry: &Entry) -> [String; 6] {
    let size = match entry.kind {
        EntryKind::CharDevice | EntryKind::BlockDevice => {
            format!("{},{}", entry.device.0, entry.device.1)
        }
        _ => entry.size.to_string(),
    };
    let name = match entry.kind {
        EntryKind::Symlink => format!("{} -> {}", escaped(&entry.path), escaped(&entry.link)),
        EntryKind::Hardlink => {
            format!("{} link to {}", escaped(&entry.path), escaped(&entry.link))
        }
        _ => escaped(&entry.path),
    };
    let (date, time) = of_time(entry.modified);
    [mode(entry), format!("{}/{}", entry.uid, entry.gid), size, date, time, name]
}

fn mode(entry: &Entry) -> String {
    let mut text = String::from(match entry.kind {
        EntryKind::File => "-",
        EntryKind::Directory => "d",
        EntryKind::Symlink => "l",
        EntryKind::Hardlink => "h",
        EntryKind::CharDevice => "c",
        EntryKind::BlockDevice => "b",
        EntryKind::Fifo => "p",
    });
    for (shift, special, set, set_only) in
        [(6, 0o4000, 's', 'S'), (3, 0o2000, 's', 'S'), (0, 0o1000, 't', 'T')]
    {
        let bits = entry.mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (entry.mode & special != 0, bits & 1 != 0) {
            (true, true) => set,
            (true, false) => set_only,
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    text
}

/// The escapes that GNU tar prints in the C locale.
fn escaped(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, &byte| match byte {
        b'\n' => text + "\\n",
        b'\t' => text + "\\t",
        b'\\' => text + "\\\\",
        b' '..=b'~' => text + char::from(byte).to_string().as_str(),
        _ => text + &format!("\\{byte:03o}"),
    })
}

/// The date by Howard Hinnant's `civil_from_days`, and the time with as much of a fraction as there is.
fn of_time(time: Timestamp) -> (String, String) {
    let (days, second) = (time.seconds.div_euclid(86_400), time.seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let index = (5 * of_year + 2) / 153;
    let month = if index < 10 { index + 3 } else { index - 9 };
    let date = format!(
        "{:04}-{month:02}-{:02}",
        year + era * 400 + i64::from(month <= 2),
        of_year - (153 * index + 2) / 5 + 1
    );
    let mut clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    if time.nanos > 0 {
        clock.push_str(format!(".{:09}", time.nanos).trim_end_matches('0'));
    }
    (date, clock)
}

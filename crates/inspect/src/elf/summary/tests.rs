#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use super::*;
use crate::elf::fixture::elf;

#[test]
fn a_small_program_is_told_in_words() {
    let mut note = Vec::new();
    for number in [4_u32, 3, 3] {
        note.extend_from_slice(&number.to_le_bytes());
    }
    note.extend_from_slice(b"GNU\0\xab\xcd\xef");
    let file = elf(&[
        (".note.gnu.build-id", &note),
        (".go.buildinfo", b"x"),
        (".comment", b"rustc version 1\0"),
    ]);
    let found = summary(&mut Cursor::new(file)).unwrap();
    assert_eq!((found.bits, found.is_big_endian, found.machine.as_str()), (64, false, "x86-64"));
    assert_eq!(found.kind, ElfType::Program);
    assert_eq!(found.build_id.as_deref(), Some("abcdef"));
    assert!(found.is_stripped && found.is_static && found.is_go && found.is_rust);
}

#[test]
fn the_shell_of_this_machine_is_told_in_words() {
    let Ok(mut file) = std::fs::File::open("/bin/sh") else { return };
    let Ok(found) = summary(&mut file) else { return };
    assert!(matches!(found.bits, 32 | 64));
    assert_eq!(found.kind, ElfType::Program);
    if !found.is_static {
        assert!(found.interpreter.is_some_and(|interpreter| interpreter.starts_with('/')));
        assert!(
            found.needed.iter().any(|library| library.starts_with("libc")),
            "{:?}",
            found.needed
        );
    }
}

#[test]
fn what_is_no_elf_is_refused() {
    for bytes in [
        &b""[..],
        b"\x7fELF",
        &[0; 100],
        b"\x7fELF\x03\x01aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        assert!(matches!(summary(&mut Cursor::new(bytes)), Err(InspectError::Malformed { .. })));
    }
}

proptest::proptest! {
    #[test]
    fn random_bytes_do_no_harm(bytes: Vec<u8>) {
        let mut file = b"\x7fELF\x02\x01".to_vec();
        file.extend_from_slice(&bytes);
        let _ = summary(&mut Cursor::new(file));
    }

    #[test]
    fn a_damaged_program_does_no_harm(at in 6_usize..400, value: u8, more: u8) {
        let mut file = elf(&[(".note.gnu.build-id", b"0123456789abcdef"), (".dynstr", b"x\0"), (".strtab", b"y\0")]);
        let length = file.len();
        file[at % length] = value;
        file[(at * 7) % length] = more;
        let _ = summary(&mut Cursor::new(file));
    }
}

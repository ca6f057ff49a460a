use std::io::Cursor;

use super::*;
use crate::elf::fixture::elf;

#[test]
fn what_is_no_elf_is_refused() {
    for bytes in [
        &b""[..],
        b"\x7fELF",
        &[0; 100],
        b"\x7fELF\x03\x01aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        let found = Elf::read(&mut Cursor::new(bytes));
        assert!(matches!(found, Err(InspectError::Malformed { .. })));
    }
}

proptest::proptest! {
    #[test]
    fn random_bytes_do_no_harm(bytes: Vec<u8>) {
        let mut file = b"\x7fELF\x02\x01".to_vec();
        file.extend_from_slice(&bytes);
        let _ = Elf::read(&mut Cursor::new(file));
    }

    #[test]
    fn a_damaged_program_does_no_harm(at in 6_usize..400, value: u8, more: u8) {
        let mut file = elf(&[(".note.gnu.build-id", b"0123456789abcdef"), (".dynstr", b"x\0"), (".strtab", b"y\0")]);
        let length = file.len();
        file[at % length] = value;
        file[(at * 7) % length] = more;
        let _ = Elf::read(&mut Cursor::new(file));
    }
}

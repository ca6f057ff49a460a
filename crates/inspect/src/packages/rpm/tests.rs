#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use super::*;

/// A header with these texts and numbers.
fn header(texts: &[(u32, &str)], numbers: &[(u32, u32)]) -> Vec<u8> {
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    let mut entry = |tag: u32, kind: u32, at: usize| {
        for number in [tag, kind, u32::try_from(at).unwrap(), 1] {
            entries.extend(number.to_be_bytes());
        }
    };
    for (tag, number) in numbers {
        entry(*tag, 4, data.len());
        data.extend(number.to_be_bytes());
    }
    for (tag, text) in texts {
        entry(*tag, 6, data.len());
        data.extend(text.as_bytes());
        data.push(0);
    }
    let mut blob = u32::try_from(entries.len() / 16).unwrap().to_be_bytes().to_vec();
    blob.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    blob.extend(entries);
    blob.extend(data);
    blob
}

fn bash() -> Vec<u8> {
    let texts = [
        (1000, "bash"),
        (1001, "5.1.8"),
        (1002, "6.el9"),
        (1022, "x86_64"),
        (1014, "GPLv3+"),
        (1044, "bash-5.1.8-6.el9.src.rpm"),
    ];
    header(&texts, &[(1003, 1), (1009, 7_738_778)])
}

/// Longer than a page, so that it needs a chain.
fn long() -> Vec<u8> {
    header(&[(1000, "long"), (1001, "1"), (1002, "2"), (9999, &"x".repeat(3_000))], &[])
}

fn key() -> Vec<u8> {
    header(&[(1000, "gpg-pubkey"), (1001, "1")], &[])
}

fn ndb_file(blobs: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"RpmP".to_vec();
    file.extend([0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    file.resize(4_096, 0);
    for (number, blob) in blobs.iter().enumerate() {
        let at = 32 + 16 * number;
        let (package, block) =
            (u32::try_from(number + 1).unwrap(), u32::try_from(file.len() / 16).unwrap());
        file[at..at + 4].copy_from_slice(b"Slot");
        file[at + 4..at + 8].copy_from_slice(&package.to_le_bytes());
        file[at + 8..at + 12].copy_from_slice(&block.to_le_bytes());
        file.extend(b"BlbS");
        file.extend(package.to_le_bytes());
        file.extend([0; 4]);
        file.extend(u32::try_from(blob.len()).unwrap().to_le_bytes());
        file.extend(blob);
        file.resize(file.len().next_multiple_of(16), 0);
    }
    file
}

fn berkeley_file(blobs: &[Vec<u8>]) -> Vec<u8> {
    const SIZE: usize = 512;
    let mut file = vec![0; 2 * SIZE];
    file[12..16].copy_from_slice(&0x0006_1561_u32.to_le_bytes());
    file[20..24].copy_from_slice(&512_u32.to_le_bytes());
    let count = u16::try_from(2 * blobs.len()).unwrap();
    file[SIZE + 20..SIZE + 22].copy_from_slice(&count.to_le_bytes());
    file[SIZE + 25] = 13;
    for (number, blob) in blobs.iter().enumerate() {
        let (slot, place) = (SIZE + 26 + 2 * (2 * number + 1), 400 - 12 * number);
        file[slot..slot + 2].copy_from_slice(&u16::try_from(place).unwrap().to_le_bytes());
        let first = u32::try_from(file.len() / SIZE).unwrap();
        file[SIZE + place] = 3;
        file[SIZE + place + 4..SIZE + place + 8].copy_from_slice(&first.to_le_bytes());
        file[SIZE + place + 8..SIZE + place + 12]
            .copy_from_slice(&u32::try_from(blob.len()).unwrap().to_le_bytes());
        let parts: Vec<&[u8]> = blob.chunks(SIZE - 26).collect();
        for (at, part) in parts.iter().enumerate() {
            let mut page = vec![0; SIZE];
            let next =
                if at + 1 < parts.len() { first + u32::try_from(at).unwrap() + 1 } else { 0 };
            page[16..20].copy_from_slice(&next.to_le_bytes());
            page[22..24].copy_from_slice(&u16::try_from(part.len()).unwrap().to_le_bytes());
            page[25] = 7;
            page[26..26 + part.len()].copy_from_slice(part);
            file.extend(page);
        }
    }
    file
}

/// SQLite numbers of up to two bytes.
fn varint(number: usize) -> Vec<u8> {
    if number < 128 {
        return vec![u8::try_from(number).unwrap()];
    }
    vec![u8::try_from(number >> 7 & 0x7f).unwrap() | 0x80, u8::try_from(number & 0x7f).unwrap()]
}

fn sqlite_record(kinds: &[usize], values: &[&[u8]]) -> Vec<u8> {
    let kinds: Vec<u8> = kinds.iter().flat_map(|kind| varint(*kind)).collect();
    let mut record = varint(kinds.len() + 1);
    record.extend(kinds);
    record.extend(values.concat());
    record
}

/// Pages of 1,024 bytes: the table of tables, the table's leaf, chains.
fn sqlite_file(blobs: &[Vec<u8>]) -> Vec<u8> {
    const SIZE: usize = 1_024;
    let mut file = vec![0; 2 * SIZE];
    file[..16].copy_from_slice(b"SQLite format 3\0");
    file[16..18].copy_from_slice(&1_024_u16.to_be_bytes());
    let schema =
        sqlite_record(&[23, 29, 29, 1, 13], &[b"table", b"Packages", b"Packages", &[2], b""]);
    let mut cell = varint(schema.len());
    cell.push(1);
    cell.extend(schema);
    let at = SIZE - cell.len();
    file[at..SIZE].copy_from_slice(&cell);
    file[100] = 13;
    file[104] = 1;
    file[108..110].copy_from_slice(&u16::try_from(at).unwrap().to_be_bytes());
    file[SIZE] = 13;
    file[SIZE + 3..SIZE + 5].copy_from_slice(&u16::try_from(blobs.len()).unwrap().to_be_bytes());
    let mut end = 2 * SIZE;
    for (number, blob) in blobs.iter().enumerate() {
        let record = sqlite_record(&[0, 12 + 2 * blob.len()], &[blob]);
        let mut cell = varint(record.len());
        cell.push(u8::try_from(number + 1).unwrap());
        let (most, least) = (SIZE - 35, (SIZE - 12) * 32 / 255 - 23);
        let mut local = record.len();
        if local > most {
            local = least + (record.len() - least) % (SIZE - 4);
            local = if local > most { least } else { local };
        }
        cell.extend(&record[..local]);
        if local < record.len() {
            let first = u32::try_from(file.len() / SIZE + 1).unwrap();
            cell.extend(first.to_be_bytes());
            let parts: Vec<&[u8]> = record[local..].chunks(SIZE - 4).collect();
            for (next, part) in (first + 1..).zip(&parts) {
                let is_last = std::ptr::eq(part, parts.last().unwrap());
                let link = if is_last { 0 } else { next };
                file.extend(link.to_be_bytes());
                file.extend(*part);
                file.resize(file.len().next_multiple_of(SIZE), 0);
            }
        }
        end -= cell.len();
        file[end..end + cell.len()].copy_from_slice(&cell);
        let slot = SIZE + 8 + 2 * number;
        file[slot..slot + 2].copy_from_slice(&u16::try_from(end - SIZE).unwrap().to_be_bytes());
    }
    file
}

fn three_forms(blobs: &[Vec<u8>]) -> Vec<Found> {
    let path = EntryPath::from("var/lib/rpm/x");
    vec![
        ndb(&path, &mut Cursor::new(ndb_file(blobs))).unwrap(),
        berkeley(&path, &mut Cursor::new(berkeley_file(blobs))).unwrap(),
        sqlite(&path, &mut Cursor::new(sqlite_file(blobs))).unwrap(),
    ]
}

#[test]
fn packages_are_read_from_all_three_forms() {
    for found in three_forms(&[bash(), key(), long()]) {
        assert!(!found.is_unread);
        let names: Vec<&str> = found.packages.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["bash", "long"]);
        let bash = &found.packages[0];
        assert_eq!(bash.version, "1:5.1.8-6.el9");
        assert_eq!(bash.architecture.as_deref(), Some("x86_64"));
        assert_eq!(bash.license.as_deref(), Some("GPLv3+"));
        assert_eq!(bash.source.as_deref(), Some("bash-5.1.8-6.el9.src.rpm"));
        assert_eq!(bash.installed_bytes, Some(7_738_778));
    }
}

#[test]
fn a_damaged_header_is_reported_beside_the_whole_ones() {
    for found in three_forms(&[vec![0xff; 40], bash()]) {
        assert!(found.is_unread);
        assert_eq!(found.packages.len(), 1);
    }
}

#[test]
fn what_is_no_database_is_reported_as_unread() {
    let path = EntryPath::from("var/lib/rpm/x");
    for bytes in [&b""[..], b"text", &[0; 5_000]] {
        assert!(ndb(&path, &mut Cursor::new(bytes)).unwrap().is_unread);
        assert!(berkeley(&path, &mut Cursor::new(bytes)).unwrap().is_unread);
        assert!(sqlite(&path, &mut Cursor::new(bytes)).unwrap().is_unread);
    }
}

#[test]
fn chains_that_lead_in_circles_come_to_an_end() {
    let path = EntryPath::from("x");
    let mut file = berkeley_file(&[long()]);
    // The first page of the chain holds nothing and is followed by itself.
    file[1_024 + 16] = 2;
    file[1_024 + 22..1_024 + 24].fill(0);
    assert!(berkeley(&path, &mut Cursor::new(file)).unwrap().is_unread);
    let mut file = sqlite_file(&[long()]);
    // The table's leaf becomes a page above leaves whose only child is itself.
    file[1_024] = 5;
    file[1_024 + 8..1_024 + 12].copy_from_slice(&2_u32.to_be_bytes());
    assert!(sqlite(&path, &mut Cursor::new(file)).unwrap().is_unread);
    let mut file = ndb_file(&[bash()]);
    // Every slot names the same blob.
    let slot = file[32..48].to_vec();
    for at in (32..4_096).step_by(16) {
        file[at..at + 16].copy_from_slice(&slot);
    }
    assert_eq!(ndb(&path, &mut Cursor::new(file)).unwrap().packages.len(), 254);
}

proptest::proptest! {
    #[test]
    fn damaged_databases_do_no_harm(changes: Vec<(usize, u8)>) {
        let path = EntryPath::from("x");
        let blobs = [bash(), long()];
        for (form, mut file) in [ndb_file(&blobs), berkeley_file(&blobs), sqlite_file(&blobs)].into_iter().enumerate() {
            let length = file.len();
            for (at, value) in &changes {
                file[at % length] = *value;
            }
            let mut reader = Cursor::new(file);
            let _ = match form {
                0 => ndb(&path, &mut reader),
                1 => berkeley(&path, &mut reader),
                _ => sqlite(&path, &mut reader),
            };
        }
    }
}

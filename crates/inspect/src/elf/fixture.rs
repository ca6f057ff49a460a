//! Small ELF files for tests.
#![allow(clippy::unwrap_used)]

/// A 64-bit program for x86-64 with these sections and a segment that loads all of it from address 0x1000 on.
pub(crate) fn elf(sections: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = vec![0; 64 + 56];
    let mut headers: Vec<(usize, u64, u64)> = vec![(0, 0, 0)];
    let mut names = vec![0_u8];
    for (name, bytes) in sections {
        file.resize(file.len().next_multiple_of(16), 0);
        headers.push((names.len(), file.len() as u64, bytes.len() as u64));
        names.extend_from_slice(name.as_bytes());
        names.push(0);
        file.extend_from_slice(bytes);
    }
    headers.push((names.len(), file.len() as u64, names.len() as u64 + 10));
    names.extend_from_slice(b".shstrtab\0");
    file.extend_from_slice(&names);
    let table = file.len() as u64;
    for (name, offset, size) in &headers {
        let mut header = [0_u8; 64];
        header[..4].copy_from_slice(&u32::try_from(*name).unwrap().to_le_bytes());
        header[4] = u8::from(*size > 0);
        header[16..24].copy_from_slice(&(0x1000 + offset).to_le_bytes());
        header[24..32].copy_from_slice(&offset.to_le_bytes());
        header[32..40].copy_from_slice(&size.to_le_bytes());
        file.extend_from_slice(&header);
    }
    file[..6].copy_from_slice(b"\x7fELF\x02\x01");
    let count = u16::try_from(headers.len()).unwrap();
    for (at, number) in
        [(16, 2_u16), (18, 62), (54, 56), (56, 1), (58, 64), (60, count), (62, count - 1)]
    {
        file[at..at + 2].copy_from_slice(&number.to_le_bytes());
    }
    file[32..40].copy_from_slice(&64_u64.to_le_bytes());
    file[40..48].copy_from_slice(&table.to_le_bytes());
    let length = file.len() as u64;
    file[64..72].copy_from_slice(&[1, 0, 0, 0, 6, 0, 0, 0]);
    file[80..88].copy_from_slice(&0x1000_u64.to_le_bytes());
    file[96..104].copy_from_slice(&length.to_le_bytes());
    file
}

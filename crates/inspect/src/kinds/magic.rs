//! Kinds told from bytes at fixed places.

use super::Kind;

/// What stands where; the first that fits counts.
const MAGIC: &[(usize, &[u8], Kind)] = &[
    (0, b"\x7fELF", Kind::Elf),
    (0, b"\x1f\x8b\x08", Kind::Gzip),
    (0, b"\x28\xb5\x2f\xfd", Kind::Zstd),
    (0, b"\xfd7zXZ\0", Kind::Xz),
    (0, b"\x04\x22\x4d\x18", Kind::Lz4),
    (0, b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
    (0, b"hsqs", Kind::Squashfs),
    (0, b"PK\x03\x04", Kind::Zip),
    (0, b"PK\x05\x06", Kind::Zip),
    (0, b"!<arch>\ndebian-binary", Kind::Deb),
    (0, b"!<arch>\n", Kind::Ar),
    (0, b"!<thin>\n", Kind::Ar),
    (0, b"\xed\xab\xee\xdb", Kind::Rpm),
    (0, b"070701", Kind::Cpio),
    (0, b"070702", Kind::Cpio),
    (257, b"ustar\x0000", Kind::Tar),
    (257, b"ustar  \0", Kind::Tar),
    (0, b"\x89PNG\r\n\x1a\n", Kind::Png),
    (0, b"\xff\xd8\xff", Kind::Jpeg),
    (0, b"GIF87a", Kind::Gif),
    (0, b"GIF89a", Kind::Gif),
    (4, b"ftypavif", Kind::Avif),
    (4, b"ftyp", Kind::Video),
    (0, b"\x1a\x45\xdf\xa3", Kind::Video),
    (0, b"II*\0", Kind::Tiff),
    (0, b"MM\0*", Kind::Tiff),
    (0, b"\0\0\x01\0", Kind::Ico),
    (0, b"fLaC", Kind::Audio),
    (0, b"OggS", Kind::Audio),
    (0, b"ID3", Kind::Audio),
    (0, b"\0\x01\0\0\0", Kind::Font),
    (0, b"true\0", Kind::Font),
    (0, b"OTTO\0", Kind::Font),
    (0, b"ttcf\0", Kind::Font),
    (0, b"wOFF", Kind::Font),
    (0, b"wOF2", Kind::Font),
    (0, b"%PDF-", Kind::Pdf),
    (0, b"%!PS", Kind::PostScript),
    (0, b"SQLite format 3\0", Kind::Sqlite),
    (0, b"\0asm\x01\0\0\0", Kind::Wasm),
    (0, b"BC\xc0\xde", Kind::Bitcode),
    (0, b"\xcf\xfa\xed\xfe", Kind::MachO),
    (0, b"\xce\xfa\xed\xfe", Kind::MachO),
    (0, b"\xfe\xed\xfa\xcf", Kind::MachO),
    (0, b"\xfe\xed\xfa\xce", Kind::MachO),
    (0, b"\xfe\xed\xfe\xed", Kind::KeyStore),
    (0, b"\xde\x12\x04\x95", Kind::Translations),
    (0, b"\x95\x04\x12\xde", Kind::Translations),
    (0, b"TZif", Kind::TimeZone),
    (0, b"\x1a\x01", Kind::Terminal),
    (0, b"\x1e\x02", Kind::Terminal),
];

/// The kind that the bytes themselves name.
pub(super) fn by_magic(head: &[u8]) -> Option<Kind> {
    let fits = |at: usize, bytes: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(bytes));
    if let Some((_, _, kind)) = MAGIC.iter().find(|(at, bytes, _)| fits(*at, bytes)) {
        return Some(*kind);
    }
    if fits(0, b"\xca\xfe\xba\xbe") {
        // A class has its version where a Mach-O for several processors has their number: small.
        let number = head
            .get(4..8)
            .map(|bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
        return Some(if number.is_some_and(|number| number < 40) {
            Kind::MachO
        } else {
            Kind::JavaClass
        });
    }
    if fits(0, b"BZh") && head.get(4..10) == Some(b"1AY&SY") {
        return Some(Kind::Bzip2);
    }
    if fits(0, b"RIFF") {
        return match head.get(8..12) {
            Some(b"WEBP") => Some(Kind::Webp),
            Some(b"WAVE") => Some(Kind::Audio),
            _ => None,
        };
    }
    if fits(0, b"MZ") && head.len() >= 64 {
        return Some(Kind::Pe);
    }
    if fits(0, b"BM") && head.get(6..10) == Some(&[0; 4]) && head.len() >= 26 {
        return Some(Kind::Bmp);
    }
    // Python writes two bytes for its version, then a line end, so that a copy as text is noticed.
    (head.len() >= 8 && head[2..4] == *b"\r\n" && head[1] <= 0x1f).then_some(Kind::PythonBytecode)
}

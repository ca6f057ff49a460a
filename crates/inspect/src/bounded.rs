//! Reading with an end: no length from a file is trusted with memory.

use std::io::{self, Read, Seek, SeekFrom};

/// Up to `most` bytes from here.
pub(crate) fn up_to(reader: &mut impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.by_ref().take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Exactly these bytes; nothing if they are not all there or are more than `most`.
pub(crate) fn span(
    reader: &mut (impl Read + Seek),
    offset: u64,
    length: u64,
    most: u64,
) -> io::Result<Option<Vec<u8>>> {
    if length > most || offset.checked_add(length).is_none() {
        return Ok(None);
    }
    reader.seek(SeekFrom::Start(offset))?;
    let bytes = up_to(reader, length)?;
    Ok((bytes.len() as u64 == length).then_some(bytes))
}

/// How long the source is; it stands at its start afterwards.
pub(crate) fn length(reader: &mut impl Seek) -> io::Result<u64> {
    let length = reader.seek(SeekFrom::End(0))?;
    reader.seek(SeekFrom::Start(0))?;
    Ok(length)
}

/// Numbers at places in bytes: nothing where the bytes end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) is_big_endian: bool,
}

impl<'a> Fields<'a> {
    pub(crate) const fn little(bytes: &'a [u8]) -> Self {
        Self { bytes, is_big_endian: false }
    }

    pub(crate) const fn big(bytes: &'a [u8]) -> Self {
        Self { bytes, is_big_endian: true }
    }

    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    pub(crate) fn slice(&self, at: usize, length: usize) -> Option<&'a [u8]> {
        self.bytes.get(at..at.checked_add(length)?)
    }

    pub(crate) fn u8(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    pub(crate) fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.array(at)?;
        Some(if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub(crate) fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.array(at)?;
        Some(if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    pub(crate) fn u64(&self, at: usize) -> Option<u64> {
        let bytes = self.array(at)?;
        Some(if self.is_big_endian { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }

    /// The bytes from here to the next NUL or the end, 4 KiB at most: a table without a NUL is not read again for each
    /// name in it.
    pub(crate) fn until_nul(&self, at: usize) -> Option<&'a [u8]> {
        let rest = self.bytes.get(at..)?;
        let rest = rest.get(..4_096).unwrap_or(rest);
        rest.split(|byte| *byte == 0).next()
    }
}

/// A number as an index; one that no memory could hold is beyond any slice.
pub(crate) fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Text of a stranger: UTF-8 or what comes near, at most `most` characters.
pub(crate) fn text(bytes: &[u8], most: usize) -> String {
    String::from_utf8_lossy(bytes.get(..most.saturating_mul(4)).unwrap_or(bytes))
        .chars()
        .take(most)
        .collect()
}

//! One 512-byte header of a tar: its sum, its numbers, its kind.

use tar::{EntryType, Header};

use crate::{EntryKind, LayerError};

/// The unit of a tar.
pub(crate) const BLOCK: usize = 512;

/// What a header is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A path of the layer.
    Entry(EntryKind),
    /// A GNU sparse file.
    GnuSparse,
    /// PAX records for the next entry.
    Pax,
    /// PAX records for all that follows.
    PaxGlobal,
    /// The next entry's path.
    LongName,
    /// The next entry's link target.
    LongLink,
}

/// The numbers of a header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers {
    pub mode: u32,
    pub uid: u64,
    pub gid: u64,
    pub size: u64,
    pub seconds: i64,
    pub device: (u32, u32),
}

/// A header whose sum is right.
pub(crate) struct Parsed {
    pub header: Header,
    pub role: Role,
    pub numbers: Numbers,
}

/// Checks and reads the header that stands at `offset`.
pub(crate) fn parse(block: &[u8; BLOCK], offset: u64) -> Result<Parsed, LayerError> {
    let header = Header::from_byte_slice(block).clone();
    let wrong = |reason| LayerError::Header { offset, reason };
    check_sum(block).map_err(wrong)?;
    let old = header.as_old();
    let numbers = Numbers {
        // Some writers put the file type's bits there too.
        mode: u32::try_from(number(&old.mode).map_err(wrong)? & 0o7777).unwrap_or(0),
        uid: unsigned(&old.uid).map_err(wrong)?,
        gid: unsigned(&old.gid).map_err(wrong)?,
        size: unsigned(&old.size).map_err(wrong)?,
        seconds: i64::try_from(number(&old.mtime).map_err(wrong)?)
            .map_err(|_| wrong("its time is out of range"))?,
        device: device(&header).map_err(wrong)?,
    };
    Ok(Parsed { role: role(&header, offset)?, header, numbers })
}

/// Whether a block is all zeros: the mark of the end.
pub(crate) fn is_zero(block: &[u8; BLOCK]) -> bool {
    block.iter().all(|&byte| byte == 0)
}

fn role(header: &Header, offset: u64) -> Result<Role, LayerError> {
    Ok(match header.entry_type() {
        EntryType::Regular | EntryType::Continuous => {
            // Before there was a flag for folders, a slash at the end made one.
            let folder = header.as_old().linkflag[0] == 0 && header.path_bytes().ends_with(b"/");
            Role::Entry(if folder { EntryKind::Directory } else { EntryKind::File })
        }
        EntryType::Link => Role::Entry(EntryKind::Hardlink),
        EntryType::Symlink => Role::Entry(EntryKind::Symlink),
        EntryType::Char => Role::Entry(EntryKind::CharDevice),
        EntryType::Block => Role::Entry(EntryKind::BlockDevice),
        EntryType::Directory => Role::Entry(EntryKind::Directory),
        EntryType::Fifo => Role::Entry(EntryKind::Fifo),
        EntryType::GNUSparse => Role::GnuSparse,
        EntryType::XHeader => Role::Pax,
        EntryType::XGlobalHeader => Role::PaxGlobal,
        EntryType::GNULongName => Role::LongName,
        EntryType::GNULongLink => Role::LongLink,
        other => {
            let path = crate::error::shown(&header.path_bytes());
            let flag = char::from(other.as_byte());
            return Err(if path.is_empty() {
                LayerError::Header { offset, reason: "its type is unknown" }
            } else {
                LayerError::Kind { path, flag }
            });
        }
    })
}

/// The sum counts its own field as spaces. Some old writers summed signed bytes.
fn check_sum(block: &[u8; BLOCK]) -> Result<(), &'static str> {
    const FIELD: std::ops::Range<usize> = 148..156;
    let stored = octal(&block[FIELD]).map_err(|_| "its sum is not a number")?;
    // All bytes, and then the field as if it were spaces: this way the loops are as fast as the machine allows.
    let unsigned = |bytes: &[u8]| bytes.iter().map(|&byte| i32::from(byte)).sum::<i32>();
    let signed =
        |bytes: &[u8]| bytes.iter().map(|&byte| i32::from(byte.cast_signed())).sum::<i32>();
    let spaces = unsigned(&[b' '; FIELD.end - FIELD.start]);
    let field = &block[FIELD];
    let is_unsigned = stored == i128::from(unsigned(block) - unsigned(field) + spaces);
    if is_unsigned || stored == i128::from(signed(block) - signed(field) + spaces) {
        return Ok(());
    }
    Err("its sum is wrong")
}

fn device(header: &Header) -> Result<(u32, u32), &'static str> {
    let Some((major, minor)) = header
        .as_ustar()
        .map(|ustar| (&ustar.dev_major, &ustar.dev_minor))
        .or_else(|| header.as_gnu().map(|gnu| (&gnu.dev_major, &gnu.dev_minor)))
    else {
        return Ok((0, 0));
    };
    let part = |field: &[u8; 8]| {
        u32::try_from(number(field)?).map_err(|_| "its device number is out of range")
    };
    Ok((part(major)?, part(minor)?))
}

fn unsigned(field: &[u8]) -> Result<u64, &'static str> {
    u64::try_from(number(field)?).map_err(|_| "a number is negative or out of range")
}

/// Octal text, or base 256 where the first bit is set (two's complement, most significant byte first).
pub(crate) fn number(field: &[u8]) -> Result<i128, &'static str> {
    let Some(&first) = field.first() else { return Ok(0) };
    if first & 0x80 == 0 {
        return octal(field);
    }
    // The second bit is the sign; the first one only says that this is base 256.
    let mut value: i128 =
        if first & 0x40 == 0 { i128::from(first & 0x3f) } else { i128::from(first.cast_signed()) };
    for &byte in &field[1..] {
        value = value
            .checked_mul(256)
            .and_then(|value| value.checked_add(i128::from(byte)))
            .ok_or("a number is out of range")?;
    }
    Ok(value)
}

/// Octal digits between spaces and zero bytes; nothing at all is 0.
fn octal(field: &[u8]) -> Result<i128, &'static str> {
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    let digits = field[..end].trim_ascii();
    // Some writers begin with zero bytes.
    let digits = if digits.is_empty() {
        let rest = &field[end..];
        let begin = rest.iter().position(|&byte| byte != 0).unwrap_or(rest.len());
        let rest = &rest[begin..];
        rest[..rest.iter().position(|&byte| byte == 0).unwrap_or(rest.len())].trim_ascii()
    } else {
        digits
    };
    let mut value = 0_i128;
    for &digit in digits {
        if !(b'0'..=b'7').contains(&digit) {
            return Err("a number has something other than octal digits");
        }
        value = value * 8 + i128::from(digit - b'0');
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_read_in_both_notations() {
        assert_eq!(number(b"0000755\0").unwrap(), 0o755);
        assert_eq!(number(b" 755 \0  ").unwrap(), 0o755);
        assert_eq!(number(b"\0\0\0\0\0\0\0\0").unwrap(), 0);
        assert_eq!(number(&[0x80, 0, 0, 0, 0, 0, 1, 0]).unwrap(), 256);
        assert_eq!(number(&[0xff; 12]).unwrap(), -1);
        assert_eq!(number(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]).unwrap(), -2);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert!(number(b"12x4567\0").is_err());
        assert!(number(b"8\0\0\0\0\0\0\0").is_err());
        assert!(unsigned(&[0xff; 12]).is_err());
    }
}

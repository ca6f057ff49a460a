//! What precedes an entry and says more of it: PAX records (POSIX.1-2017, pax, "pax Extended Header") and GNU long
//! names.

use crate::{LayerError, Timestamp};

/// Records of one entry. Values are checked when read; unknown keys are none of a layer's business.
#[derive(Debug, Default)]
pub(crate) struct Extensions {
    pub path: Option<Vec<u8>>,
    pub link: Option<Vec<u8>>,
    pub size: Option<u64>,
    pub uid: Option<u64>,
    pub gid: Option<u64>,
    pub modified: Option<Timestamp>,
    pub xattrs: Vec<(Vec<u8>, Vec<u8>)>,
    /// The name of a sparse file, whose own is that of a folder for the archive's use.
    pub sparse_name: Option<Vec<u8>>,
    /// The size of a sparse file with its holes.
    pub sparse_size: Option<u64>,
    pub sparse: bool,
    /// Places and lengths of what is stored of a sparse file, one after the other.
    pub sparse_numbers: Vec<u64>,
    pub long_name: Option<Vec<u8>>,
    pub long_link: Option<Vec<u8>>,
    /// Bytes of all extensions taken so far.
    pub bytes: u64,
}

const XATTR: &[u8] = b"SCHILY.xattr.";
const SPARSE: &[u8] = b"GNU.sparse.";

impl Extensions {
    /// Takes the records of a PAX header that stands at `offset`.
    pub fn add_pax(&mut self, data: &[u8], offset: u64) -> Result<(), LayerError> {
        let wrong = |reason| LayerError::Extension { kind: "PAX", offset, reason };
        self.bytes += data.len() as u64;
        for record in Records(data) {
            let (key, value) = record.map_err(wrong)?;
            self.set(key, value).map_err(wrong)?;
        }
        // Of records with the same key the last one counts.
        self.xattrs.reverse();
        self.xattrs.sort_by(|one, other| one.0.cmp(&other.0));
        self.xattrs.dedup_by(|older, newer| older.0 == newer.0);
        Ok(())
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), &'static str> {
        // An empty value takes the key back.
        let owned = (!value.is_empty()).then(|| value.to_vec());
        match key {
            b"path" => self.path = text(owned)?,
            b"linkpath" => self.link = text(owned)?,
            b"size" => self.size = decimal(value)?,
            b"uid" => self.uid = decimal(value)?,
            b"gid" => self.gid = decimal(value)?,
            b"mtime" => self.modified = time(value)?,
            b"GNU.sparse.name" => self.sparse_name = text(owned)?,
            b"GNU.sparse.realsize" | b"GNU.sparse.size" => {
                self.sparse_size = decimal(value)?;
                self.sparse = true;
            }
            b"GNU.sparse.offset" | b"GNU.sparse.numbytes" => {
                self.sparse_numbers.extend(decimal(value)?);
                self.sparse = true;
            }
            b"GNU.sparse.map" => {
                self.sparse_numbers.clear();
                for number in value.split(|&byte| byte == b',').filter(|one| !one.is_empty()) {
                    self.sparse_numbers.extend(decimal(number)?);
                }
                self.sparse = true;
            }
            _ if key.starts_with(SPARSE) => self.sparse = true,
            _ => {
                if let Some(name) = key.strip_prefix(XATTR) {
                    self.xattrs.push((name.to_vec(), value.to_vec()));
                }
            }
        }
        Ok(())
    }

    /// Takes what a GNU long name or link holds: text that ends at its first zero byte.
    pub fn add_long(&mut self, data: &[u8], is_link: bool) {
        self.bytes += data.len() as u64;
        let end = data.iter().position(|&byte| byte == 0).unwrap_or(data.len());
        let text = Some(data[..end].to_vec());
        if is_link { self.long_link = text } else { self.long_name = text }
    }
}

/// Whether global records are harmless. Readers disagree on whether they rename what follows, so one that would is
/// refused.
pub(crate) fn check_global(data: &[u8], offset: u64) -> Result<(), LayerError> {
    let wrong = |reason| LayerError::Extension { kind: "global PAX", offset, reason };
    for record in Records(data) {
        let (key, _) = record.map_err(wrong)?;
        let renames = matches!(key, b"path" | b"linkpath" | b"size") || key.starts_with(SPARSE);
        if renames {
            return Err(wrong("it would rename or resize every later entry"));
        }
    }
    Ok(())
}

/// `length key=value\n`, where the length counts all of the record. Values may hold any byte.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let record = self.take();
        if record.is_err() {
            self.0 = &[];
        }
        Some(record)
    }
}

impl<'a> Records<'a> {
    fn take(&mut self) -> Result<(&'a [u8], &'a [u8]), &'static str> {
        let space = self
            .0
            .iter()
            .take(20)
            .position(|&byte| byte == b' ')
            .ok_or("a record has no length")?;
        let length = decimal(&self.0[..space])?
            .and_then(|length| usize::try_from(length).ok())
            .ok_or("a record has no length")?;
        if length <= space + 1 || length > self.0.len() {
            return Err("a record's length is wrong");
        }
        let (record, rest) = self.0.split_at(length);
        let record =
            record[space + 1..].strip_suffix(b"\n").ok_or("a record does not end in a new line")?;
        let equals = record.iter().position(|&byte| byte == b'=').ok_or("a record has no value")?;
        let (key, value) = (&record[..equals], &record[equals + 1..]);
        if key.is_empty() || key.contains(&0) {
            return Err("a record has no key");
        }
        self.0 = rest;
        Ok((key, value))
    }
}

fn text(value: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, &'static str> {
    if value.as_ref().is_some_and(|value| value.contains(&0)) {
        return Err("a path has a zero byte");
    }
    Ok(value)
}

fn decimal(value: &[u8]) -> Result<Option<u64>, &'static str> {
    if value.is_empty() {
        return Ok(None);
    }
    let digits = value.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(value).map_err(|_| "a number is malformed")?;
    if !digits {
        return Err("a number is malformed");
    }
    text.parse().map(Some).map_err(|_| "a number is out of range")
}

/// Decimal seconds with a fraction, negative before 1970.
fn time(value: &[u8]) -> Result<Option<Timestamp>, &'static str> {
    if value.is_empty() {
        return Ok(None);
    }
    const WRONG: &str = "a time is malformed";
    let text = std::str::from_utf8(value).map_err(|_| WRONG)?;
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(WRONG);
    }
    let seconds: i64 = whole.parse().map_err(|_| "a time is out of range")?;
    let nanos = fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(9)
        .fold(0_u32, |nanos, digit| nanos * 10 + u32::from(digit - b'0'));
    Ok(Some(match (negative, nanos) {
        (false, nanos) => Timestamp { seconds, nanos },
        (true, 0) => Timestamp { seconds: -seconds, nanos: 0 },
        (true, nanos) => Timestamp { seconds: -seconds - 1, nanos: 1_000_000_000 - nanos },
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn records_may_hold_new_lines_and_any_byte() {
        let mut extensions = Extensions::default();
        extensions.add_pax(b"31 SCHILY.xattr.user.a=1\n2\xff=34\n12 path=a/b\n", 0).unwrap();
        assert_eq!(extensions.xattrs, [(b"user.a".to_vec(), b"1\n2\xff=34".to_vec())]);
        assert_eq!(extensions.path.unwrap(), b"a/b");
    }

    #[test]
    fn of_records_with_the_same_key_the_last_one_counts() {
        let mut extensions = Extensions::default();
        extensions.add_pax(b"22 SCHILY.xattr.u.a=2\n22 SCHILY.xattr.u.b=9\n", 0).unwrap();
        extensions.add_pax(b"22 SCHILY.xattr.u.a=3\n22 SCHILY.xattr.u.a=1\n", 0).unwrap();
        let expected = [(b"u.a".to_vec(), b"1".to_vec()), (b"u.b".to_vec(), b"9".to_vec())];
        assert_eq!(extensions.xattrs, expected);
    }

    #[test]
    fn a_malformed_record_is_refused_and_not_skipped() {
        for data in [
            &b"12 path=a/b"[..],
            b"99 path=a/b\n",
            b"x path=a/b\n",
            b"3 \n",
            b"11 path=a/\0\n",
            b"12 size=-10\n",
            b"12 size=1e3\n",
            b"8 patha\n",
        ] {
            assert!(Extensions::default().add_pax(data, 0).is_err(), "{:?}", data.escape_ascii());
        }
    }

    #[test]
    fn times_keep_their_fraction_before_and_after_1970() {
        assert_eq!(time(b"1.5").unwrap(), Some(Timestamp { seconds: 1, nanos: 500_000_000 }));
        assert_eq!(time(b"-1.25").unwrap(), Some(Timestamp { seconds: -2, nanos: 750_000_000 }));
        assert_eq!(time(b"-3").unwrap(), Some(Timestamp { seconds: -3, nanos: 0 }));
        assert_eq!(
            time(b"7.1234567899").unwrap(),
            Some(Timestamp { seconds: 7, nanos: 123_456_789 })
        );
    }

    #[test]
    fn global_records_must_not_rename() {
        assert!(check_global(b"20 comment=whatever\n", 0).is_ok());
        assert!(check_global(b"12 path=a/b\n", 0).is_err());
    }
}

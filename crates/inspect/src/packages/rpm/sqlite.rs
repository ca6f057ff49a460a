//! The rows of one table of a SQLite file (SQLite, "Database File Format"), only as far as rpm's database needs it.

use std::io::{Read, Seek};

use super::{HEADER_BYTES, MOST_DAMAGED, MOST_PACKAGES};
use crate::InspectError;
use crate::bounded::{Fields, index, length, span};

const INTERIOR: u8 = 5;
const LEAF: u8 = 13;

struct Database {
    page_size: u64,
    /// What of a page is used.
    usable: usize,
    /// How many pages may still be read: damaged trees lead in circles.
    left: u64,
}

/// Hands over the last column of each row of a table until it is told to stop; says whether all could be read.
pub(super) fn rows(
    reader: &mut (impl Read + Seek),
    table: &str,
    take: &mut impl FnMut(&[u8]) -> bool,
) -> Result<bool, InspectError> {
    let size = length(reader)?;
    let Some(mut database) = Database::open(reader, size)? else { return Ok(false) };
    let mut root = None;
    // The table of tables: type, name, the table's name, its first page, SQL.
    database.walk(reader, 1, &mut |record| {
        if let [b"table", name, _, page, ..] = columns(record)[..]
            && name == table.as_bytes()
        {
            root = Some(page.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)));
        }
        root.is_none()
    })?;
    let Some(root) = root else { return Ok(false) };
    database.walk(reader, root, &mut |record| columns(record).last().is_some_and(|blob| take(blob)))
}

impl Database {
    fn open(reader: &mut (impl Read + Seek), size: u64) -> Result<Option<Self>, InspectError> {
        let Some(head) = span(reader, 0, 100, 100)? else { return Ok(None) };
        let page_size = match Fields::big(&head).u16(16) {
            Some(1) => 65_536,
            Some(size) if size >= 512 => u64::from(size),
            _ => return Ok(None),
        };
        let usable = index(page_size).saturating_sub(usize::from(head[20]));
        let is_one = head.starts_with(b"SQLite format 3\0") && usable >= 480;
        Ok(is_one.then_some(Self { page_size, usable, left: (size / page_size).saturating_mul(3) }))
    }

    fn page(
        &mut self,
        reader: &mut (impl Read + Seek),
        number: u64,
    ) -> Result<Option<Vec<u8>>, InspectError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let offset = number.checked_sub(1).and_then(|number| number.checked_mul(self.page_size));
        let Some(offset) = offset else { return Ok(None) };
        Ok(span(reader, offset, self.page_size, self.page_size)?)
    }

    /// Hands over the record of each row below a page, in the tree's order; says whether all could be read, also when it
    /// is told to stop.
    fn walk(
        &mut self,
        reader: &mut (impl Read + Seek),
        root: u64,
        take: &mut impl FnMut(&[u8]) -> bool,
    ) -> Result<bool, InspectError> {
        let (mut damaged, mut rows) = (0, 0);
        let mut waiting = vec![root];
        while let Some(number) = waiting.pop() {
            let Some(page) = self.page(reader, number)? else { return Ok(false) };
            let start = if number == 1 { 100 } else { 0 };
            let fields = Fields::big(&page);
            let cells = usize::from(fields.u16(start + 3).unwrap_or_default());
            let cell =
                |at: usize, header: usize| fields.u16(start + header + 2 * at).map(usize::from);
            match page[start] {
                INTERIOR => {
                    waiting.extend(fields.u32(start + 8).map(u64::from));
                    let children = (0..cells).rev().filter_map(|at| fields.u32(cell(at, 12)?));
                    waiting.extend(children.map(u64::from));
                }
                LEAF => {
                    for at in (0..cells).filter_map(|at| cell(at, 8)) {
                        match self.record(reader, &page, at)? {
                            Some(record) if !take(&record) => return Ok(damaged == 0),
                            Some(_) => rows += 1,
                            None => damaged += 1,
                        }
                    }
                }
                _ => damaged += 1,
            }
            if damaged > MOST_DAMAGED || rows > MOST_PACKAGES {
                return Ok(false);
            }
        }
        Ok(damaged == 0)
    }

    /// The record of a cell of a leaf; the part that has no room on it stands on a chain of pages.
    fn record(
        &mut self,
        reader: &mut (impl Read + Seek),
        page: &[u8],
        at: usize,
    ) -> Result<Option<Vec<u8>>, InspectError> {
        let Some((size, after)) = varint(page, at) else { return Ok(None) };
        let Some((_, data)) = varint(page, after) else { return Ok(None) };
        if size > HEADER_BYTES {
            return Ok(None);
        }
        let size = index(size);
        let local = self.local(size);
        let Some(bytes) = page.get(data..data + local) else { return Ok(None) };
        let mut record = bytes.to_vec();
        let mut next = Fields::big(page).u32(data + local).unwrap_or_default();
        while record.len() < size {
            let Some(page) = self.page(reader, next.into())? else { return Ok(None) };
            let take = (size - record.len()).min(self.usable - 4);
            record.extend_from_slice(page.get(4..4 + take).unwrap_or_default());
            next = Fields::big(&page).u32(0).unwrap_or_default();
        }
        Ok(Some(record))
    }

    /// How much of a record stands on its leaf.
    const fn local(&self, size: usize) -> usize {
        let most = self.usable - 35;
        if size <= most {
            return size;
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let local = least + (size - least) % (self.usable - 4);
        if local <= most { local } else { least }
    }
}

/// A number of up to nine bytes, and where the next one stands.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut number = 0_u64;
    for place in 0..9 {
        let byte = *bytes.get(at.checked_add(place)?)?;
        if place == 8 {
            return Some((number << 8 | u64::from(byte), at + 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, at + place + 1));
        }
    }
    None
}

/// The bytes of a record's columns; numbers as they stand, big end first.
fn columns(record: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let Some((end, mut at)) = varint(record, 0) else { return found };
    let mut data = index(end);
    while at < index(end) && found.len() < 16 {
        let Some((kind, next)) = varint(record, at) else { break };
        at = next;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => index(kind),
            5 => 6,
            6 | 7 => 8,
            _ => index((kind.max(12) - 12) / 2),
        };
        let Some(column) = data.checked_add(size).and_then(|end| record.get(data..end)) else {
            break;
        };
        found.push(column);
        data += size;
    }
    found
}

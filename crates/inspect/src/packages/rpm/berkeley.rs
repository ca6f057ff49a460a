//! The values of a hash table of Berkeley DB, page by page. Headers of packages are too long for a page, so each stands
//! on a chain of overflow pages; what stands on the page itself is bookkeeping.

use std::io::{Read, Seek};

use super::HEADER_BYTES;
use crate::InspectError;
use crate::bounded::{Fields, index, length, span};

const MAGIC: u32 = 0x0006_1561;
const PAGE_HEADER: usize = 26;
const UNSORTED_HASH_PAGE: u8 = 2;
const OVERFLOW_PAGE: u8 = 7;
const HASH_PAGE: u8 = 13;
const OFF_PAGE: u8 = 3;

struct Table {
    page_size: u64,
    is_big_endian: bool,
    /// How many pages may still be read: damaged chains lead in circles.
    left: u64,
}

/// Hands over each value until it is told to stop; says whether all could be read.
pub(super) fn values(
    reader: &mut (impl Read + Seek),
    take: &mut impl FnMut(&[u8]) -> bool,
) -> Result<bool, InspectError> {
    let size = length(reader)?;
    let Some(head) = span(reader, 0, 36, 36)? else { return Ok(false) };
    let is_big_endian = match head[12..16] {
        [0, 6, 0x15, 0x61] => true,
        [0x61, 0x15, 6, 0] => false,
        _ => return Ok(false),
    };
    let fields = Fields { bytes: &head, is_big_endian };
    debug_assert_eq!(fields.u32(12), Some(MAGIC));
    let page_size = u64::from(fields.u32(20).unwrap_or_default());
    if !(512..=65_536).contains(&page_size) || !page_size.is_power_of_two() {
        return Ok(false);
    }
    let pages = size / page_size;
    let mut table = Table { page_size, is_big_endian, left: pages.saturating_mul(3) };
    let mut is_whole = true;
    for number in 1..pages {
        let Some(page) = table.page(reader, number)? else { return Ok(false) };
        if !matches!(page[25], UNSORTED_HASH_PAGE | HASH_PAGE) {
            continue;
        }
        for (first, size) in table.far_values(&page) {
            match table.chain(reader, first, size)? {
                Some(value) => {
                    if !take(&value) {
                        return Ok(is_whole);
                    }
                }
                None => is_whole = false,
            }
        }
    }
    Ok(is_whole)
}

impl Table {
    fn page(
        &mut self,
        reader: &mut (impl Read + Seek),
        number: u64,
    ) -> Result<Option<Vec<u8>>, InspectError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let Some(offset) = number.checked_mul(self.page_size) else { return Ok(None) };
        Ok(span(reader, offset, self.page_size, self.page_size)?)
    }

    const fn fields<'a>(&self, bytes: &'a [u8]) -> Fields<'a> {
        Fields { bytes, is_big_endian: self.is_big_endian }
    }

    /// The first page and the length of each value that stands on pages of its own. Keys and values alternate.
    fn far_values(&self, page: &[u8]) -> Vec<(u64, u64)> {
        let fields = self.fields(page);
        let entries = usize::from(fields.u16(20).unwrap_or_default());
        (1..entries)
            .step_by(2)
            .filter_map(|entry| {
                let at = usize::from(fields.u16(PAGE_HEADER + 2 * entry)?);
                let is_far = fields.u8(at)? == OFF_PAGE;
                is_far.then(|| Some((fields.u32(at + 4)?.into(), fields.u32(at + 8)?.into())))?
            })
            .collect()
    }

    fn chain(
        &mut self,
        reader: &mut (impl Read + Seek),
        first: u64,
        size: u64,
    ) -> Result<Option<Vec<u8>>, InspectError> {
        if size > HEADER_BYTES {
            return Ok(None);
        }
        let (mut value, mut next) = (Vec::new(), first);
        while next != 0 && (value.len() as u64) < size {
            let Some(page) = self.page(reader, next)? else { return Ok(None) };
            let fields = self.fields(&page);
            let used = usize::from(fields.u16(22).unwrap_or_default());
            let Some(data) = fields.slice(PAGE_HEADER, used).filter(|_| page[25] == OVERFLOW_PAGE)
            else {
                return Ok(None);
            };
            value.extend_from_slice(data);
            next = fields.u32(16).unwrap_or_default().into();
        }
        Ok((value.len() >= index(size)).then_some(value))
    }
}

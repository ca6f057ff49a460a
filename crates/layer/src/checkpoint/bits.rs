//! Beginning to decode in the middle of a byte.
//!
//! The decoder begins at whole bytes only. So it is first fed with blocks of deflate that hold nothing, and whose bits end
//! where the wanted ones begin.

use zlib_rs::{Inflate, InflateFlush};

/// Sets a decoder of bare deflate up to go on between two blocks: `window` are the plain bytes before, and the upper
/// `bits` of the packed byte `last` belong to the next block. None if it does not take them.
pub(crate) fn begin_at(inflate: &mut Inflate, window: &[u8], bits: u8, last: u8) -> Option<()> {
    inflate.set_dictionary(window).ok()?;
    if bits == 0 {
        return Some(());
    }
    let empty = empty_blocks(8_u32.checked_sub(u32::from(bits))?, last);
    let mut nothing = [0; 1];
    let taken = inflate.total_in();
    inflate.decompress(&empty, &mut nothing, InflateFlush::NoFlush).ok()?;
    let is_taken = inflate.total_in() - taken == empty.len() as u64;
    is_taken.then_some(())
}

/// A block, as far as that tells what will be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Its type and whether it is the last.
    header: u8,
    /// Of a stored block: where its content begins, from the first byte after, and how long it is. It begins at a whole
    /// byte, and so is the same one for several numbers of bits before it.
    pub stored: Option<(u64, u16)>,
    /// Of any other block: in the middle of which byte it begins.
    bits: Option<u8>,
}

impl Block {
    /// The block that begins with the upper `bits` of the packed byte `last`, and goes on with `ahead`.
    pub fn after(bits: u8, last: u8, ahead: &[u8]) -> Self {
        let first = ahead.first().map_or(0, |&byte| u16::from(byte));
        let both = u16::from(last) >> (8 - u32::from(bits).min(8)) | first << bits;
        let header = (both & 0b111) as u8;
        if header >> 1 != 0 {
            return Self { header, stored: None, bits: Some(bits) };
        }
        // Its length and that length's complement, two bytes each, stand before the content.
        let start = usize::from(bits < 3);
        let length =
            ahead.get(start..start + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
        Self { header, stored: Some((start as u64 + 4, length)), bits: None }
    }
}

/// Blocks without content whose bits fill `wanted` of the last byte (1 to 7); the rest of it is that of `last`.
fn empty_blocks(wanted: u32, last: u8) -> Vec<u8> {
    let mut out = Bits::default();
    if wanted % 2 == 1 {
        dynamic(&mut out);
    }
    while out.used != wanted {
        fixed(&mut out);
    }
    if let Some(end) = out.bytes.last_mut() {
        *end |= last & (0xff << wanted);
    }
    out.bytes
}

/// An empty block with the fixed codes: 10 bits. Type 1, and the end mark, whose code is seven zeros (RFC 1951, 3.2.6).
fn fixed(out: &mut Bits) {
    out.put(0b010, 3);
    out.put(0, 7);
}

/// An empty block with codes of its own (RFC 1951, 3.2.7): 93 bits, an odd number.
fn dynamic(out: &mut Bits) {
    /// Code lengths, in the order of the format, for `18` (many zeros) and for `1`: one bit each.
    const ZEROS: u32 = 2;
    const ONE: u32 = 17;
    out.put(0b100, 3);
    // 257 literals and lengths, one distance, all 19 code lengths.
    out.put(0, 5);
    out.put(0, 5);
    out.put(15, 4);
    for at in 0..19 {
        out.put(u32::from(at == ZEROS || at == ONE), 3);
    }
    // No literals, 138 and 118 of them. Then the end mark and a distance, of one bit each: that of `1` is 0.
    out.put(1 | (138 - 11) << 1, 8);
    out.put(1 | (118 - 11) << 1, 8);
    out.put(0, 2);
    // The end mark.
    out.put(0, 1);
}

/// Bits from the lowest on.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    /// Bits of the last byte that are used; 0 if all are.
    used: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for at in 0..count {
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(end) = self.bytes.last_mut() {
                *end |= u8::from(value >> at & 1 == 1) << self.used;
            }
            self.used = (self.used + 1) % 8;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_decoder_begins_at_any_bit_of_a_byte() {
        // A last block, stored, of the bytes `ok`: after so many bits of `last`, its length at the next whole byte.
        for wanted in 1..=5 {
            let mut inflate = Inflate::new(false, 15);
            let last = 0b001 << wanted | ((1 << wanted) - 1);
            begin_at(&mut inflate, b"", u8::try_from(8 - wanted).unwrap(), last).unwrap();
            let mut out = [0; 9];
            let rest = [2, 0, 0xfd, 0xff, b'o', b'k'];
            inflate.decompress(&rest, &mut out, InflateFlush::NoFlush).unwrap();
            assert_eq!((inflate.total_out(), &out[..2]), (2, &b"ok"[..]), "{wanted}");
        }
    }

    #[test]
    fn empty_blocks_end_where_they_should() {
        for wanted in 1..=7 {
            let blocks = empty_blocks(wanted, 0xff);
            assert_eq!(blocks.last().unwrap() >> wanted, 0xff >> wanted);
        }
    }

    #[test]
    fn a_stored_block_is_the_same_whatever_bits_are_skipped_before_its_length() {
        assert_eq!(Block::after(7, 0, &[5]), Block::after(3, 0, &[5]));
        assert_ne!(Block::after(3, 0, &[5]), Block::after(2, 0, &[0]));
        let stored = Block::after(3, 0, &[5, 1, 0xfa, 0xfe]).stored;
        assert_eq!(stored, Some((4, 0x105)));
        assert_eq!(Block::after(2, 0, &[0]), Block::after(0, 0, &[0]));
        assert_ne!(Block::after(6, 0b0100_1000, &[5]), Block::after(5, 0b0100_1000, &[5]));
    }
}

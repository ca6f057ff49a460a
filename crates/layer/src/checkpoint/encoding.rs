//! Checkpoints as bytes.
//!
//! ```text
//! spacing 8, count 4; for each: plain 8, packed 8, bits 1 (255 where a member or frame begins), window length 4, window
//! ```
//! Little endian. Whatever these bytes are, reading them takes no more memory than they have.

use super::{Checkpoint, Checkpoints, Inside, MAX_BYTES, SPACING, WINDOW_BYTES};

/// In place of a number of bits: a member or frame begins.
const START: u8 = 0xff;
/// More than a window takes when it cannot be packed.
const MAX_WINDOW: usize = WINDOW_BYTES + 1024;

impl Checkpoints {
    /// All that [`Self::decode`] needs.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes);
        out.extend_from_slice(&self.spacing.to_le_bytes());
        let count = u32::try_from(self.points.len()).unwrap_or(0);
        out.extend_from_slice(&count.to_le_bytes());
        for point in &self.points[..count as usize] {
            out.extend_from_slice(&point.plain.to_le_bytes());
            out.extend_from_slice(&point.packed.to_le_bytes());
            let (bits, window) = match &point.inside {
                Some(inside) => (inside.bits, &inside.packed_window[..]),
                None => (START, &[][..]),
            };
            out.push(bits);
            let length = u32::try_from(window.len()).unwrap_or(0);
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(window);
        }
        out
    }

    /// Reads what [`Self::encode`] wrote for a layer of so many packed bytes; none if these are not such bytes.
    #[must_use]
    pub fn decode(bytes: &[u8], packed_bytes: u64) -> Option<Self> {
        let mut rest = bytes;
        let spacing = number(&mut rest)?;
        let count = u32::from_le_bytes(take(&mut rest)?);
        let mut found = Self { spacing, ..Self::default() };
        if spacing < SPACING {
            return None;
        }
        for _ in 0..count {
            let point = point(&mut rest)?;
            let is_after = found
                .points
                .last()
                .is_none_or(|before| before.plain < point.plain && before.packed < point.packed);
            if !is_after || point.plain == 0 || point.packed == 0 || point.packed >= packed_bytes {
                return None;
            }
            found.bytes += point.bytes();
            found.points.push(point);
        }
        (rest.is_empty() && found.bytes <= MAX_BYTES).then_some(found)
    }
}

fn point(rest: &mut &[u8]) -> Option<Checkpoint> {
    let (plain, packed) = (number(rest)?, number(rest)?);
    let [bits] = take(rest)?;
    let length = usize::try_from(u32::from_le_bytes(take(rest)?)).ok()?;
    if length > MAX_WINDOW || length > rest.len() {
        return None;
    }
    let (window, after) = rest.split_at(length);
    *rest = after;
    let inside = match bits {
        START if window.is_empty() => None,
        0..=7 => Some(Inside { bits, packed_window: window.to_owned() }),
        _ => return None,
    };
    Some(Checkpoint { plain, packed, inside })
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    Some(u64::from_le_bytes(take(rest)?))
}

fn take<const COUNT: usize>(rest: &mut &[u8]) -> Option<[u8; COUNT]> {
    let (first, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*first)
}

//! Places in a packed layer at which reading can begin, so that what stands at its end is read without all before it.
//!
//! A zstd frame and a gzip member begin anew: where one begins is all there is to know. Inside a gzip member reading can
//! begin between two blocks of deflate, by who knows the last 32 KiB of plain bytes before ([`Inside`]). A bare tar needs
//! no checkpoints.

mod bits;
mod encoding;
mod recorder;

use std::fmt;

pub(crate) use bits::begin_at;
pub(crate) use recorder::{AHEAD_BYTES, Boundary, Recorder};

/// How far back deflate refers (RFC 1951, section 2).
const WINDOW_BYTES: usize = 32 * 1024;
/// How far apart checkpoints inside a member stand, in plain bytes: what is decoded and dropped at most.
const SPACING: u64 = 16 << 20;
/// How far apart those stand that need no window.
const START_SPACING: u64 = 1 << 20;
/// What the checkpoints of one layer may take. Beyond it every second is given up, and from then on they stand twice as
/// far apart: reached at some 5 GB.
const MAX_BYTES: usize = 4 << 20;
/// What a checkpoint takes beside its window, generously.
const POINT_BYTES: usize = 64;

/// A place at which reading can begin.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// Where the next plain byte stands in the tar.
    pub plain: u64,
    /// Where the next packed byte stands in the layer.
    pub packed: u64,
    /// What is to be known inside a gzip member; none where a member or frame begins.
    pub inside: Option<Inside>,
}

/// What has to be known to begin between two blocks of a deflate stream.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Inside {
    /// How many bits of the packed byte before belong to the next block: at most 7, the upper ones.
    pub bits: u8,
    /// The plain bytes before, packed with zstd.
    packed_window: Vec<u8>,
}

impl Inside {
    /// None if the window cannot be packed, for want of memory.
    fn new(bits: u8, window: &[u8]) -> Option<Self> {
        let packed_window = zstd::bulk::compress(window, 3).ok()?;
        Some(Self { bits, packed_window })
    }

    /// The plain bytes before; none if they are damaged.
    pub fn window(&self) -> Option<Vec<u8>> {
        zstd::bulk::decompress(&self.packed_window, WINDOW_BYTES).ok()
    }
}

impl Checkpoint {
    /// Where the first packed byte stands that is needed.
    pub fn seek(&self) -> u64 {
        let begun = self.inside.as_ref().is_some_and(|inside| inside.bits > 0);
        self.packed.saturating_sub(u64::from(begun))
    }

    fn bytes(&self) -> usize {
        POINT_BYTES + self.inside.as_ref().map_or(0, |inside| inside.packed_window.len())
    }
}

/// The checkpoints of one packed layer, in their order. They grow with each reading that goes further than any before.
#[derive(Clone, PartialEq, Eq)]
pub struct Checkpoints {
    points: Vec<Checkpoint>,
    spacing: u64,
    bytes: usize,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self { points: Vec::new(), spacing: SPACING, bytes: 0 }
    }
}

impl fmt::Debug for Checkpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} checkpoints up to {}", self.points.len(), self.reach())
    }
}

impl Checkpoints {
    /// Whether there are none: reading then begins at the start.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Where the last stands in the plain tar; 0 if there is none.
    #[must_use]
    pub fn reach(&self) -> u64 {
        self.points.last().map_or(0, |point| point.plain)
    }

    /// The last one that stands at `plain` or before.
    pub(crate) fn before(&self, plain: u64) -> Option<&Checkpoint> {
        let count = self.points.partition_point(|point| point.plain <= plain);
        self.points.get(count.checked_sub(1)?)
    }

    /// Adds one that stands after all others. Too many are thinned out.
    fn push(&mut self, point: Checkpoint) {
        self.bytes += point.bytes();
        self.points.push(point);
        if self.bytes > MAX_BYTES {
            let mut count = 0_usize;
            self.points.retain(|_| {
                count += 1;
                count.is_multiple_of(2)
            });
            self.bytes = self.points.iter().map(Checkpoint::bytes).sum();
            self.spacing = self.spacing.saturating_mul(2);
        }
    }
}

#[cfg(test)]
mod tests;

//! Noting checkpoints while a layer is read.
//!
//! The decoder says where a block ends, but not in the middle of which byte. There are eight answers: each is tried on
//! the packed bytes that follow, and what comes out is held against what the decoder itself gives. The right answer
//! always agrees, so that where only one agrees it is known to be right. Where more than one does, which takes a stream
//! that was made for it, the place is left out.

use zlib_rs::{Inflate, InflateFlush, Status};

use super::bits::{Block, begin_at};
use super::{Checkpoint, Checkpoints, Inside, START_SPACING, WINDOW_BYTES};

/// How many packed bytes the answers are tried on, and how many plain bytes are compared, at most.
pub(crate) const AHEAD_BYTES: usize = 4096;
/// So many plain bytes before a checkpoint is due those that pass are remembered.
const REMEMBER_BYTES: u64 = 1 << 20;
/// Where it cannot be told in the middle of which byte a block ends, this many plain bytes pass before the next try.
const RETRY_BYTES: u64 = 1 << 20;
/// A stored block that is shorter is not worth waiting for its end.
const MIN_STORED: u16 = 1024;
/// Bits that may be left of the last byte.
const MOST_BITS: u8 = 7;

/// A place between two blocks of deflate, not after the last.
pub(crate) struct Boundary<'a> {
    /// Where the next packed byte stands.
    pub at: u64,
    /// The packed byte before that.
    pub last: u8,
    /// The plain bytes of this reading before.
    pub before: &'a [u8],
    /// The packed bytes that follow.
    pub ahead: &'a [u8],
    /// The plain bytes that the decoder gave for these.
    pub after: &'a [u8],
}

/// Takes note of checkpoints.
pub(crate) struct Recorder {
    found: Checkpoints,
    /// From where in the plain tar on one is wanted.
    due: u64,
    /// The plain bytes that have passed last, at most a window, and where the next one stands.
    history: Vec<u8>,
    passed: u64,
    trial: Option<Box<Inflate>>,
    /// Where a stored block ends, and so a whole byte.
    whole: Option<u64>,
}

impl Recorder {
    /// Notes those that come after what is known already.
    pub fn after(known: Checkpoints) -> Self {
        let due = match known.is_empty() {
            true => known.spacing,
            false => known.reach().saturating_add(known.spacing),
        };
        Self { found: known, due, history: Vec::new(), passed: 0, trial: None, whole: None }
    }

    /// Notes none.
    pub fn idle() -> Self {
        let mut idle = Self::after(Checkpoints::default());
        idle.due = u64::MAX;
        idle
    }

    /// What was known and what was found so far.
    pub fn known(&self) -> &Checkpoints {
        &self.found
    }

    /// What was known and what was found.
    pub fn finish(self) -> Checkpoints {
        self.found
    }

    /// Whether a checkpoint inside a member is wanted here.
    pub fn is_due(&self, plain: u64) -> bool {
        plain >= self.due
    }

    /// A member or a frame begins here.
    pub fn start(&mut self, plain: u64, packed: u64) {
        let is_far = plain >= self.found.reach().saturating_add(START_SPACING);
        if is_far && self.due < u64::MAX {
            self.note(Checkpoint { plain, packed, inside: None });
        }
    }

    /// Plain bytes have passed, the first of them at `plain`.
    pub fn remember(&mut self, plain: u64, bytes: &[u8]) {
        if plain != self.passed {
            self.history.clear();
        }
        self.passed = plain + bytes.len() as u64;
        if self.passed.saturating_add(REMEMBER_BYTES) < self.due {
            self.history.clear();
            return;
        }
        let new = &bytes[bytes.len().saturating_sub(WINDOW_BYTES)..];
        let old = (self.history.len() + new.len()).saturating_sub(WINDOW_BYTES);
        self.history.drain(..old);
        self.history.extend_from_slice(new);
    }

    /// A block of deflate ends here. The first of the bytes `before` stands at `plain`.
    pub fn boundary(&mut self, plain: u64, boundary: &Boundary<'_>) {
        let at = plain + boundary.before.len() as u64;
        let window = self.window(plain, boundary.before);
        let bits = window.as_deref().and_then(|window| self.bits(window, boundary));
        let inside = window.zip(bits).and_then(|(window, bits)| Inside::new(bits, &window));
        match inside {
            Some(inside) => {
                self.note(Checkpoint { plain: at, packed: boundary.at, inside: Some(inside) });
            }
            None if self.whole.is_some() => {}
            None => self.due = at.saturating_add(RETRY_BYTES),
        }
    }

    fn note(&mut self, point: Checkpoint) {
        let plain = point.plain;
        self.found.push(point);
        self.due = plain.saturating_add(self.found.spacing);
    }

    /// The plain bytes before a boundary; none if not all are known.
    fn window(&self, plain: u64, before: &[u8]) -> Option<Vec<u8>> {
        let known = if self.passed == plain { &self.history[..] } else { &[] };
        let before = &before[before.len().saturating_sub(WINDOW_BYTES)..];
        let missing = WINDOW_BYTES - before.len();
        let from = known.len().checked_sub(missing)?;
        Some([&known[from..], before].concat())
    }

    /// How many bits of the last byte belong to the next block; none if it cannot be told.
    ///
    /// Of a stored block it cannot, at times, be told whether it is the last. But it ends at a whole byte: the place after
    /// it will do.
    fn bits(&mut self, window: &[u8], boundary: &Boundary<'_>) -> Option<u8> {
        if self.whole.take() == Some(boundary.at) {
            return Some(0);
        }
        let trial = self.trial.get_or_insert_with(|| Box::new(Inflate::new(false, 15)));
        let agree: Vec<u8> =
            (0..=MOST_BITS).filter(|&bits| agrees(trial, window, bits, boundary)).collect();
        let first = *agree.first()?;
        let next = |bits| Block::after(bits, boundary.last, boundary.ahead);
        if agree.iter().all(|&bits| next(bits) == next(first)) {
            return Some(first);
        }
        let stored = next(first).stored.filter(|&(_, length)| length >= MIN_STORED);
        let is_one = |&bits: &u8| next(bits).stored == stored;
        if let Some((start, length)) = stored.filter(|_| agree.iter().all(is_one)) {
            self.whole = Some(boundary.at + start + u64::from(length));
        }
        None
    }
}

/// Whether decoding gives what the decoder gave, with so many bits of the last byte: as far as it gives anything. It is
/// to be fed as the decoder was, so that the right number of bits agrees for certain.
fn agrees(trial: &mut Inflate, window: &[u8], bits: u8, boundary: &Boundary<'_>) -> bool {
    let Boundary { last, ahead, after, .. } = *boundary;
    trial.reset(false);
    if begin_at(trial, window, bits, last).is_none() {
        return false;
    }
    let mut plain = [0; AHEAD_BYTES];
    let before = trial.total_out();
    let Ok(status) = trial.decompress(ahead, &mut plain, InflateFlush::NoFlush) else {
        return false;
    };
    let made = usize::try_from(trial.total_out() - before).unwrap_or(0);
    let both = made.min(after.len());
    let is_short = status == Status::StreamEnd && made < after.len();
    !is_short && plain[..both] == after[..both]
}

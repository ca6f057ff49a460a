//! Memory for the windows of zstd frames: what all layers that are read at the same time may have together.
//!
//! A frame says how far back it refers, and its decoder holds so much. Eight layers of a few kilobytes could ask for a
//! gibibyte. So what is asked for is counted: many small windows are decoded side by side, a large one alone.

use std::sync::{Condvar, Mutex, PoisonError};

/// The largest window that is decoded: 128 MiB, what `zstd --ultra -22` and `--long` make, and what `zstd` itself accepts
/// without asking.
pub(super) const MAX_WINDOW_BYTES: u64 = 1 << 27;
/// What all windows have together, but for one that is larger and then is the only one. Most tools make windows of 2 to
/// 8 MiB.
const SHARED_BYTES: u64 = 32 << 20;

/// What a reader does where the memory for a window is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Waits. Only for who has all bytes of the layer at hand: those that wait for it wait for no network.
    Waits,
    /// Gives up with [`crate::LayerError::Crowded`].
    GivesUp,
}

static IN_USE: Mutex<u64> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// A part of the memory, given back when dropped.
#[derive(Debug)]
pub(super) struct Share {
    bytes: u64,
}

impl Share {
    /// Takes what a window needs; none if it is in use and nobody waits for it.
    pub fn take(window: u64, patience: Patience) -> Option<Self> {
        let bytes = window.min(SHARED_BYTES);
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        while *in_use + bytes > SHARED_BYTES {
            if patience == Patience::GivesUp {
                return None;
            }
            in_use = FREED.wait(in_use).unwrap_or_else(PoisonError::into_inner);
        }
        *in_use += bytes;
        Some(Self { bytes })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        *IN_USE.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        FREED.notify_all();
    }
}

/// The start of a frame, byte by byte, until it tells what its decoder will hold (RFC 8878, 3.1.1.1).
#[derive(Debug, Default)]
pub(super) struct Head {
    pub bytes: Vec<u8>,
}

/// The parts of a frame's header before its window's: the magic number and the descriptor.
const FIXED: usize = 5;

impl Head {
    /// How many bytes there have to be; more than there are until all is here.
    pub fn wanted(&self) -> usize {
        let Some(&descriptor) = self.bytes.get(FIXED - 1) else { return FIXED };
        if !self.bytes.starts_with(&super::ZSTD_MAGIC) {
            return FIXED;
        }
        let (window, dictionary, size) = parts(descriptor);
        FIXED + window + dictionary + size
    }

    /// The window that the frame states, and how many bytes of it are needed: no more than the frame's content.
    pub fn window(&self) -> (u64, u64) {
        let is_frame = self.bytes.starts_with(&super::ZSTD_MAGIC);
        let Some(&descriptor) = self.bytes.get(FIXED - 1).filter(|_| is_frame) else {
            return (0, 0);
        };
        let (window, dictionary, size) = parts(descriptor);
        let stated = self.bytes.get(FIXED..FIXED + window).and_then(|bytes| bytes.first());
        let window_bytes = stated.map(|&byte| {
            let base = 1_u64 << (10 + (byte >> 3));
            base + base / 8 * u64::from(byte & 7)
        });
        let at = FIXED + window + dictionary;
        let mut number = [0; 8];
        if let Some(bytes) = self.bytes.get(at..at + size) {
            number[..size].copy_from_slice(bytes);
        }
        // Two bytes begin at 256, where one ends.
        let content = u64::from_le_bytes(number) + if size == 2 { 256 } else { 0 };
        match window_bytes {
            None => (content, content),
            Some(window) if size == 0 => (window, window),
            Some(window) => (window, window.min(content)),
        }
    }
}

/// How many bytes of a header tell of the window, of the dictionary, and of the content's size.
fn parts(descriptor: u8) -> (usize, usize, usize) {
    let is_single = descriptor & 0x20 != 0;
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = match descriptor >> 6 {
        0 => usize::from(is_single),
        1 => 2,
        2 => 4,
        _ => 8,
    };
    (usize::from(!is_single), dictionary, size)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;

    use zstd::stream::Encoder;
    use zstd::stream::raw::CParameter;

    use super::*;

    fn head(frame: &[u8]) -> Head {
        let mut head = Head::default();
        for byte in frame {
            if head.bytes.len() >= head.wanted() {
                break;
            }
            head.bytes.push(*byte);
        }
        head
    }

    fn frame(log: u32, content: &[u8], pledged: Option<u64>) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new(), 1).unwrap();
        encoder.set_parameter(CParameter::WindowLog(log)).unwrap();
        encoder.set_pledged_src_size(pledged).unwrap();
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_header_tells_its_window_and_what_is_needed_of_it() {
        for log in [10, 21, 27] {
            let window = 1 << log;
            assert_eq!(head(&frame(log, b"text", None)).window(), (window, window));
        }
        for size in [1, 255, 256, 300, 65_791, 65_792, 70_000] {
            let bytes = vec![7; size];
            let (_, needed) = head(&frame(27, &bytes, Some(size as u64))).window();
            assert_eq!(needed, size as u64);
        }
        // A window of less than the content, and a content that is told.
        assert_eq!(head(&frame(10, &[7; 5000], Some(5000))).window(), (1024, 1024));
    }

    #[test]
    fn a_window_that_takes_all_is_alone() {
        let all = Share::take(MAX_WINDOW_BYTES, Patience::Waits).unwrap();
        assert!(Share::take(1 << 20, Patience::GivesUp).is_none());
        let waiting = std::thread::spawn(|| Share::take(1 << 20, Patience::Waits).is_some());
        drop(all);
        assert!(waiting.join().unwrap());
    }

    #[test]
    fn what_is_no_frame_needs_nothing() {
        assert_eq!(head(b"\x50\x2a\x4d\x18\x04\x00\x00\x00text").window(), (0, 0));
        assert_eq!(head(b"no zstd at all").window(), (0, 0));
    }
}

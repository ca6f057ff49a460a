#![allow(clippy::unwrap_used)]

mod packers;

use std::io::Cursor;

use strata_testkit::{gzip, noise};

use super::*;
use crate::{read_range, read_range_from, read_ranges_from};

/// As many tar-like bytes: words, zeros and noise.
fn plain(length: usize) -> Vec<u8> {
    let words = noise(1, 4096);
    let mut out = Vec::with_capacity(length + 4096);
    let mut state = 7_usize;
    while out.len() < length {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        let (from, count) = ((state >> 33) % 4000, (state >> 45) % 64 + 4);
        match (state >> 57) % 8 {
            0 => out.extend(noise(state as u64, count)),
            1 => out.resize(out.len() + count, 0),
            _ => out.extend_from_slice(&words[from..(from + count).min(4096)]),
        }
    }
    out.truncate(length);
    out
}

/// The checkpoints of a layer, found by reading all of it.
fn found(packed: &[u8], length: usize) -> Checkpoints {
    let mut checkpoints = Checkpoints::default();
    let size = length as u64;
    read_range_from(Cursor::new(packed), &mut checkpoints, size - 1, 1, &mut Vec::new()).unwrap();
    checkpoints
}

#[test]
fn a_member_has_a_checkpoint_about_every_16_mib_and_each_gives_the_bytes_that_follow() {
    let plain = plain(70 << 20);
    let packed = gzip(&plain);
    let checkpoints = found(&packed, plain.len());
    assert_eq!(checkpoints.len(), 4, "{checkpoints:?}");
    for at in [0, 17 << 20, (33 << 20) + 7, (66 << 20) - 1, plain.len() - 5] {
        let mut out = Vec::new();
        let mut known = checkpoints.clone();
        read_range_from(Cursor::new(&packed), &mut known, at as u64, 5, &mut out).unwrap();
        assert_eq!(out, &plain[at..at + 5]);
        assert_eq!(known, checkpoints);
    }
    let ratio = packed.len() / checkpoints.encode().len();
    assert!(ratio > 200, "a {ratio}th of the layer");
}

#[test]
fn checkpoints_grow_with_what_is_read() {
    let plain = plain(50 << 20);
    let packed = gzip(&plain);
    let mut checkpoints = Checkpoints::default();
    for (at, count) in [(1 << 20, 0), (20 << 20, 1), (18 << 20, 1), (49 << 20, 2)] {
        let mut out = Vec::new();
        read_range_from(Cursor::new(&packed), &mut checkpoints, at, 9, &mut out).unwrap();
        let from = usize::try_from(at).unwrap();
        assert_eq!(out, &plain[from..from + 9]);
        assert!(checkpoints.len() >= count, "{checkpoints:?} after {at}");
    }
    assert_eq!(checkpoints.len(), found(&packed, plain.len()).len());
}

#[test]
fn wrong_checkpoints_cost_time_and_nothing_else() {
    let plain = plain(40 << 20);
    let packed = gzip(&plain);
    let right = found(&packed, plain.len());
    let at = 39 << 20;
    for wrong in 0..4 {
        let mut checkpoints = right.clone();
        let last = checkpoints.points.last_mut().unwrap();
        let inside = last.inside.as_mut().unwrap();
        match wrong {
            0 => inside.packed_window = b"no zstd at all".to_vec(),
            1 => last.packed += 1000,
            2 => last.packed = u64::MAX,
            _ => last.inside = None,
        }
        let mut out = Vec::new();
        let read =
            read_range_from(Cursor::new(&packed), &mut checkpoints, at as u64, 100, &mut out);
        read.unwrap();
        assert_eq!(out, &plain[at..at + 100], "{wrong}");
    }
}

#[test]
fn ranges_far_from_each_other_are_read_without_what_is_between() {
    let plain = plain(60 << 20);
    let packed = gzip(&plain);
    let mut checkpoints = found(&packed, plain.len());
    let mut source = Counted { inner: Cursor::new(&packed), read: 0 };
    let ranges = [(10, 100), (200, 300_000), (59 << 20, 1000)];
    let mut out = vec![Vec::new(); 3];
    read_ranges_from(&mut source, &mut checkpoints, &ranges, &mut |number, bytes| {
        out[number].extend_from_slice(bytes);
        Ok(())
    })
    .unwrap();
    for (out, (at, size)) in out.iter().zip(ranges) {
        assert_eq!(*out, plain[usize::try_from(at).unwrap()..][..usize::try_from(size).unwrap()]);
    }
    assert!(source.read < packed.len() / 3, "{} of {} bytes", source.read, packed.len());
}

#[test]
fn too_many_are_thinned_out() {
    let mut checkpoints = Checkpoints::default();
    let point = |at: u64| Checkpoint {
        plain: at * SPACING,
        packed: at * 1000,
        inside: Inside::new(3, &noise(at, WINDOW_BYTES)),
    };
    (1..=1000).for_each(|at| checkpoints.push(point(at)));
    assert!(checkpoints.bytes <= MAX_BYTES && checkpoints.len() > 50, "{checkpoints:?}");
    assert!(checkpoints.spacing > SPACING);
    let encoded = checkpoints.encode();
    assert_eq!(Checkpoints::decode(&encoded, u64::MAX), Some(checkpoints));
    assert_eq!(Checkpoints::decode(&encoded, 500_000), None);
}

#[test]
fn bytes_that_are_no_checkpoints_are_none() {
    let plain = plain(20 << 20);
    let packed = gzip(&plain);
    let encoded = found(&packed, plain.len()).encode();
    let size = packed.len() as u64;
    assert!(Checkpoints::decode(&encoded, size).is_some());
    for cut in (0..encoded.len()).step_by(97) {
        assert_eq!(Checkpoints::decode(&encoded[..cut], size), None);
    }
    assert_eq!(Checkpoints::decode(&[0xff; 100], size), None);
    // A flipped bit may go unnoticed here; what is read then is what the layer holds, or an error.
    for at in (0..encoded.len()).step_by(1_201) {
        let mut flipped = encoded.clone();
        flipped[at] ^= 0x10;
        if let Some(mut checkpoints) = Checkpoints::decode(&flipped, size) {
            let mut out = Vec::new();
            let source = Cursor::new(&packed);
            read_range_from(source, &mut checkpoints, size / 2, 10, &mut out).ok();
        }
    }
}

#[test]
fn a_bare_tar_is_sought_in_and_needs_no_checkpoints() {
    let mut plain = plain(5 << 20);
    plain[..4].copy_from_slice(b"tar.");
    let mut source = Counted { inner: Cursor::new(&plain), read: 0 };
    let mut out = Vec::new();
    let mut checkpoints = Checkpoints::default();
    read_range_from(&mut source, &mut checkpoints, 4 << 20, 10, &mut out).unwrap();
    assert_eq!(out, &plain[4 << 20..(4 << 20) + 10]);
    assert!(checkpoints.is_empty() && source.read < 1 << 20);
    let beyond = read_range_from(&mut source, &mut checkpoints, 6 << 20, 1, &mut out);
    assert!(matches!(beyond, Err(crate::LayerError::Cut { .. })));
}

#[test]
fn members_and_frames_are_checkpoints_without_a_window() {
    let plain = plain(12 << 20);
    for pack in [gzip as fn(&[u8]) -> Vec<u8>, strata_testkit::zstd] {
        let packed: Vec<u8> = plain.chunks(700_000).flat_map(pack).collect();
        let checkpoints = found(&packed, plain.len());
        assert!(checkpoints.len() >= 8, "{checkpoints:?}");
        assert!(checkpoints.points.iter().all(|point| point.inside.is_none()));
        let mut source = Counted { inner: Cursor::new(&packed), read: 0 };
        let (at, mut out) = (11 << 20, Vec::new());
        read_range_from(&mut source, &mut checkpoints.clone(), at as u64, 10, &mut out).unwrap();
        assert_eq!(out, &plain[at..at + 10]);
        assert!(source.read < packed.len() / 2);
    }
}

#[test]
fn reading_from_the_start_needs_nothing_to_seek_in() {
    let plain = plain(3 << 20);
    let packed = gzip(&plain);
    let mut out = Vec::new();
    read_range(&packed[..], 2 << 20, 1000, &mut out).unwrap();
    assert_eq!(out, &plain[2 << 20..(2 << 20) + 1000]);
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    read: usize,
}

impl<R: std::io::Read> std::io::Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read;
        Ok(read)
    }
}

impl<R: std::io::Seek> std::io::Seek for Counted<R> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

//! Whatever has packed a layer: bytes through checkpoints are the bytes from the start.

use std::io::{Cursor, Write};
use std::process::{Command, Stdio};

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use strata_testkit::noise;

use super::super::Checkpoints;
use super::plain;
use crate::read_ranges_from;

/// Who packs.
#[derive(Debug, Clone, Copy)]
enum Packer {
    Library,
    Gzip,
    Pigz,
}

impl Packer {
    /// None where the program is not here.
    fn pack(self, plain: &[u8], level: u32) -> Option<Vec<u8>> {
        let program = match self {
            Self::Library => {
                let mut encoder = GzEncoder::new(Vec::new(), Level::new(level));
                encoder.write_all(plain).unwrap();
                return Some(encoder.finish().unwrap());
            }
            Self::Gzip => "gzip",
            Self::Pigz => "pigz",
        };
        let mut command = Command::new(program);
        command.args([&format!("-{}", level.max(1)), "-c", "-n"]);
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut child) = started else {
            println!("skipped: {program} is not here");
            return None;
        };
        let mut stdin = child.stdin.take().unwrap();
        let copy = plain.to_vec();
        let writer = std::thread::spawn(move || stdin.write_all(&copy).unwrap());
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert!(output.status.success());
        Some(output.stdout)
    }
}

/// Checkpoints that come as thick as they can.
fn thick() -> Checkpoints {
    Checkpoints { spacing: 60_000, ..Checkpoints::default() }
}

/// Reads ranges, and what has become of the checkpoints.
fn read(packed: &[u8], known: &Checkpoints, ranges: &[(u64, u64)]) -> (Vec<u8>, Checkpoints) {
    let (mut out, mut checkpoints) = (Vec::new(), known.clone());
    read_ranges_from(Cursor::new(packed), &mut checkpoints, ranges, &mut |_, bytes| {
        out.extend_from_slice(bytes);
        Ok(())
    })
    .unwrap();
    (out, checkpoints)
}

#[test]
fn each_packer_leaves_places_to_begin_at() {
    let plain = plain(3 << 20);
    let noise = noise(3, 3 << 20);
    for packer in [Packer::Library, Packer::Gzip, Packer::Pigz] {
        for (plain, level) in [(&plain, 1), (&plain, 6), (&plain, 9), (&noise, 6), (&noise, 0)] {
            // The fastest level of the library makes one block of it all: there is no place between two.
            if matches!((packer, level), (Packer::Library, 1)) {
                continue;
            }
            let Some(packed) = packer.pack(plain, level) else { continue };
            let end = plain.len() as u64 - 1;
            let (_, checkpoints) = read(&packed, &thick(), &[(end, 1)]);
            assert!(checkpoints.len() >= 5, "{packer:?} {level}: {checkpoints:?}");
            for point in &checkpoints.points {
                let (out, after) =
                    read(&packed, &checkpoints, &[(point.plain, 50_000.min(end - point.plain))]);
                let from = usize::try_from(point.plain).unwrap();
                assert_eq!(out, &plain[from..from + out.len()], "{packer:?} {level}");
                assert!(after.points.starts_with(&checkpoints.points), "some were given up");
            }
        }
    }
}

/// Pieces of a tar: what repeats, zeros, noise.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece =
        (0_u8..3, 1_usize..300_000, any::<u64>()).prop_map(|(kind, length, seed)| match kind {
            0 => noise(seed, length),
            1 => vec![u8::try_from(seed % 256).unwrap(); length],
            _ => plain(length),
        });
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn bytes_through_checkpoints_are_the_bytes_from_the_start(
        plain in pieces(),
        packer in prop::sample::select(vec![Packer::Library, Packer::Gzip, Packer::Pigz]),
        level in 0_u32..=9,
        members in 1_usize..4,
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 2..8),
    ) {
        let size = plain.len().div_ceil(members);
        let packed = plain.chunks(size).map(|part| packer.pack(part, level)).collect::<Option<Vec<_>>>();
        let Some(packed) = packed.map(|members| members.concat()) else { return Ok(()) };
        let mut places: Vec<u64> =
            cuts.iter().map(|cut| cut.index(plain.len()) as u64).collect();
        places.sort_unstable();
        places.dedup();
        let ranges: Vec<(u64, u64)> = places.chunks_exact(2).map(|pair| (pair[0], pair[1] - pair[0])).collect();
        let expected: Vec<u8> = ranges
            .iter()
            .flat_map(|&(at, size)| plain[usize::try_from(at).unwrap()..][..usize::try_from(size).unwrap()].to_vec())
            .collect();
        let (from_start, grown) = read(&packed, &thick(), &ranges);
        prop_assert_eq!(&from_start, &expected);
        let (_, all) = read(&packed, &grown, &[(plain.len() as u64 - 1, 1)]);
        let (through, after) = read(&packed, &all, &ranges);
        prop_assert_eq!(&through, &expected);
        prop_assert!(after.points.starts_with(&all.points), "some were given up");
    }

    /// Whatever a file of checkpoints says: the right bytes, an error, or wrong bytes that the fingerprint of the file
    /// tells; never a panic.
    #[test]
    fn damaged_checkpoints_do_not_bring_the_reader_down(
        place in any::<prop::sample::Index>(),
        value in any::<u8>(),
        seed in any::<u64>(),
    ) {
        let plain = plain(400_000);
        let packed = Packer::Library.pack(&plain, 6).unwrap();
        let (_, checkpoints) = read(&packed, &thick(), &[(399_999, 1)]);
        let wide = Checkpoints { spacing: super::super::SPACING, ..checkpoints };
        let mut bytes = wide.encode();
        let at = place.index(bytes.len());
        bytes[at] = value;
        if let Some(mut known) = Checkpoints::decode(&bytes, packed.len() as u64) {
            let range = [(seed % 390_000, 10_000)];
            read_ranges_from(Cursor::new(&packed), &mut known, &range, &mut |_, _| Ok(())).ok();
        }
    }
}

#![allow(clippy::unwrap_used)]
use std::io::Read;
use std::process::{Command, Stdio};

use strata_testkit::Layer;

use super::*;
use crate::{Entry, EntrySink, LayerError, Limits, read_range_from, scan};

struct Nothing;

impl EntrySink for Nothing {
    fn entry(&mut self, _entry: Entry) -> Result<(), LayerError> {
        Ok(())
    }
}

/// Bytes that pack somewhat, and are the same each time.
fn bytes(count: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        b"the quick brown fox"[(state >> 33) as usize % 19]
    };
    (0..count).map(|_| next()).collect()
}

fn pack(plain: &[u8], packing: Packing, threads: usize, piece: usize) -> Packed<Vec<u8>> {
    let mut packer = Packer::new(Vec::new(), packing, threads).unwrap();
    for piece in plain.chunks(piece) {
        packer.write_all(piece).unwrap();
    }
    packer.finish().unwrap()
}

fn all() -> [Packing; 3] {
    [Packing::PLAIN, Packing::default(), Packing::zstd(3)]
}

#[test]
fn the_bytes_do_not_depend_on_threads_or_pieces() {
    let plain = bytes((9 << 20) + 77);
    for packing in all() {
        let one = pack(&plain, packing, 0, 1 << 30);
        for (threads, piece) in [(1, 10_000), (2, 1 << 20), (3, 333_333), (7, 4096)] {
            let other = pack(&plain, packing, threads, piece);
            assert!(one.out == other.out, "{packing:?} {threads} {piece}");
            assert_eq!(one.checkpoints, other.checkpoints);
        }
        assert_eq!(one.plain_bytes, plain.len() as u64);
        assert_eq!(one.packed_bytes, one.out.len() as u64);
    }
}

#[test]
fn a_packed_layer_is_read_back_and_its_checkpoints_are_those_of_a_scan() {
    let content = bytes((13 << 20) + 5);
    let tar = Layer::new().file("a", "small").file("b", &content).tar();
    for packing in all() {
        let packed = pack(&tar, packing, 2, 50_000);
        let scanned = scan(&packed.out[..], &Limits::default(), &mut Nothing).unwrap();
        assert_eq!(scanned.compression, packing.format());
        assert_eq!(scanned.diff_id.0, strata_spec::Digest::sha256_of(&tar));
        assert_eq!(scanned.checkpoints, packed.checkpoints, "{packing:?}");
        let mut checkpoints = packed.checkpoints;
        assert!(packing == Packing::PLAIN || checkpoints.len() >= 3, "{checkpoints:?}");
        let (at, mut found) = (11 << 20, Vec::new());
        let source = std::io::Cursor::new(&packed.out);
        read_range_from(source, &mut checkpoints, at, 100, &mut found).unwrap();
        let at = usize::try_from(at).unwrap();
        assert_eq!(found, tar[at..at + 100]);
    }
}

#[test]
fn nothing_is_packed_too() {
    for packing in all() {
        let packed = pack(b"", packing, 2, 1);
        assert_eq!(packed.out.is_empty(), packing == Packing::PLAIN);
        assert_eq!(packed.plain_bytes, 0);
        scan(&packed.out[..], &Limits::default(), &mut Nothing).unwrap();
    }
}

#[test]
fn other_tools_read_it() {
    let plain = bytes(3 << 20);
    for (packing, tool) in [(Packing::default(), "gzip"), (Packing::zstd(3), "zstd")] {
        let packed = pack(&plain, packing, 2, 65_536).out;
        let command =
            Command::new(tool).arg("-dc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut command) = command else {
            println!("skipped: there is no {tool}");
            continue;
        };
        let mut stdin = command.stdin.take().unwrap();
        let feed = std::thread::spawn(move || stdin.write_all(&packed));
        let mut found = Vec::new();
        command.stdout.take().unwrap().read_to_end(&mut found).unwrap();
        feed.join().unwrap().unwrap();
        assert!(command.wait().unwrap().success());
        assert!(found == plain, "{tool}");
    }
}

/// An output that takes some bytes and then fails.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_output_that_fails_ends_it() {
    let plain = bytes(20 << 20);
    for packing in all() {
        let mut packer = Packer::new(Full(100_000), packing, 2).unwrap();
        let written = packer.write_all(&plain);
        let error = written.err().or_else(|| packer.finish().err()).unwrap();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}

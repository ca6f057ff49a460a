//! Compression: found by itself, whole or refused.

use std::io::{self, Read};

use strata_layer::{Compression, LayerError, Limits, scan};
use strata_testkit::{Layer, gzip, noise, zstd};

use crate::{Kept, read};

fn tar() -> Vec<u8> {
    Layer::new().file("a", noise(9, 100_000)).dir("b").tar()
}

#[test]
fn each_compression_gives_the_same_entries_and_the_same_diff_id() {
    let tar = tar();
    let plain = read(&tar).unwrap();
    for (packed, compression) in [(gzip(&tar), Compression::Gzip), (zstd(&tar), Compression::Zstd)]
    {
        let (scanned, entries) = read(&packed).unwrap();
        assert_eq!(scanned.compression, compression);
        assert_eq!(entries, plain.1);
        assert_eq!(scanned.diff_id, plain.0.diff_id);
    }
}

#[test]
fn several_members_and_frames_are_one_stream() {
    let tar = tar();
    let (first, second) = tar.split_at(5000);
    let members = [gzip(first), gzip(second), vec![0; 40]].concat();
    assert_eq!(read(&members).unwrap().0.tar_bytes, tar.len() as u64);
    let frames = [zstd(first), zstd(second)].concat();
    assert_eq!(read(&frames).unwrap().0.tar_bytes, tar.len() as u64);
}

#[test]
fn damage_is_an_error_and_not_a_shorter_list() {
    let mut wrong_sum = gzip(&tar());
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 1;
    assert!(matches!(read(&wrong_sum), Err(LayerError::Damaged { .. })));
    let garbage = [gzip(&tar()), b"rubbish".to_vec()].concat();
    assert!(matches!(read(&garbage), Err(LayerError::Trailing { .. })));
    for packed in [gzip(&tar()), zstd(&tar())] {
        let cut = &packed[..packed.len() / 2];
        assert!(matches!(read(cut), Err(LayerError::Damaged { .. })));
    }
}

struct Broken(Vec<u8>);

impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::Error::new(io::ErrorKind::ConnectionReset, "the cable"));
        }
        // One byte at a time, as a bad network gives them.
        buffer[0] = self.0.remove(0);
        Ok(1)
    }
}

#[test]
fn an_error_of_the_source_comes_back_unchanged() {
    for packed in
        [tar()[..700].to_vec(), gzip(&tar())[..700].to_vec(), zstd(&tar())[..700].to_vec()]
    {
        match scan(Broken(packed), &Limits::default(), &mut Kept::default()) {
            Err(LayerError::Source { source }) => assert_eq!(source.to_string(), "the cable"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn nothing_at_all_is_an_empty_layer() {
    let (scanned, entries) = read(b"").unwrap();
    assert_eq!((scanned.tar_bytes, entries.len()), (0, 0));
}

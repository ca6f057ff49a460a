//! Layers, unpacked and captured by the root of the namespace.

use std::fs::File;
use std::io::{self, BufWriter, Read};
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use strata_layer::{
    CaptureOptions, OverlayMarks, Owners, Skipped, SkippedPart, TarWriter, UnpackOptions,
    capture as capture_layer, unpack as unpack_layer,
};

use crate::linux::channel::Channel;
use crate::linux::wire::Answer;
use crate::{CaptureSpec, CapturedLayer, Mode, SkippedParts, UnpackedLayer};

/// As much as a pipe holds.
const BUFFER_BYTES: usize = 64 << 10;

/// Unpacks a layer until the caller says Stop or is gone.
pub fn unpack(
    channel: &Channel,
    mode: Mode,
    layer: File,
    into: &Path,
    lowers: Vec<PathBuf>,
) -> Answer {
    let options = UnpackOptions {
        lowers,
        owners: if mode == Mode::SingleId { Owners::IgnoreErrors } else { Owners::Keep },
        marks: marks(mode),
        ..UnpackOptions::default()
    };
    match unpack_layer(Stoppable { layer, channel }, into, &options) {
        Ok(unpacked) => Answer::Unpacked(UnpackedLayer {
            diff_id: unpacked.diff_id,
            tar_bytes: unpacked.tar_bytes,
            entries: unpacked.entries,
            skipped: skipped(&unpacked.skipped),
        }),
        Err(error) => Answer::LayerRefused(error.to_string()),
    }
}

/// Writes what lies in an upper folder as a plain tar, whole with its end.
pub fn capture(out: File, upper: &Path, lowers: &[PathBuf], spec: CaptureSpec) -> Answer {
    let options = CaptureOptions { epoch: spec.epoch, whole_seconds: spec.whole_seconds };
    let mut tar = TarWriter::new(BufWriter::with_capacity(BUFFER_BYTES, out));
    let captured = capture_layer(upper, lowers, &mut tar, &options);
    // The pipe is closed before the answer, so that the caller can read to its end.
    let ended = tar
        .finish()
        .map_err(|error| error.to_string())
        .and_then(|out| out.into_inner().map(drop).map_err(|error| error.error().to_string()));
    match (captured, ended) {
        (Ok(captured), Ok(())) => Answer::Captured(CapturedLayer {
            entries: captured.entries,
            content_bytes: captured.content_bytes,
            skipped: skipped(&captured.skipped),
        }),
        (Err(error), _) => Answer::LayerRefused(error.to_string()),
        (_, Err(reason)) => Answer::LayerRefused(reason),
    }
}

fn marks(mode: Mode) -> OverlayMarks {
    if mode == Mode::Root { OverlayMarks::Trusted } else { OverlayMarks::User }
}

/// A layer that ends with an error once the caller has said anything more.
struct Stoppable<'a> {
    layer: File,
    channel: &'a Channel,
}

impl Read for Stoppable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut fds = [PollFd::new(self.channel, PollFlags::IN)];
        match poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })) {
            Ok(0) => self.layer.read(buffer),
            _ => Err(io::Error::other("stopped")),
        }
    }
}

fn skipped(skipped: &Skipped) -> SkippedParts {
    let named = skipped.named.iter().map(|(path, part)| {
        let part = match part {
            SkippedPart::Device => "device".to_owned(),
            SkippedPart::Owner { uid, gid } => format!("owner {uid}:{gid}"),
            SkippedPart::Attribute { name } => {
                format!("attribute {}", String::from_utf8_lossy(name))
            }
            SkippedPart::Socket => "socket".to_owned(),
            SkippedPart::Name => "name".to_owned(),
        };
        (String::from_utf8_lossy(path).into_owned(), part)
    });
    SkippedParts { count: skipped.count, named: named.collect() }
}

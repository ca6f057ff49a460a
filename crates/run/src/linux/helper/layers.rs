//! Layers, unpacked and captured by the root of the namespace.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use strata_layer::{OverlayMarks, Owners, Skipped, SkippedPart, UnpackOptions, unpack as unpack_layer};

use crate::linux::channel::Channel;
use crate::linux::wire::Answer;
use crate::{Mode, SkippedParts, UnpackedLayer};

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

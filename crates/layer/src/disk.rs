//! Layers as folders on a disk, in the form that the kernel's overlay file system lays on each other: unpacked from a
//! layer, and captured back into one.
//!
//! A deletion is a character device 0:0; a folder that hides what lower layers have in it has an attribute that says so
//! (Documentation/filesystems/overlayfs.rst in Linux, "whiteouts and opaque directories").

mod attributes;
mod capture;
mod ground;
mod link;
mod lowers;
mod open;
mod remove;
mod sink;
mod skipped;
mod unpack;
mod unpack_error;

pub use capture::{CaptureError, CaptureOptions, Captured, capture};
pub use skipped::{Skipped, SkippedPart};
pub use unpack::{OverlayMarks, Owners, UnpackOptions, Unpacked, unpack};
pub use unpack_error::UnpackError;

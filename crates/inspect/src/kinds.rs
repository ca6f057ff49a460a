//! What kind of content a file has, told from its name and first bytes.

mod encoding;
mod kind;
mod magic;
mod sniff;

pub use encoding::{Encoding, encoding};
pub use kind::{Family, Kind};
pub use sniff::{HEAD_BYTES, Sniffed, sniff};

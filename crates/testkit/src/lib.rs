//! Images and layers made to order, for tests.
//!
//! Nothing here checks anything: a builder writes what it is told, nonsense included.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod chunked;
mod hub;
mod hub_pages;
mod image;
mod layer;
mod tls;
mod vectors;

pub use chunked::{Chunked, estargz, estargz_footer, zstd_chunked};
pub use hub::{HubAsked, HubFixture, HubRepositoryFixture, HubServer, HubTagFixture, PullLimit};
pub use image::{BuiltImage, Image, Packing, gzip, pack, zstd};
pub use layer::Layer;
pub use tls::{Pair, TestCa, TlsServer, TlsStream};
pub use vectors::{cases, text, with_entry};

/// `length` bytes that look random and are always the same for one `seed`.
#[must_use]
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

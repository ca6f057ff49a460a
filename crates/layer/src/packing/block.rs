//! One block, packed by itself.

use std::io;

use libdeflater::{CompressionLvl, Compressor};

use crate::{Compression, Packing};

/// Plain bytes of a gzip member. Each begins with nothing to refer back to; the smaller it is, the more that costs.
const GZIP_BLOCK: usize = 1 << 20;
/// Plain bytes of a zstd frame, which refers back further.
const ZSTD_BLOCK: usize = 4 << 20;

/// Packs blocks one after the other.
pub(super) enum Codec {
    Gzip(Compressor),
    Zstd(zstd::bulk::Compressor<'static>),
}

impl Codec {
    /// How many plain bytes go into a block.
    pub fn block_bytes(packing: Packing) -> usize {
        match packing.format {
            Compression::Zstd => ZSTD_BLOCK,
            _ => GZIP_BLOCK,
        }
    }

    /// A codec for all blocks of one packing.
    pub fn new(packing: Packing) -> io::Result<Self> {
        if packing.format == Compression::Zstd {
            let mut compressor = zstd::bulk::Compressor::new(packing.level)?;
            // A checksum as gzip has one: what is damaged is found by every reader.
            compressor.set_parameter(zstd::zstd_safe::CParameter::ChecksumFlag(true))?;
            return Ok(Self::Zstd(compressor));
        }
        let level = CompressionLvl::new(packing.level);
        let level = level.map_err(|_| io::Error::other("there is no such level of gzip"))?;
        Ok(Self::Gzip(Compressor::new(level)))
    }

    /// Packs one block into `packed`, whose bytes are replaced.
    pub fn pack(&mut self, plain: &[u8], packed: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Gzip(compressor) => {
                packed.resize(compressor.gzip_compress_bound(plain.len()), 0);
                let written = compressor.gzip_compress(plain, packed);
                packed.truncate(written.map_err(|_| io::Error::other("a block does not fit"))?);
            }
            Self::Zstd(compressor) => {
                packed.resize(zstd::zstd_safe::compress_bound(plain.len()), 0);
                let written = compressor.compress_to_buffer(plain, &mut packed[..])?;
                packed.truncate(written);
            }
        }
        Ok(())
    }
}

//! How much a layer may ask of this machine.

/// Bounds of one layer. Beyond any of them the layer is refused with an error that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the plain tar. 256 GiB: above any image in use, below what a disk of today is worth to an attacker.
    pub max_tar_bytes: u64,
    /// How many times larger than the compressed bytes the plain tar may be, once it is above `ratio_from_bytes`.
    /// Gzip reaches 1,032 on zeros; real layers stay below 20.
    pub max_ratio: u64,
    /// Plain bytes up to which any ratio is fine. A gibibyte of zeros is odd, not an attack.
    pub ratio_from_bytes: u64,
    /// Entries.
    pub max_entries: u64,
    /// Bytes of one path or link target.
    pub max_path_bytes: u64,
    /// Bytes of all PAX and GNU extensions of one entry.
    pub max_extension_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_tar_bytes: 256 << 30,
            max_ratio: 200,
            ratio_from_bytes: 1 << 30,
            max_entries: 10_000_000,
            max_path_bytes: 32 << 10,
            max_extension_bytes: 1 << 20,
        }
    }
}

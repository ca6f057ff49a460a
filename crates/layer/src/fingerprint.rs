//! Telling whether content is the same as other content of this store.

use highway::{HighwayHash, HighwayHasher, Key};

/// The keyed hash of a file's content (HighwayHash, 128 bits, little endian): it tells whether two files of one store
/// differ. Who makes an image does not know the key, and so cannot make two files that differ and have the same.
pub type Fingerprint = [u8; 16];

/// What fingerprints are made with. Only those made with the same key can be compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FingerprintKey(pub [u8; 32]);

impl FingerprintKey {
    /// A fingerprint that is made piece by piece.
    #[must_use]
    pub fn begin(&self) -> Fingerprinting {
        Fingerprinting(self.hasher())
    }

    /// Tells keys apart without telling anything of them.
    #[must_use]
    pub fn name(&self) -> u64 {
        self.hasher().finalize64()
    }

    fn hasher(&self) -> HighwayHasher {
        let mut words = [0; 4];
        for (word, bytes) in words.iter_mut().zip(self.0.chunks_exact(8)) {
            *word = bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
        }
        HighwayHasher::new(Key(words))
    }
}

/// A fingerprint in the making.
#[derive(Debug, Clone)]
pub struct Fingerprinting(HighwayHasher);

impl Fingerprinting {
    /// Takes the next bytes of the content.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.append(bytes);
    }

    /// The fingerprint of all that was taken.
    #[must_use]
    pub fn finish(self) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        let [low, high] = self.0.finalize128();
        fingerprint[..8].copy_from_slice(&low.to_le_bytes());
        fingerprint[8..].copy_from_slice(&high.to_le_bytes());
        fingerprint
    }
}

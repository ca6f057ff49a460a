//! Files beside the layout that can be made again: kept under a digest here, understood elsewhere.
//!
//! ```text
//! magic 8, version 4, checksum 32, the content
//! ```
//! The checksum is made with the store's own key over all of it and the digest: a file of another store, about something
//! else, cut or changed is no file. None is worth an error, for what it says can be found again; nor is one worth a sync,
//! for half a one is found out.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use strata_spec::{Algorithm, Digest, Hasher};

use crate::disk::{failed, make_folder, rename, unique, write_new};
use crate::{Store, StoreError, unix};

/// Magic, version and checksum.
const HEADER: usize = 8 + 4 + 32;

/// One kind of such files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    /// The folder below the store's.
    pub folder: &'static str,
    pub magic: &'static [u8; 8],
    /// Of the content too: who changes what it means counts on.
    pub version: u32,
    /// A file with more bytes is none of ours.
    pub max_bytes: u64,
}

impl Kept {
    /// What is kept about a digest; none if there is nothing that can be trusted.
    pub fn read(&self, store: &Store, about: &Digest) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = unix::private().read(true).open(self.path(store, about)).ok()?;
        if !file.metadata().ok()?.is_file() {
            return None;
        }
        file.take(self.max_bytes + 1).read_to_end(&mut bytes).ok()?;
        let body = bytes.get(HEADER..)?;
        let header = self.header(store, about, body).ok()?;
        if bytes.len() as u64 > self.max_bytes || bytes[..HEADER] != header[..] {
            return None;
        }
        Some(bytes.split_off(HEADER))
    }

    /// Keeps something about a digest in place of what was kept before; if that fails, it is as it was.
    pub fn keep(&self, store: &Store, about: &Digest, content: &[u8]) -> Result<(), StoreError> {
        let header = self.header(store, about, content)?;
        make_folder(&store.folder().join(self.folder))?;
        let beside = unique(&store.ingest_folder(), self.folder);
        write_new(&beside, &[&header[..], content].concat())?;
        rename(&beside, &self.path(store, about)).inspect_err(|_| {
            fs::remove_file(&beside).ok();
        })
    }

    /// Removes what is kept about a digest.
    pub fn forget(&self, store: &Store, about: &Digest) -> Result<(), StoreError> {
        let path = self.path(store, about);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed("remove", &path)(error))
            }
            _ => Ok(()),
        }
    }

    fn header(&self, store: &Store, about: &Digest, body: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut header = [&self.magic[..], &self.version.to_le_bytes()[..]].concat();
        let mut hasher = Hasher::new(Algorithm::Sha256);
        hasher.update(&store.fingerprint_key()?);
        hasher.update(&header);
        hasher.update(about.to_string().as_bytes());
        hasher.update(&(body.len() as u64).to_le_bytes());
        hasher.update(body);
        let sum = hasher.finish();
        let digits = sum.hex().as_bytes().chunks_exact(2);
        let byte = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok();
        header.extend(digits.filter_map(byte));
        Ok(header)
    }

    pub fn path(&self, store: &Store, about: &Digest) -> PathBuf {
        let name = format!("{}-{}", about.algorithm().as_str(), about.hex());
        store.folder().join(self.folder).join(name)
    }
}

//! A layer's tar, entry by entry.

use tar::{Builder, EntryType, Header};

/// Builds a tar. Paths of up to 100 bytes are written as they are, longer ones by a GNU long name.
#[derive(Debug, Default)]
pub struct Layer {
    tar: Vec<u8>,
    owner: (u64, u64),
    mode: Option<u32>,
    seconds: u64,
}

impl Layer {
    /// An empty layer.
    #[must_use]
    pub fn new() -> Self {
        Self { seconds: 1_700_000_000, ..Self::default() }
    }

    /// The owner of all later entries.
    #[must_use]
    pub fn owner(mut self, uid: u64, gid: u64) -> Self {
        self.owner = (uid, gid);
        self
    }

    /// The mode of all later entries; by default that of their kind.
    #[must_use]
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = Some(mode);
        self
    }

    /// The time of all later entries, in seconds since 1970.
    #[must_use]
    pub fn time(mut self, seconds: u64) -> Self {
        self.seconds = seconds;
        self
    }

    /// A file.
    #[must_use]
    pub fn file(self, path: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        self.raw(path.as_ref(), EntryType::Regular, 0o644, b"", content.as_ref())
    }

    /// A folder.
    #[must_use]
    pub fn dir(self, path: impl AsRef<[u8]>) -> Self {
        self.raw(path.as_ref(), EntryType::Directory, 0o755, b"", b"")
    }

    /// A symbolic link.
    #[must_use]
    pub fn symlink(self, path: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        self.raw(path.as_ref(), EntryType::Symlink, 0o777, target.as_ref(), b"")
    }

    /// Another name of a file.
    #[must_use]
    pub fn hardlink(self, path: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        self.raw(path.as_ref(), EntryType::Link, 0o644, target.as_ref(), b"")
    }

    /// A named pipe.
    #[must_use]
    pub fn fifo(self, path: impl AsRef<[u8]>) -> Self {
        self.raw(path.as_ref(), EntryType::Fifo, 0o644, b"", b"")
    }

    /// The mark that deletes `path`.
    #[must_use]
    pub fn whiteout(self, path: &str) -> Self {
        let marked = match path.rsplit_once('/') {
            Some((folder, name)) => format!("{folder}/.wh.{name}"),
            None => format!(".wh.{path}"),
        };
        self.file(marked, b"")
    }

    /// The mark that hides what lower layers have in `path`.
    #[must_use]
    pub fn opaque(self, path: &str) -> Self {
        let marked = if path.is_empty() {
            ".wh..wh..opq".to_owned()
        } else {
            format!("{path}/.wh..wh..opq")
        };
        self.file(marked, b"")
    }

    /// PAX records for the next entry: pairs of key and value.
    #[must_use]
    pub fn pax(self, records: &[(&str, &[u8])]) -> Self {
        let mut data = Vec::new();
        for (key, value) in records {
            let body = key.len() + value.len() + 3;
            let mut length = body + 1;
            while length != body + length.to_string().len() {
                length = body + length.to_string().len();
            }
            data.extend_from_slice(format!("{length} {key}=").as_bytes());
            data.extend_from_slice(value);
            data.push(b'\n');
        }
        self.raw(b"PaxHeaders/x", EntryType::XHeader, 0o644, b"", &data)
    }

    /// Any entry at all.
    #[must_use]
    pub fn raw(
        mut self,
        path: &[u8],
        kind: EntryType,
        mode: u32,
        link: &[u8],
        content: &[u8],
    ) -> Self {
        if path.len() > 100 {
            let mut name = path.to_vec();
            name.push(0);
            self = self.raw(b"././@LongLink", EntryType::GNULongName, 0o644, b"", &name);
        }
        let mut header = Header::new_gnu();
        let old = header.as_old_mut();
        let named = path.len().min(100);
        old.name[..named].copy_from_slice(&path[..named]);
        let linked = link.len().min(100);
        old.linkname[..linked].copy_from_slice(&link[..linked]);
        header.set_entry_type(kind);
        header.set_mode(self.mode.unwrap_or(mode));
        header.set_uid(self.owner.0);
        header.set_gid(self.owner.1);
        header.set_mtime(self.seconds);
        header.set_size(content.len() as u64);
        header.set_cksum();
        self.tar.extend_from_slice(header.as_bytes());
        self.tar.extend_from_slice(content);
        let padded = self.tar.len().next_multiple_of(512);
        self.tar.resize(padded, 0);
        self
    }

    /// The tar, with its end mark.
    #[must_use]
    pub fn tar(self) -> Vec<u8> {
        let mut tar = self.tar;
        let end = Builder::new(Vec::new()).into_inner().unwrap();
        tar.extend_from_slice(&end);
        tar
    }
}

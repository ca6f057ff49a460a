//! What a file is: as text, as bytes, as a picture, a program or an archive.

use std::io::{Seek, SeekFrom};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use strata_content::{Kind, Linking, decode, elf_summary, list_archive, sniff};
use strata_spec::{Digest, Platform};
use strata_transfer::ByteRange;

use crate::api::{
    ArchivedFile, ContentKind, ElfFacts, ElfLinking, FileAt, FileDetails, FileHexRead, FilePreview,
    FilePreviewRead, HexPage, UserError,
};
use crate::app::{App, Inner, on_thread};
use crate::content::Content;
use crate::error::AppError;
use crate::escape::escape;
use crate::file_rows::list_key;
use crate::hex_dump::hex_dump;
use crate::packed_layer::open_layer;

/// The most bytes of a text that are shown.
const MAX_PREVIEW_BYTES: usize = 1024 * 1024;
/// The most bytes of one page of a hex dump.
const MAX_HEX_BYTES: u64 = 64 * 1024;
/// The most bytes of a picture.
const MAX_PICTURE_BYTES: u64 = 8 * 1024 * 1024;
/// The most bytes of a program or archive that is looked into: it is laid down in a file without a name for that.
const MAX_DETAIL_BYTES: u64 = 512 * 1024 * 1024;
/// The most files of an archive that are listed.
const MAX_ARCHIVED: usize = 2000;

/// A file that is looked into.
struct Viewed {
    manifest: Digest,
    path: Vec<u8>,
    content: Content,
}

impl App {
    /// The beginning of a file: what it is, and its text if it is text.
    ///
    /// # Errors
    /// If there is no such image, layer or file, or the store is damaged.
    pub async fn file_preview(&self, wanted: FilePreviewRead) -> Result<FilePreview, UserError> {
        let inner = self.inner.clone();
        on_thread("a preview", move || inner.preview(&wanted)).await
    }

    /// Some bytes of a file.
    ///
    /// # Errors
    /// As [`Self::file_preview`].
    pub async fn file_hex(&self, wanted: FileHexRead) -> Result<HexPage, UserError> {
        let inner = self.inner.clone();
        on_thread("some bytes", move || inner.hex(&wanted)).await
    }

    /// What a file is beyond its text: a picture, a program, an archive.
    ///
    /// # Errors
    /// As [`Self::file_preview`].
    pub async fn file_details(&self, wanted: FileAt) -> Result<FileDetails, UserError> {
        let inner = self.inner.clone();
        on_thread("what a file is", move || inner.details(&wanted)).await
    }
}

impl Inner {
    fn viewed(&self, at: &FileAt) -> Result<Viewed, AppError> {
        let key = list_key(&at.manifest, at.layer, at.scope)?;
        let listing = self.listings.list(&self.store, &key)?;
        let path = listing.path(at.id);
        let unknown = || AppError::PathUnknown { path: escape(&path) };
        let (layer, node) = listing.entry(at.id).ok_or_else(unknown)?;
        let content = self.locate(&key.0, layer, node, &path)?;
        Ok(Viewed { manifest: key.0, path, content })
    }

    fn preview(&self, wanted: &FilePreviewRead) -> Result<FilePreview, AppError> {
        let (manifest, layer) = (wanted.manifest.clone(), wanted.layer);
        let at = FileAt { manifest, layer, scope: wanted.scope, id: wanted.id };
        let viewed = self.viewed(&at)?;
        let most = wanted.max_bytes.min(MAX_PREVIEW_BYTES);
        let size = viewed.content.size;
        let count = size.min(u64::try_from(most).unwrap_or(u64::MAX));
        let mut bytes = Vec::new();
        self.copy(&viewed.manifest, &viewed.content, count, &mut bytes)?;
        Ok(shown(&viewed.path, &bytes, size))
    }

    fn hex(&self, wanted: &FileHexRead) -> Result<HexPage, AppError> {
        let viewed = self.viewed(&wanted.at)?;
        let size_bytes = viewed.content.size;
        // Lines begin at multiples of sixteen.
        let offset = wanted.offset.min(size_bytes) / 16 * 16;
        let size = wanted.count.min(MAX_HEX_BYTES).min(size_bytes - offset);
        let mut bytes = Vec::new();
        if size > 0 {
            let mut layer = open_layer(&self.store, &viewed.manifest, viewed.content.layer)?;
            let from = viewed.content.offset + offset;
            layer.copy(ByteRange { offset: from, size, fingerprint: None }, &mut bytes)?;
        }
        Ok(HexPage { offset, text: hex_dump(&bytes, offset), size_bytes })
    }

    fn details(&self, at: &FileAt) -> Result<FileDetails, AppError> {
        let viewed = self.viewed(at)?;
        let size = viewed.content.size;
        let mut head = Vec::new();
        self.copy(&viewed.manifest, &viewed.content, size.min(8192), &mut head)?;
        let found = sniff(&viewed.path, &head);
        match found.kind {
            Kind::Image if size <= MAX_PICTURE_BYTES => {
                let mut bytes = Vec::new();
                self.copy(&viewed.manifest, &viewed.content, size, &mut bytes)?;
                let coded = STANDARD.encode(&bytes);
                Ok(FileDetails::Image {
                    address: format!("data:{};base64,{coded}", found.media_type),
                })
            }
            Kind::Elf | Kind::Archive if size <= MAX_DETAIL_BYTES => {
                let mut file =
                    self.store.scratch().map_err(|source| AppError::Output { source })?;
                self.copy(&viewed.manifest, &viewed.content, size, &mut file)?;
                file.seek(SeekFrom::Start(0)).map_err(|source| AppError::Output { source })?;
                Ok(if found.kind == Kind::Elf { elf(file) } else { archive(file) })
            }
            _ => Ok(FileDetails::Nothing),
        }
    }
}

fn shown(path: &[u8], bytes: &[u8], size_bytes: u64) -> FilePreview {
    let truncated = (bytes.len() as u64) < size_bytes;
    let found = sniff(path, bytes);
    let text = match found.kind {
        Kind::Elf | Kind::Archive | Kind::Other => None,
        _ => decode(bytes, truncated),
    };
    let kind = match found.kind {
        Kind::Empty => ContentKind::Empty,
        Kind::Image => ContentKind::Image,
        Kind::Elf => ContentKind::Elf,
        Kind::Archive => ContentKind::Archive,
        Kind::Json if text.is_some() => ContentKind::Json,
        Kind::Text if text.is_some() => ContentKind::Text,
        _ => ContentKind::Bytes,
    };
    let (text, encoding) = match text {
        Some(decoded) => (Some(decoded.text), Some(decoded.encoding.to_owned())),
        None => (None, None),
    };
    let media_type = found.media_type.to_owned();
    FilePreview { kind, media_type, text, encoding, truncated, size_bytes }
}

fn elf(file: impl std::io::Read + Seek) -> FileDetails {
    let Ok(found) = elf_summary(file) else { return FileDetails::Nothing };
    let facts = ElfFacts {
        runs_here: found.machine == Platform::host().architecture,
        machine: found.machine,
        bits: found.bits,
        linking: match found.linking {
            Linking::Dynamic => ElfLinking::Dynamic,
            Linking::Static => ElfLinking::Static,
            Linking::Library => ElfLinking::Library,
            Linking::Other => ElfLinking::Other,
        },
        interpreter: found.interpreter,
        soname: found.soname,
        needed: found.needed,
        run_path: found.run_path,
        build_id: found.build_id,
        is_stripped: found.is_stripped,
        is_go: found.is_go,
    };
    FileDetails::Elf { facts }
}

fn archive(file: impl std::io::Read + Seek) -> FileDetails {
    let Ok(found) = list_archive(file, MAX_ARCHIVED) else { return FileDetails::Nothing };
    let files = found.entries.iter().map(|entry| ArchivedFile {
        path: escape(&entry.path),
        size_bytes: entry.bytes,
        is_folder: entry.is_folder,
    });
    FileDetails::Archive { files: files.collect(), truncated: found.is_cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_as_text_and_the_rest_as_what_it_is() {
        let text = shown(b"a", "한글".as_bytes(), 6);
        assert_eq!((text.text.as_deref(), text.truncated), (Some("한글"), false));
        let cut = shown(b"a", &"한글".as_bytes()[..5], 6);
        assert_eq!((cut.text.as_deref(), cut.truncated), (Some("한"), true));
        let bytes = shown(b"a", b"a\0", 2);
        assert_eq!((bytes.kind, bytes.text), (ContentKind::Bytes, None));
        assert_eq!(shown(b"a.json", b"{}", 2).kind, ContentKind::Json);
        assert_eq!(shown(b"a", b"\x7fELF", 4).kind, ContentKind::Elf);
    }
}

//! The files of a build: a folder, an archive, or nothing; what the ignore rules keep out is not among them.

mod archive;
mod folder;
mod ignore;
mod stat_index;
mod sweep;

use std::path::Path;

use strata_layer::FingerprintKey;
use strata_store::Store;

use crate::files::FileSet;
use crate::{BuildError, ContextSource, Stop};

pub(crate) use archive::ArchiveFiles;
pub(crate) use folder::FolderFiles;
pub use ignore::IgnoreRules;

/// Reads the names of a context; what files hold is read when somebody asks.
///
/// `dockerfile` is the file whose own ignore rules come before those of the context.
pub(crate) fn open(
    store: &Store,
    source: &ContextSource,
    dockerfile: Option<&Path>,
    stop: &Stop,
) -> Result<Context, BuildError> {
    match source {
        ContextSource::Empty => Ok(Context::default()),
        ContextSource::Folder(path) => {
            let rules = IgnoreRules::of_folder(path, dockerfile)?;
            let files = FolderFiles::open(store, path, &rules, stop)?;
            Ok(Context { rules, files: Some(Box::new(files)) })
        }
        ContextSource::Archive(path) => {
            let key = FingerprintKey(store.fingerprint_key()?);
            let (rules, files) = ArchiveFiles::open(path, dockerfile, key)?;
            Ok(Context { rules, files: Some(Box::new(files)) })
        }
    }
}

/// The files of a build.
#[derive(Default)]
pub(crate) struct Context {
    /// What keeps files out.
    pub rules: IgnoreRules,
    /// None if there are no files at all.
    pub files: Option<Box<dyn FileSet>>,
}

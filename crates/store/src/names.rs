//! Names and what they point to, as a registry over this store asks for them.

use rusqlite::{OptionalExtension, params};
use strata_spec::{Descriptor, Digest, MediaType, Reference};

use crate::database::{digest, failed, integer, number};
use crate::index_file::Named;
use crate::lock::StoreLock;
use crate::record::{Pointed, note_blobs};
use crate::{Store, StoreError};

impl Store {
    /// What a name points to now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn target(&self, reference: &Reference) -> Result<Option<Descriptor>, StoreError> {
        // Where several platforms were pulled under one name, they may have come from different indexes.
        let sql = "SELECT target, target_type, target_size FROM names WHERE reference = ?1
                   ORDER BY (SELECT max(rowid) FROM name_history AS moves
                             WHERE moves.reference = names.reference
                             AND moves.manifest = names.entry) DESC LIMIT 1";
        let connection = self.database().read();
        let found = connection.query_row(sql, [reference.to_string()], |row| {
            let media_type: String = row.get(1)?;
            Ok(Descriptor::new(MediaType::parse(&media_type), digest(row, 0)?, number(row, 2)?))
        });
        found.optional().map_err(failed("find a name"))
    }

    /// Lets a name point to a manifest or index, which is kept; what it refers to is the caller's concern.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the document has another digest, or what kept it from being done.
    pub fn put_target(
        &self,
        reference: &Reference,
        target: &Descriptor,
        document: &[u8],
    ) -> Result<(), StoreError> {
        let digest = &target.digest;
        if Digest::of(digest.algorithm(), document) != *digest {
            let reason = "the document has another digest";
            return Err(StoreError::Damaged { digest: digest.clone(), reason });
        }
        let size = document.len() as u64;
        let target = Descriptor::new(target.media_type.clone(), digest.clone(), size);
        let lock = StoreLock::take(self.folder())?;
        self.place(&[(digest.clone(), document.to_vec())], &[], &[])?;
        let named = Named { reference: reference.clone(), entry: target.clone(), target: None };
        let sizes = [(digest.clone(), size)];
        let source = reference.registry().to_owned();
        let pointed = Pointed { named, target, source };
        self.publish(&lock, |change| note_blobs(change, &sizes), Some(&pointed), |_| Ok(()))
    }

    /// The tags of a repository in the order of their bytes, after `last`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn tags(
        &self,
        registry: &str,
        repository: &str,
        last: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT tag FROM names WHERE registry = ?1 AND repository = ?2
                   AND tag IS NOT NULL AND tag > ?3 ORDER BY tag LIMIT ?4";
        self.texts(sql, params![registry, repository, last.unwrap_or(""), integer(limit as u64)])
    }

    /// The registries that images have names of, and how many names, in the order of their bytes.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn registries(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = "SELECT registry, count(*) FROM names GROUP BY registry ORDER BY registry";
        let connection = self.database().read();
        let found = || {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, number(row, 1)?)))?;
            rows.collect::<rusqlite::Result<_>>()
        };
        found().map_err(failed("list registries"))
    }

    /// The repositories of a registry in the order of their bytes, after `last`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn repositories(
        &self,
        registry: &str,
        last: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT repository FROM names WHERE registry = ?1 AND repository > ?2
                   ORDER BY repository LIMIT ?3";
        self.texts(sql, params![registry, last.unwrap_or(""), integer(limit as u64)])
    }

    fn texts(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<String>, StoreError> {
        let connection = self.database().read();
        let found = || {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(parameters, |row| row.get(0))?;
            rows.collect::<rusqlite::Result<_>>()
        };
        found().map_err(failed("list names"))
    }
}

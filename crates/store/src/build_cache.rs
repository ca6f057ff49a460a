//! What the steps of builds made, by their keys; and what each line of a Dockerfile was made of when it was built last.
//! What a key and a part are is understood elsewhere.

use rusqlite::{OptionalExtension, params};
use strata_spec::{DiffId, Digest, MediaType};

use crate::database::{digest, failed, integer, number};
use crate::{Store, StoreError};

/// What a step of a build made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildResult {
    /// Its layer; none if it changed nothing.
    pub layer: Option<BuildLayer>,
    /// When, RFC 3339, UTC.
    pub created: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// The layer of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildLayer {
    /// The digest of its blob.
    pub digest: Digest,
    /// The digest of its plain tar.
    pub diff_id: DiffId,
    /// How it is packed.
    pub media_type: MediaType,
    /// Bytes of the blob.
    pub size_bytes: u64,
    /// Bytes of its plain tar.
    pub tar_bytes: u64,
    /// Files, links and deletions in it.
    pub changed_files: u64,
}

/// What a line of a Dockerfile was made of when it was built last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildLine {
    /// Its key.
    pub key: Digest,
    /// The parts of the key: JSON.
    pub parts: String,
}

impl Store {
    /// What a step of this key made, if its layer is still here with its tree.
    ///
    /// # Errors
    /// [`StoreError::Database`] or [`StoreError::File`].
    pub fn build_result(&self, key: &Digest) -> Result<Option<BuildResult>, StoreError> {
        let sql = "SELECT created, took_ms, digest, diff_id, media_type, size_bytes, tar_bytes,
                   changed_files FROM build_results WHERE key = ?1";
        let found = {
            let connection = self.database().read();
            let mut statement = connection.prepare_cached(sql).map_err(failed("find a step"))?;
            let found = statement.query_row([key.to_string()], |row| {
                let has_layer = row.get::<_, Option<String>>(2)?.is_some();
                let layer = match has_layer {
                    true => Some(BuildLayer {
                        digest: digest(row, 2)?,
                        diff_id: DiffId(digest(row, 3)?),
                        media_type: MediaType::parse(&row.get::<_, String>(4)?),
                        size_bytes: number(row, 5)?,
                        tar_bytes: number(row, 6)?,
                        changed_files: number(row, 7)?,
                    }),
                    false => None,
                };
                Ok(BuildResult { layer, created: row.get(0)?, took_ms: number(row, 1)? })
            });
            found.optional().map_err(failed("find a step"))?
        };
        match &found {
            Some(BuildResult { layer: Some(layer), .. })
                if !self.has_layer(&layer.digest, layer.size_bytes, &layer.diff_id)? =>
            {
                Ok(None)
            }
            _ => Ok(found),
        }
    }

    /// Whether a step of this key is known, whatever has become of its layer.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn knows_build_key(&self, key: &Digest) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM build_results WHERE key = ?1)";
        let connection = self.database().read();
        let found = connection.query_row(sql, [key.to_string()], |row| row.get(0));
        found.map_err(failed("find a step"))
    }

    /// Keeps what a step made, under each of its keys.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn keep_build_result(
        &self,
        keys: &[Digest],
        result: &BuildResult,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO build_results
                   (key, created, took_ms, digest, diff_id, media_type, size_bytes, tar_bytes,
                    changed_files)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let layer = result.layer.as_ref();
        self.database().change("note a step", |change| {
            for key in keys {
                change.execute(
                    sql,
                    params![
                        key.to_string(),
                        result.created,
                        integer(result.took_ms),
                        layer.map(|layer| layer.digest.to_string()),
                        layer.map(|layer| layer.diff_id.0.to_string()),
                        layer.map(|layer| layer.media_type.as_str().to_owned()),
                        layer.map(|layer| integer(layer.size_bytes)),
                        layer.map(|layer| integer(layer.tar_bytes)),
                        layer.map(|layer| integer(layer.changed_files)),
                    ],
                )?;
            }
            Ok(())
        })
    }

    /// What a line was made of when it was built last. `place` tells the file, the target and where in it the line is.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn build_line(&self, place: &Digest) -> Result<Option<BuildLine>, StoreError> {
        let sql = "SELECT key, parts FROM build_lines WHERE place = ?1";
        let connection = self.database().read();
        let found = connection.query_row(sql, [place.to_string()], |row| {
            Ok(BuildLine { key: digest(row, 0)?, parts: row.get(1)? })
        });
        found.optional().map_err(failed("find a line"))
    }

    /// The keys of lines as they were built last, in the order of their places; none for a line that never was.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn build_line_keys(&self, places: &[Digest]) -> Result<Vec<Option<Digest>>, StoreError> {
        let connection = self.database().read();
        let found = || {
            let sql = "SELECT key FROM build_lines WHERE place = ?1";
            let mut statement = connection.prepare_cached(sql)?;
            let mut keys = Vec::with_capacity(places.len());
            for place in places {
                let key = statement.query_row([place.to_string()], |row| digest(row, 0));
                keys.push(key.optional()?);
            }
            Ok(keys)
        };
        found().map_err(failed("find lines"))
    }

    /// Keeps what lines are made of, each in place of what was kept of it before.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn keep_build_lines(&self, lines: &[(Digest, BuildLine)]) -> Result<(), StoreError> {
        if lines.is_empty() {
            return Ok(());
        }
        let sql = "INSERT OR REPLACE INTO build_lines (place, key, parts) VALUES (?1, ?2, ?3)";
        self.database().change("note lines", |change| {
            for (place, line) in lines {
                change
                    .execute(sql, params![place.to_string(), line.key.to_string(), line.parts])?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn results_and_lines_come_back_and_a_lost_layer_is_no_result() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store")).unwrap();
        let key = |text: &str| Digest::sha256_of(text.as_bytes());
        let empty =
            BuildResult { layer: None, created: "2026-01-01T00:00:00Z".to_owned(), took_ms: 5 };
        store.keep_build_result(&[key("a"), key("b")], &empty).unwrap();
        assert_eq!(store.build_result(&key("b")).unwrap(), Some(empty.clone()));
        let layer = BuildLayer {
            digest: key("blob"),
            diff_id: DiffId(key("tar")),
            media_type: MediaType::OciLayerGzip,
            size_bytes: 3,
            tar_bytes: 9,
            changed_files: 1,
        };
        store.keep_build_result(&[key("c")], &BuildResult { layer: Some(layer), ..empty }).unwrap();
        assert_eq!(store.build_result(&key("c")).unwrap(), None);
        assert!(store.knows_build_key(&key("c")).unwrap());
        let line = BuildLine { key: key("a"), parts: "[]".to_owned() };
        store.keep_build_lines(&[(key("place"), line.clone())]).unwrap();
        assert_eq!(store.build_line(&key("place")).unwrap(), Some(line));
        let keys = store.build_line_keys(&[key("nowhere"), key("place")]).unwrap();
        assert_eq!(keys, [None, Some(key("a"))]);
    }
}

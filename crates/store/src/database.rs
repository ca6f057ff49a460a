//! The database beside the layout: who has which layer, how large all is, what names pointed to before.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Row, Transaction, TransactionBehavior};
use strata_spec::Digest;

use crate::{StoreError, unix};

/// The version of the tables. A store with a higher one is not touched.
const VERSION: u32 = 1;
/// How long one process waits for another's transaction.
const BUSY: Duration = Duration::from_secs(20);

const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE images (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  manifest TEXT NOT NULL UNIQUE,
  pulled_at TEXT NOT NULL,
  named INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE layers (
  manifest TEXT NOT NULL,
  position INTEGER NOT NULL,
  digest TEXT NOT NULL,
  diff_id TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  tar_bytes INTEGER NOT NULL,
  PRIMARY KEY (manifest, position)
) WITHOUT ROWID;
CREATE INDEX layers_by_digest ON layers (digest, manifest);
CREATE TABLE names (
  reference TEXT NOT NULL,
  registry TEXT NOT NULL,
  repository TEXT NOT NULL,
  tag TEXT,
  entry TEXT NOT NULL,
  target TEXT NOT NULL,
  target_type TEXT NOT NULL,
  target_size INTEGER NOT NULL,
  PRIMARY KEY (reference, entry)
) WITHOUT ROWID;
CREATE INDEX names_by_repository ON names (registry, repository, tag);
CREATE INDEX names_by_entry ON names (entry);
CREATE TABLE name_history (
  reference TEXT NOT NULL,
  target TEXT NOT NULL,
  manifest TEXT NOT NULL,
  at TEXT NOT NULL,
  source TEXT NOT NULL
);
CREATE INDEX name_history_by_reference ON name_history (reference, at);
CREATE TABLE blobs (digest TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL) WITHOUT ROWID;
";

/// Tables that came later. An older version does not look at them, and is not harmed by them.
const LATER_TABLES: &str = "
CREATE TABLE IF NOT EXISTS kept_layers (
  digest TEXT PRIMARY KEY,
  diff_id TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  tar_bytes INTEGER NOT NULL,
  kept_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS build_results (
  key TEXT PRIMARY KEY,
  created TEXT NOT NULL,
  took_ms INTEGER NOT NULL,
  digest TEXT,
  diff_id TEXT,
  media_type TEXT,
  size_bytes INTEGER,
  tar_bytes INTEGER,
  changed_files INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS build_lines (
  place TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  parts TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS builds (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  file TEXT NOT NULL,
  target TEXT NOT NULL,
  facts TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS builds_by_file ON builds (file, target, number);
";

/// One connection, used by one thread at a time.
#[derive(Debug)]
pub(crate) struct Database {
    connection: Mutex<Connection>,
}

impl Database {
    /// Opens the database of a store, making it if there is none. The store's lock is held.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("strata.db");
        // Made here, so that it is private and no link; what SQLite puts beside it has the same mode.
        let file = unix::private().write(true).create(true).truncate(false).open(&path);
        drop(file.map_err(crate::disk::failed("open", &path))?);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(&path, flags).map_err(failed("open the file"))?;
        connection.busy_timeout(BUSY).map_err(failed("set up the connection"))?;
        let found: u32 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(failed("read the version"))?;
        if found > VERSION {
            return Err(StoreError::Newer { path: folder.to_owned(), found, known: VERSION });
        }
        let set_up = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        connection.execute_batch(set_up).map_err(failed("set up the connection"))?;
        if found == 0 {
            let tables = format!("BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;");
            connection.execute_batch(&tables).map_err(failed("make the tables"))?;
        }
        connection.execute_batch(LATER_TABLES).map_err(failed("make the tables"))?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Opens the database of a store whose files cannot be written: as it was when the last process closed it.
    pub fn open_to_read(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("strata.db");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // Immutable: without it SQLite makes files beside it even to read.
        let uri = format!("file:{}?immutable=1", in_uri(&path));
        let connection =
            Connection::open_with_flags(uri, flags).map_err(failed("open the file"))?;
        let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0));
        let found: u32 = version.map_err(failed("read the version"))?;
        if found != VERSION {
            return Err(StoreError::Newer { path: folder.to_owned(), found, known: VERSION });
        }
        stand_in(&connection).map_err(failed("make the tables"))?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// The connection, for reading.
    pub fn read(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does all of `work`, or nothing.
    pub fn change<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.read();
        let done = connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(
            |transaction| {
                let value = work(&transaction)?;
                transaction.commit()?;
                Ok(value)
            },
        );
        done.map_err(failed(doing))
    }
}

/// Has empty tables in memory stand in for those that a database which cannot be written does not have yet.
fn stand_in(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'builds')";
    if connection.query_row(sql, [], |row| row.get(0))? {
        return Ok(());
    }
    let tables = LATER_TABLES.replace("CREATE TABLE", "CREATE TEMPORARY TABLE");
    connection.execute_batch(&format!("PRAGMA temp_store = MEMORY; {tables}"))
}

/// A path as SQLite reads it in a URI: with the marks of a URI written out.
fn in_uri(path: &Path) -> String {
    let mut text = String::new();
    for letter in path.to_string_lossy().chars() {
        match letter {
            '%' => text.push_str("%25"),
            '?' => text.push_str("%3f"),
            '#' => text.push_str("%23"),
            other => text.push(other),
        }
    }
    text
}

/// Whether the file system takes no change now.
pub(crate) fn is_unwritable(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
    let code = error.sqlite_error_code();
    matches!(code, Some(CannotOpen | DiskFull | ReadOnly | SystemIoFailure))
}

/// Wraps a failure with what was being done.
pub(crate) fn failed(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |source| StoreError::Database { doing, source }
}

/// A number as the database keeps it; sizes fit 63 bits.
pub(crate) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A number as it was kept.
pub(crate) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

/// A digest as it was kept.
pub(crate) fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    let text: String = row.get(column)?;
    Digest::parse(&text).map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_older_store_gets_what_it_lacks_and_is_not_harmed_by_being_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("strata.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(&format!("{TABLES} PRAGMA user_version = 1;")).unwrap();
        old.execute("INSERT INTO blobs VALUES ('sha256:1', 5)", []).unwrap();
        drop(old);
        let count = |opened: &Database, sql: &str| -> i64 {
            opened.read().query_row(sql, [], |row| row.get(0)).unwrap()
        };
        let read = Database::open_to_read(folder.path()).unwrap();
        assert_eq!(count(&read, "SELECT count(*) FROM build_results"), 0);
        drop(read);
        let opened = Database::open(folder.path()).unwrap();
        assert_eq!(count(&opened, "SELECT count(*) FROM blobs"), 1);
        assert_eq!(count(&opened, "SELECT count(*) FROM build_lines"), 0);
    }
}

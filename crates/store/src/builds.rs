//! Builds that ended, newest first. What is kept of one is understood elsewhere.

use rusqlite::params;

use crate::database::failed;
use crate::{Store, StoreError};

/// How many builds of one Dockerfile are kept.
const MOST_OF_A_FILE: u32 = 200;

impl Store {
    /// Keeps what is to be remembered of a build, and forgets the oldest of the same Dockerfile.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn keep_build(&self, file: &str, target: &str, facts: &str) -> Result<(), StoreError> {
        self.database().change("keep a build", |change| {
            let insert = "INSERT INTO builds (file, target, facts) VALUES (?1, ?2, ?3)";
            change.execute(insert, params![file, target, facts])?;
            let forget = "DELETE FROM builds WHERE file = ?1 AND number NOT IN
                          (SELECT number FROM builds WHERE file = ?1 ORDER BY number DESC LIMIT ?2)";
            change.execute(forget, params![file, MOST_OF_A_FILE])?;
            Ok(())
        })
    }

    /// What was kept of builds: of one Dockerfile and target, or of all; at most `limit`, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn builds(
        &self,
        file: Option<&str>,
        target: Option<&str>,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let connection = self.database().read();
        let sql = "SELECT facts FROM builds WHERE (?1 IS NULL OR file = ?1)
                   AND (?2 IS NULL OR target = ?2) ORDER BY number DESC LIMIT ?3";
        let doing = || failed("list builds");
        let mut statement = connection.prepare_cached(sql).map_err(doing())?;
        let rows = statement.query_map(params![file, target, limit], |row| row.get(0));
        rows.map_err(doing())?.collect::<Result<_, _>>().map_err(doing())
    }
}

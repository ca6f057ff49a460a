//! The store in numbers.

use crate::database::{failed, number};
use crate::{Store, StoreError};

/// The store in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Distinct images.
    pub image_count: usize,
    /// Bytes of all committed blobs.
    pub stored_bytes: u64,
    /// Compressed bytes as if no image shared a layer.
    pub image_bytes: u64,
    /// Compressed bytes that sharing saves.
    pub saved_bytes: u64,
}

const TOTALS: &str = "
WITH used AS (
  SELECT DISTINCT layers.manifest, layers.digest, layers.size_bytes
  FROM layers JOIN images ON images.manifest = layers.manifest AND images.named = 1
)
SELECT
  (SELECT COUNT(*) FROM images WHERE named = 1),
  (SELECT COALESCE(SUM(size_bytes), 0) FROM blobs),
  (SELECT COALESCE(SUM(size_bytes), 0) FROM used),
  (SELECT COALESCE(SUM(size_bytes), 0) FROM (SELECT DISTINCT digest, size_bytes FROM used))";

impl Store {
    /// The store in numbers.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn totals(&self) -> Result<Totals, StoreError> {
        let connection = self.database().read();
        let mut statement = connection.prepare_cached(TOTALS).map_err(failed("add up"))?;
        let totals = statement.query_row([], |row| {
            let (image_bytes, distinct_bytes) = (number(row, 2)?, number(row, 3)?);
            Ok(Totals {
                image_count: usize::try_from(number(row, 0)?).unwrap_or(usize::MAX),
                stored_bytes: number(row, 1)?,
                image_bytes,
                saved_bytes: image_bytes.saturating_sub(distinct_bytes),
            })
        });
        totals.map_err(failed("add up"))
    }
}

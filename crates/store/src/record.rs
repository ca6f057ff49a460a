//! What the database is told of content and names, and how often that has changed.

use rusqlite::{Transaction, params};
use strata_spec::{Descriptor, Digest, Reference};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::database::{failed, integer, number};
use crate::index_file::{IndexFile, Named};
use crate::{LayerRecord, Store, StoreError};

/// A name, and all that is known of where it points.
pub(crate) struct Pointed {
    pub named: Named,
    /// What it points to: an index, or the entry itself.
    pub target: Descriptor,
    /// A registry's host; empty if somebody else than we let it point there.
    pub source: String,
}

impl Store {
    /// A number that is another after every change of what is visible, by this process or another.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn generation(&self) -> Result<u64, StoreError> {
        let sql = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'generation'";
        let connection = self.database().read();
        let mut statement = connection.prepare_cached(sql).map_err(failed("read"))?;
        let mut rows = statement.query([]).map_err(failed("read"))?;
        let row = rows.next().map_err(failed("read"))?;
        row.map_or(Ok(0), |row| number(row, 0)).map_err(failed("read"))
    }
}

/// What is visible has changed, and `index.json` looks like this now.
pub(crate) fn note_state(change: &Transaction<'_>, stamp: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO meta VALUES ('stamp', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1";
    change.execute(sql, [stamp])?;
    let sql = "INSERT INTO meta VALUES ('generation', '1')
               ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1";
    change.execute(sql, []).map(|_| ())
}

pub(crate) fn note_blobs(
    change: &Transaction<'_>,
    sizes: &[(Digest, u64)],
) -> rusqlite::Result<()> {
    let mut insert = change.prepare_cached("INSERT OR REPLACE INTO blobs VALUES (?1, ?2)")?;
    for (digest, size) in sizes {
        insert.execute(params![digest.to_string(), integer(*size)])?;
    }
    Ok(())
}

/// Notes an image and its layers. One that is known gets a new date; a tar size that is known stays.
pub(crate) fn note_image(
    change: &Transaction<'_>,
    manifest: &Digest,
    layers: &[LayerRecord],
    now: &str,
) -> rusqlite::Result<()> {
    let manifest = manifest.to_string();
    let sql = "INSERT INTO images (manifest, pulled_at) VALUES (?1, ?2)
               ON CONFLICT (manifest) DO UPDATE SET pulled_at = ?2";
    change.execute(sql, [&manifest, now])?;
    let mut insert = change.prepare_cached(
        "INSERT INTO layers VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (manifest, position) DO UPDATE SET tar_bytes = max(tar_bytes, ?6)",
    )?;
    for (position, layer) in layers.iter().enumerate() {
        insert.execute(params![
            manifest,
            integer(position as u64),
            layer.digest.to_string(),
            layer.diff_id.0.to_string(),
            integer(layer.size_bytes),
            integer(layer.tar_bytes),
        ])?;
    }
    Ok(())
}

/// Forgets what a name pointed to before; what the index file still has under it, of other platforms, stays.
pub(crate) fn forget_replaced(
    change: &Transaction<'_>,
    index: &IndexFile,
    reference: &Reference,
) -> rusqlite::Result<()> {
    let full = reference.to_string();
    let mut known = change.prepare_cached("SELECT entry FROM names WHERE reference = ?1")?;
    let entries: Vec<String> =
        known.query_map([&full], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut forget =
        change.prepare_cached("DELETE FROM names WHERE reference = ?1 AND entry = ?2")?;
    for entry in entries {
        let mut kept = index.names().filter(|named| named.reference == *reference);
        if !kept.any(|named| named.entry.digest.to_string() == entry) {
            forget.execute([&full, &entry])?;
        }
    }
    Ok(())
}

/// Notes when a name began to point where it does. That it still does is no news.
pub(crate) fn note_move(
    change: &Transaction<'_>,
    pointed: &Pointed,
    now: &str,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO name_history SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS
               (SELECT 1 FROM names WHERE reference = ?1 AND target = ?2 AND entry = ?3)";
    let name = pointed.named.reference.to_string();
    let target = pointed.target.digest.to_string();
    let entry = pointed.named.entry.digest.to_string();
    change.execute(sql, [&name, &target, &entry, now, &pointed.source]).map(|_| ())
}

/// Notes that a name points to something.
pub(crate) fn note_name(change: &Transaction<'_>, pointed: &Pointed) -> rusqlite::Result<()> {
    let Pointed { named, target, .. } = pointed;
    let reference = &named.reference;
    let sql = "INSERT OR REPLACE INTO names VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let values = params![
        reference.to_string(),
        reference.registry(),
        reference.repository(),
        reference.tag(),
        named.entry.digest.to_string(),
        target.digest.to_string(),
        target.media_type.as_str(),
        integer(target.size),
    ];
    change.execute(sql, values).map(|_| ())
}

/// Now, RFC 3339, UTC, in whole seconds.
pub(crate) fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let whole = now.replace_nanosecond(0).unwrap_or(now);
    whole.format(&Rfc3339).unwrap_or_default()
}

//! Images as the database knows them, with what they share.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Params, Row};
use strata_spec::{DiffId, Digest, Reference};

use crate::database::{digest, failed, number};
use crate::{LayerRecord, Store, StoreError};

/// One image: a manifest under a name, or under none any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRecord {
    /// The name that points to it.
    pub reference: Option<Reference>,
    /// What the name points to: an index, or the manifest itself.
    pub target: Digest,
    /// The manifest.
    pub manifest: Digest,
    /// Its layers, the oldest first.
    pub layers: Vec<LayerRecord>,
    /// When it came into the store, RFC 3339, UTC.
    pub pulled_at: String,
    /// Compressed bytes of its distinct layers that no other image has.
    pub only_here_bytes: u64,
    /// Compressed bytes of its distinct layers that other images have too.
    pub shared_bytes: u64,
}

/// Every image under each of its names, the newest in the store first.
const IMAGES: &str = "
SELECT images.manifest, images.pulled_at, names.reference, names.target
FROM images LEFT JOIN names ON names.entry = images.manifest
WHERE images.named = 1";
const NEWEST_FIRST: &str = " ORDER BY images.pulled_at DESC, images.number DESC, names.reference";
/// How many images have a layer.
const USERS: &str = "
SELECT layers.digest, COUNT(DISTINCT layers.manifest)
FROM layers JOIN images ON images.manifest = layers.manifest AND images.named = 1";
const LAYERS: &str = "SELECT manifest, digest, diff_id, size_bytes, tar_bytes FROM layers";

impl Store {
    /// All images, the newest in the store first; one under several names is there once for each.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn images(&self) -> Result<Vec<ImageRecord>, StoreError> {
        let connection = self.database().read();
        let found = || {
            let layers = layers(&connection, &format!("{LAYERS} ORDER BY manifest, position"), [])?;
            let users = users(&connection, &format!("{USERS} GROUP BY layers.digest"), [])?;
            records(&connection, &format!("{IMAGES}{NEWEST_FIRST}"), [], &layers, &users)
        };
        found().map_err(failed("list the images"))
    }

    /// The images under a name, one for each platform that was pulled, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn images_of(&self, reference: &Reference) -> Result<Vec<ImageRecord>, StoreError> {
        let sql = format!("{IMAGES} AND names.reference = ?1{NEWEST_FIRST}");
        self.some_images(&sql, &reference.to_string())
    }

    /// The image with this manifest, under any of its names, or under none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn image(&self, manifest: &Digest) -> Result<Option<ImageRecord>, StoreError> {
        let sql = format!("{IMAGES} AND images.manifest = ?1{NEWEST_FIRST} LIMIT 1");
        Ok(self.some_images(&sql, &manifest.to_string())?.into_iter().next())
    }

    fn some_images(&self, sql: &str, parameter: &str) -> Result<Vec<ImageRecord>, StoreError> {
        let connection = self.database().read();
        let found = || {
            let none = (HashMap::new(), HashMap::new());
            let mut images = records(&connection, sql, [parameter], &none.0, &none.1)?;
            for image in &mut images {
                let manifest = image.manifest.to_string();
                let layers = layers_of(&connection, &manifest)?;
                let users = users_of(&connection, &manifest)?;
                image.layers = layers;
                (image.only_here_bytes, image.shared_bytes) = shares(&image.layers, &users);
            }
            Ok(images)
        };
        found().map_err(failed("find an image"))
    }

    /// The images whose lowest layer is this one, or has the same plain tar, the newest first. What they share with others
    /// is not told: those numbers are 0.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn images_over(&self, lowest: &LayerRecord) -> Result<Vec<ImageRecord>, StoreError> {
        const OVER: &str =
            "SELECT manifest FROM layers WHERE position = 0 AND (digest = ?1 OR diff_id = ?2)";
        let connection = self.database().read();
        let pair = [lowest.digest.to_string(), lowest.diff_id.0.to_string()];
        let found = || {
            let sql = format!("{LAYERS} WHERE manifest IN ({OVER}) ORDER BY manifest, position");
            let layers = layers(&connection, &sql, pair.clone())?;
            let sql = format!("{IMAGES} AND images.manifest IN ({OVER}){NEWEST_FIRST}");
            records(&connection, &sql, pair.clone(), &layers, &HashMap::new())
        };
        found().map_err(failed("find images on a layer"))
    }

    /// For each layer of an image, the oldest first, how many other images have it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn shared_with(&self, manifest: &Digest) -> Result<Vec<usize>, StoreError> {
        let connection = self.database().read();
        let manifest = manifest.to_string();
        let found = || {
            let users = users_of(&connection, &manifest)?;
            let layers = layers_of(&connection, &manifest)?;
            let others = |layer: &LayerRecord| users.get(&layer.digest).map_or(0, |all| all - 1);
            Ok(layers.iter().map(others).collect())
        };
        found().map_err(failed("find who shares a layer"))
    }

    /// The bytes of a layer's plain tar, if it was pulled or made with this store's database.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn layer_tar_bytes(&self, digest: &Digest) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT max(tar_bytes) FROM (
                     SELECT tar_bytes FROM layers WHERE digest = ?1
                     UNION ALL SELECT tar_bytes FROM kept_layers WHERE digest = ?1
                   ) HAVING max(tar_bytes) > 0";
        let connection = self.database().read();
        let mut rows = connection.prepare_cached(sql).map_err(failed("find a layer"))?;
        let mut rows = rows.query([digest.to_string()]).map_err(failed("find a layer"))?;
        let row = rows.next().map_err(failed("find a layer"))?;
        row.map(|row| number(row, 0)).transpose().map_err(failed("find a layer"))
    }

    /// Whether a pull, or who made it, has seen that the plain tar of this blob has this diff ID. What a config says is no proof: it may
    /// give a layer the diff ID of another, whose files would then be shown in its place.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn is_checked_layer(&self, digest: &Digest, diff_id: &DiffId) -> Result<bool, StoreError> {
        // A rebuilt database knows what configs say, but no sizes of tars.
        let sql = "SELECT EXISTS (
                     SELECT 1 FROM layers WHERE digest = ?1 AND diff_id = ?2 AND tar_bytes > 0
                     UNION ALL SELECT 1 FROM kept_layers WHERE digest = ?1 AND diff_id = ?2)";
        let connection = self.database().read();
        let pair = [digest.to_string(), diff_id.0.to_string()];
        connection.query_row(sql, pair, |row| row.get(0)).map_err(failed("find a layer"))
    }
}

fn records(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    layers: &HashMap<Digest, Vec<LayerRecord>>,
    users: &HashMap<Digest, usize>,
) -> rusqlite::Result<Vec<ImageRecord>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, |row| {
        let manifest = digest(row, 0)?;
        let reference: Option<String> = row.get(2)?;
        let layers = layers.get(&manifest).cloned().unwrap_or_default();
        let (only_here_bytes, shared_bytes) = shares(&layers, users);
        Ok(ImageRecord {
            reference: reference.and_then(|text| Reference::parse(&text).ok()),
            target: match row.get::<_, Option<String>>(3)? {
                Some(_) => digest(row, 3)?,
                None => manifest.clone(),
            },
            manifest,
            layers,
            pulled_at: row.get(1)?,
            only_here_bytes,
            shared_bytes,
        })
    })?;
    rows.collect()
}

/// Compressed bytes of distinct layers: those of this image alone, and those that others have too.
fn shares(layers: &[LayerRecord], users: &HashMap<Digest, usize>) -> (u64, u64) {
    let (mut seen, mut only_here, mut shared) = (HashSet::new(), 0, 0);
    for layer in layers {
        if !seen.insert(&layer.digest) {
            continue;
        }
        if users.get(&layer.digest).is_some_and(|users| *users > 1) {
            shared += layer.size_bytes;
        } else {
            only_here += layer.size_bytes;
        }
    }
    (only_here, shared)
}

fn layers_of(connection: &Connection, manifest: &str) -> rusqlite::Result<Vec<LayerRecord>> {
    let sql = format!("{LAYERS} WHERE manifest = ?1 ORDER BY position");
    Ok(layers(connection, &sql, [manifest])?.into_values().next().unwrap_or_default())
}

fn layers(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> rusqlite::Result<HashMap<Digest, Vec<LayerRecord>>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found: HashMap<Digest, Vec<LayerRecord>> = HashMap::new();
    while let Some(row) = rows.next()? {
        found.entry(digest(row, 0)?).or_default().push(layer(row)?);
    }
    Ok(found)
}

fn layer(row: &Row<'_>) -> rusqlite::Result<LayerRecord> {
    Ok(LayerRecord {
        digest: digest(row, 1)?,
        diff_id: DiffId(digest(row, 2)?),
        size_bytes: number(row, 3)?,
        tar_bytes: number(row, 4)?,
    })
}

fn users_of(connection: &Connection, manifest: &str) -> rusqlite::Result<HashMap<Digest, usize>> {
    let sql = format!(
        "{USERS} WHERE layers.digest IN (SELECT digest FROM layers WHERE manifest = ?1)
         GROUP BY layers.digest"
    );
    users(connection, &sql, [manifest])
}

fn users(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> rusqlite::Result<HashMap<Digest, usize>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, |row| {
        Ok((digest(row, 0)?, usize::try_from(number(row, 1)?).unwrap_or(usize::MAX)))
    })?;
    rows.collect()
}

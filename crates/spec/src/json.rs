//! Reading JSON more strictly than usual: two readers of one document must not see two documents.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::DocumentError;

/// Reads a document of the form `T`. A key that stands twice in one object is refused, because readers differ in
/// which of the two they believe. Depth is bounded by the parser (128).
///
/// # Errors
/// [`DocumentError::Json`].
pub(crate) fn read<T: DeserializeOwned>(
    raw: &[u8],
    what: &'static str,
) -> Result<T, DocumentError> {
    let json = |source| DocumentError::Json { what, source };
    let mut parser = serde_json::Deserializer::from_slice(raw);
    parser.deserialize_any(Unique).map_err(json)?;
    parser.end().map_err(json)?;
    serde_json::from_slice(raw).map_err(json)
}

/// Visits every value and fails on a repeated key.
struct Unique;

impl<'de> DeserializeSeed<'de> for Unique {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Unique)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            entries.next_value_seed(Unique)?;
            if seen.contains(&key) {
                return Err(serde::de::Error::custom(format_args!("the key `{key}` stands twice")));
            }
            seen.insert(key);
        }
        Ok(())
    }
}

//! The list of crates that cargo-auditable writes into programs: the section `.dep-v0`, zlib, JSON.

use std::io::{Read, Seek};

use flate2::read::ZlibDecoder;
use serde::Deserialize;

use super::{Ecosystem, Package};
use crate::bounded::up_to;
use crate::elf::Elf;
use crate::{EntryPath, InspectError};

/// The most of the list that is read, packed and unpacked.
const LIST_BYTES: u64 = 8 << 20;

#[derive(Deserialize)]
struct List {
    packages: Vec<Crate>,
}

#[derive(Deserialize)]
struct Crate {
    name: String,
    version: String,
    #[serde(default)]
    kind: Option<String>,
}

/// The crates in a Rust program; those that only its building used are left out.
pub(super) fn read(
    elf: &Elf,
    reader: &mut (impl Read + Seek),
    evidence: &EntryPath,
) -> Result<Vec<Package>, InspectError> {
    let Some(section) = elf.section_named(".dep-v0") else { return Ok(Vec::new()) };
    let Some(packed) = elf.bytes_of(reader, section, LIST_BYTES)? else { return Ok(Vec::new()) };
    let Ok(json) = up_to(&mut ZlibDecoder::new(&packed[..]), LIST_BYTES) else {
        return Ok(Vec::new());
    };
    let list = serde_json::from_slice::<List>(&json).map(|list| list.packages).unwrap_or_default();
    Ok(list
        .iter()
        .filter(|one| one.kind.as_deref() != Some("build"))
        .map(|one| Package::new(Ecosystem::Cargo, &one.name, &one.version, evidence))
        .collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::{Cursor, Write};

    use flate2::{Compression, write::ZlibEncoder};

    use super::*;
    use crate::elf::fixture::elf;

    fn names(section: &[u8]) -> Vec<String> {
        let mut reader = Cursor::new(elf(&[(".dep-v0", section)]));
        let elf = Elf::read(&mut reader).unwrap();
        let found = read(&elf, &mut reader, &EntryPath::from("tool")).unwrap();
        found.iter().map(|package| format!("{} {}", package.name, package.version)).collect()
    }

    #[test]
    fn the_list_is_unpacked() {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        let json = br#"{"packages":[{"name":"serde","version":"1.0.1","source":"registry"},{"name":"cc","version":"1.2.0","source":"registry","kind":"build"},{"name":"tool","version":"0.1.0","source":"local","root":true}]}"#;
        packed.write_all(json).unwrap();
        assert_eq!(names(&packed.finish().unwrap()), ["serde 1.0.1", "tool 0.1.0"]);
    }

    proptest::proptest! {
        #[test]
        fn any_section_does_no_harm(bytes: Vec<u8>) {
            names(&bytes);
        }
    }
}

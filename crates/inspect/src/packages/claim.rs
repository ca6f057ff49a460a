//! Which files say something about packages, and who reads them.

use std::io::{Read, Seek};

use super::{Ecosystem, Package, apk, cargo, dpkg, gem, go, jar, npm, program, python, rpm};
use crate::bounded::up_to;
use crate::entry_path::last_part;
use crate::{EntryPath, InspectError};

/// The most of a package database that is read.
const DATABASE_BYTES: u64 = 256 << 20;
/// The most of the metadata of one package that is read.
const METADATA_BYTES: u64 = 1 << 20;
/// The most of a Java archive that is looked into.
const ARCHIVE_BYTES: u64 = 512 << 20;
/// The most of a program that is looked into.
const PROGRAM_BYTES: u64 = 256 << 20;

/// What kind of package metadata a file is, as its path says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    DpkgStatus,
    DpkgPart,
    Apk,
    RpmSqlite,
    RpmNdb,
    RpmBerkeley,
    Python,
    Npm,
    Gem,
    Java,
    /// A program: its bytes say whether it holds a list of modules.
    Program,
}

/// What was found in one file.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) packages: Vec<Package>,
    pub(crate) is_unread: bool,
}

impl Claim {
    /// What a file is; `path` has no `/` or `./` at its start.
    pub(crate) fn of(path: &[u8], mode: u32) -> Option<Self> {
        let name = last_part(path);
        let folder = path[..path.len() - name.len()].strip_suffix(b"/").unwrap_or_default();
        match (folder, name) {
            (b"var/lib/dpkg", b"status") => return Some(Self::DpkgStatus),
            (b"var/lib/dpkg/status.d", name) => {
                return (!name.ends_with(b".md5sums")).then_some(Self::DpkgPart);
            }
            (b"lib/apk/db" | b"usr/lib/apk/db", b"installed") => return Some(Self::Apk),
            (b"var/lib/rpm" | b"usr/lib/sysimage/rpm" | b"usr/share/rpm", name) => match name {
                b"rpmdb.sqlite" => return Some(Self::RpmSqlite),
                b"Packages.db" => return Some(Self::RpmNdb),
                b"Packages" => return Some(Self::RpmBerkeley),
                _ => {}
            },
            _ => {}
        }
        if python::is_metadata(folder, name) {
            return Some(Self::Python);
        }
        if name == b"package.json" && npm::is_package_folder(folder) {
            return Some(Self::Npm);
        }
        if name.ends_with(b".gemspec") && gem::is_list_folder(folder) {
            return Some(Self::Gem);
        }
        if [&b".jar"[..], b".war", b".ear"].iter().any(|ending| name.ends_with(ending)) {
            return Some(Self::Java);
        }
        (mode & 0o111 != 0 && !name.ends_with(b".so")).then_some(Self::Program)
    }

    /// Whose metadata it is; a program's is known once it has been read.
    pub(crate) const fn ecosystem(self) -> Option<Ecosystem> {
        Some(match self {
            Self::DpkgStatus | Self::DpkgPart => Ecosystem::Deb,
            Self::Apk => Ecosystem::Apk,
            Self::RpmSqlite | Self::RpmNdb | Self::RpmBerkeley => Ecosystem::Rpm,
            Self::Python => Ecosystem::Python,
            Self::Npm => Ecosystem::Npm,
            Self::Gem => Ecosystem::Gem,
            Self::Java => Ecosystem::Maven,
            Self::Program => return None,
        })
    }

    /// The most bytes that such a file may have to be read.
    pub(crate) const fn most_bytes(self) -> u64 {
        match self {
            Self::DpkgStatus | Self::Apk | Self::RpmSqlite | Self::RpmNdb | Self::RpmBerkeley => {
                DATABASE_BYTES
            }
            Self::DpkgPart | Self::Python | Self::Npm | Self::Gem => METADATA_BYTES,
            Self::Java => ARCHIVE_BYTES,
            Self::Program => PROGRAM_BYTES,
        }
    }

    /// Reads the packages. What is not of the form that its path promises has none.
    pub(crate) fn read(
        self,
        path: &EntryPath,
        reader: &mut (impl Read + Seek),
    ) -> Result<Found, InspectError> {
        reader.rewind()?;
        match self {
            Self::RpmSqlite => return rpm::sqlite(path, reader),
            Self::RpmNdb => return rpm::ndb(path, reader),
            Self::RpmBerkeley => return rpm::berkeley(path, reader),
            Self::Java => return jar::read(path, reader),
            Self::Program => return program::read(path, reader),
            _ => {}
        }
        let bytes = up_to(reader, self.most_bytes())?;
        let packages = match self {
            Self::DpkgStatus | Self::DpkgPart => dpkg::parse(&bytes, path),
            Self::Apk => apk::parse(&bytes, path),
            Self::Python => python::parse(&bytes, path).into_iter().collect(),
            Self::Npm => npm::parse(&bytes, path).into_iter().collect(),
            _ => gem::parse(&bytes, path).into_iter().collect(),
        };
        Ok(Found { packages, is_unread: false })
    }
}

/// The modules that a Go program lists, then the crates that a Rust program lists.
pub(super) fn modules(
    elf: &crate::elf::Elf,
    reader: &mut (impl Read + Seek),
    path: &EntryPath,
) -> Result<Vec<Package>, InspectError> {
    let mut packages = go::read(elf, reader, path)?;
    packages.extend(cargo::read(elf, reader, path)?);
    Ok(packages)
}

#[cfg(test)]
mod tests;

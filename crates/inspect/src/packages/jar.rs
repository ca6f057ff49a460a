//! Java archives: what Maven and manifests say in them, also in archives inside them.

use std::io::{Cursor, Read, Seek};

use super::stanza::{fields, first, stanzas};
use super::{Ecosystem, Found, Package};
use crate::archive::zip::{Directory, Member};
use crate::bounded::text;
use crate::entry_path::last_part;
use crate::{EntryPath, InspectError};

/// More files than any Java archive has.
const MOST_MEMBERS: usize = 500_000;
/// The most of a file with metadata that is read.
const METADATA_BYTES: u64 = 1 << 20;
/// The most that all files with metadata come to: directories can name the same bytes again and again.
const METADATA_TOTAL_BYTES: u64 = 128 << 20;
/// More files with metadata than any archive has.
const MOST_METADATA: u32 = 20_000;
/// The most of an archive inside an archive that is read.
const INNER_BYTES: u64 = 64 << 20;
/// The most that all archives inside one come to.
const INNER_TOTAL_BYTES: u64 = 512 << 20;

/// The packages of an archive. One that cannot be read is reported as such.
pub(super) fn read(
    path: &EntryPath,
    reader: &mut (impl Read + Seek),
) -> Result<Found, InspectError> {
    let directory = match Directory::read(reader, MOST_MEMBERS) {
        Ok(directory) => directory,
        Err(InspectError::Source { source }) => return Err(InspectError::Source { source }),
        Err(_) => return Ok(Found { packages: Vec::new(), is_unread: true }),
    };
    let mut budget = Budget { bytes: METADATA_TOTAL_BYTES, files: MOST_METADATA };
    let packages = of_archive(&directory, reader, path.name(), path, &mut budget)?;
    let mut found = Found { packages, is_unread: false };
    let mut left = INNER_TOTAL_BYTES;
    for member in directory.members.iter().filter(|member| is_archive(member)) {
        let Some(rest) = left.checked_sub(member.cost()).filter(|_| budget.files > 0) else {
            found.is_unread = true;
            break;
        };
        left = rest;
        let Some(bytes) = directory.bytes_of(reader, member, INNER_BYTES)? else {
            found.is_unread = true;
            continue;
        };
        let mut inner = Cursor::new(bytes);
        let Ok(directory) = Directory::read(&mut inner, MOST_MEMBERS) else { continue };
        let within = EntryPath::from(&*member.name);
        let name = last_part(&member.name);
        for package in of_archive(&directory, &mut inner, name, path, &mut budget)? {
            found.packages.push(Package { within: Some(within.clone()), ..package });
        }
    }
    Ok(found)
}

/// How much metadata may still be read.
struct Budget {
    bytes: u64,
    files: u32,
}

impl Budget {
    /// Takes the cost of a file, if it is there.
    fn allows(&mut self, member: &Member) -> bool {
        let bytes = self.bytes.checked_sub(member.cost().min(METADATA_BYTES));
        let files = self.files.checked_sub(1);
        let (Some(bytes), Some(files)) = (bytes, files) else { return false };
        (self.bytes, self.files) = (bytes, files);
        true
    }
}

fn is_archive(member: &Member) -> bool {
    [&b".jar"[..], b".war"].iter().any(|ending| member.name.ends_with(ending))
}

/// What Maven says where it says something; else what the manifest and the archive's own name say.
fn of_archive(
    directory: &Directory,
    reader: &mut (impl Read + Seek),
    file_name: &[u8],
    evidence: &EntryPath,
    budget: &mut Budget,
) -> Result<Vec<Package>, InspectError> {
    let mut packages = Vec::new();
    let mut manifest = None;
    for member in &directory.members {
        let is_maven = member.name.starts_with(b"META-INF/maven/")
            && member.name.ends_with(b"/pom.properties");
        let is_manifest = member.name == b"META-INF/MANIFEST.MF";
        if !(is_maven || is_manifest) || !budget.allows(member) {
            continue;
        }
        let bytes = directory.bytes_of(reader, member, METADATA_BYTES)?;
        if is_manifest {
            manifest = bytes;
        } else if let Some(bytes) = bytes {
            packages.extend(of_properties(&bytes, evidence));
        }
    }
    if packages.is_empty() {
        packages.extend(of_manifest(&manifest.unwrap_or_default(), file_name, evidence));
    }
    Ok(packages)
}

/// `groupId`, `artifactId` and `version`, one assignment a line.
fn of_properties(bytes: &[u8], evidence: &EntryPath) -> Option<Package> {
    let value = |name: &[u8]| {
        bytes.split(|byte| *byte == b'\n').find_map(|line| {
            let rest = line.trim_ascii().strip_prefix(name)?.trim_ascii_start();
            let value = text(rest.strip_prefix(b"=")?.trim_ascii(), 300);
            (!value.is_empty()).then_some(value)
        })
    };
    let name = format!("{}:{}", value(b"groupId")?, value(b"artifactId")?);
    Some(Package::new(Ecosystem::Maven, &name, &value(b"version")?, evidence))
}

fn of_manifest(bytes: &[u8], file_name: &[u8], evidence: &EntryPath) -> Option<Package> {
    const NAMES: &[&str] = &[
        "Implementation-Title",
        "Implementation-Version",
        "Bundle-SymbolicName",
        "Bundle-Version",
        "Specification-Version",
        "Automatic-Module-Name",
        "Bundle-License",
    ];
    let plain: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
    let fields =
        stanzas(&plain).next().map(|stanza| fields(stanza, NAMES, true)).unwrap_or_default();
    let (file_stem, file_version) = name_and_version(file_name);
    let version = ["Implementation-Version", "Bundle-Version", "Specification-Version"]
        .iter()
        .find_map(|name| first(&fields, name));
    let version = file_version.or(version)?;
    // The file's name is the artifact's by custom; titles are often sentences.
    let title = ["Bundle-SymbolicName", "Implementation-Title"]
        .iter()
        .find_map(|name| first(&fields, name));
    let title = title.and_then(|title| title.split(';').next().map(str::to_owned));
    let name = if file_stem.is_empty() { title? } else { file_stem };
    let mut package = Package::new(Ecosystem::Maven, &name, &version, evidence);
    // The name may be followed by attributes, as where its text stands.
    package.license = first(&fields, "Bundle-License")
        .and_then(|license| license.split(';').next().map(str::to_owned))
        .filter(|license| license.len() <= 200);
    Some(package)
}

/// `commons-io-2.11.0.jar` is `commons-io` in version `2.11.0`.
fn name_and_version(file_name: &[u8]) -> (String, Option<String>) {
    let name = text(file_name, 300);
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let dash = stem
        .match_indices('-')
        .map(|(at, _)| at)
        .find(|at| stem[at + 1..].starts_with(|character: char| character.is_ascii_digit()));
    match dash {
        Some(at) => (stem[..at].to_owned(), Some(stem[at + 1..].to_owned())),
        None => (stem.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::archive::zip::fixture::zip;

    const POM: &[u8] =
        b"#Generated\r\nversion=2.11.0\r\ngroupId = commons-io\r\nartifactId=commons-io\r\n";

    fn names(path: &str, bytes: Vec<u8>) -> Vec<String> {
        let found = read(&EntryPath::from(path), &mut Cursor::new(bytes)).unwrap();
        found
            .packages
            .iter()
            .map(|package| format!("{} {}", package.name, package.version))
            .collect()
    }

    #[test]
    fn maven_s_own_word_counts_first() {
        let jar = zip(
            &[
                ("META-INF/MANIFEST.MF", b"Bundle-Version: 9\n"),
                ("META-INF/maven/a/b/pom.properties", POM),
            ],
            true,
        );
        assert_eq!(names("x.jar", jar), ["commons-io:commons-io 2.11.0"]);
    }

    #[test]
    fn the_manifest_and_the_name_of_the_file_are_next() {
        let manifest = b"Manifest-Version: 1.0\r\nImplementation-Version: 1.2\r\n .3\r\n\r\nName: x\r\nImplementation-Version: 7\r\n";
        let jar = || zip(&[("META-INF/MANIFEST.MF", manifest)], false);
        assert_eq!(names("opt/tool.jar", jar()), ["tool 1.2.3"]);
        assert_eq!(names("opt/tool-box-4.5-jre.jar", jar()), ["tool-box 4.5-jre"]);
        assert!(names("opt/tool.jar", zip(&[("a", b"b")], false)).is_empty());
    }

    #[test]
    fn archives_inside_an_archive_count() {
        let inner = zip(&[("META-INF/maven/a/b/pom.properties", POM)], true);
        let outer = zip(&[("BOOT-INF/lib/commons-io.jar", &inner)], false);
        let found = read(&EntryPath::from("app.jar"), &mut Cursor::new(outer)).unwrap();
        assert_eq!(found.packages[0].within, Some(EntryPath::from("BOOT-INF/lib/commons-io.jar")));
        assert_eq!(found.packages[0].evidence, EntryPath::from("app.jar"));
    }

    #[test]
    fn what_is_no_zip_is_reported_as_unread() {
        assert!(read(&EntryPath::from("a.jar"), &mut Cursor::new(b"text")).unwrap().is_unread);
    }
}

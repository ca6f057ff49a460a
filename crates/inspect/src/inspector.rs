mod findings;
mod want;

use std::io::{self, Read, Seek};

pub use findings::{FORMAT, KindTotal, LayerFindings, Warning, WarningReason};
pub use want::Want;

use crate::bounded::up_to;
use crate::entry_path::trimmed;
use crate::kinds::{HEAD_BYTES, Kind, sniff};
use crate::packages::{Claim, Ecosystem, Package, PackageSource};
use crate::secrets::in_file;
use crate::{EntryPath, OsRelease, os_release};

/// More packages than any layer has.
const MOST_PACKAGES: usize = 200_000;
/// More findings in one layer say no more.
const MOST_SECRETS: usize = 5_000;
/// More warnings in one layer say no more.
const MOST_WARNINGS: usize = 500;

/// Looks at the files of one layer as they stream past, in any order.
///
/// What is not looked at: programs over 256 MiB, Java archives over 512 MiB, package databases over 256 MiB (each of
/// them is named in the warnings), and for secrets, what is no text, texts beyond their first 16 MiB, and manual pages,
/// translations, documentation and public certificates of distributions.
#[derive(Debug, Default)]
pub struct LayerInspector {
    findings: LayerFindings,
    /// What was decided of the entry that was asked about last.
    pending: Option<Pending>,
    has_own_release: bool,
}

#[derive(Debug, Clone, Copy)]
struct Pending {
    want: Want,
    claim: Option<Claim>,
}

impl LayerInspector {
    /// One for a layer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What is wanted of an entry: `mode` as the tar has it, `size` in bytes. To be asked for each entry before [`take`],
    /// which is called only if something is wanted.
    ///
    /// [`take`]: Self::take
    pub fn wants(&mut self, path: &[u8], kind_is_file: bool, mode: u32, size: u64) -> Want {
        self.pending = None;
        if !kind_is_file {
            return Want::Nothing;
        }
        let path = trimmed(path);
        let claim = Claim::of(path, mode);
        if size == 0 {
            self.findings.count(Kind::Empty, 0);
            // An emptied database takes away what the layers below list in it.
            if let Some(ecosystem) = claim.and_then(Claim::ecosystem) {
                self.note_source(ecosystem, path, 0, false);
            }
            return Want::Nothing;
        }
        let (want, claim) = self.decide(path, claim, size);
        self.pending = Some(Pending { want, claim });
        want
    }

    fn decide(&mut self, path: &[u8], claim: Option<Claim>, size: u64) -> (Want, Option<Claim>) {
        let otherwise = want::without_packages(path, size);
        match claim {
            Some(claim) if size <= claim.most_bytes() => {
                (Want::Whole { most_bytes: size }, Some(claim))
            }
            Some(claim) => {
                self.warn(path, WarningReason::TooLarge { size_bytes: size });
                if let Some(ecosystem) = claim.ecosystem() {
                    self.note_source(ecosystem, path, 0, true);
                }
                (otherwise, None)
            }
            None => (otherwise, None),
        }
    }

    /// Looks at the bytes of the entry that was asked about last: all of them, or as many of the first as were wanted.
    /// `size` is that of the whole entry. What cannot be read is noted in the warnings.
    pub fn take(&mut self, path: &[u8], reader: &mut (impl Read + Seek), size: u64) {
        let path = trimmed(path);
        let pending = self.pending.take();
        if let Err(error) = self.look(path, pending, reader, size) {
            self.warn(path, WarningReason::Unread { reason: error.to_string() });
        }
    }

    fn look(
        &mut self,
        path: &[u8],
        pending: Option<Pending>,
        reader: &mut (impl Read + Seek),
        size: u64,
    ) -> io::Result<()> {
        reader.rewind()?;
        let head = up_to(reader, HEAD_BYTES as u64)?;
        let sniffed = sniff(path, &head);
        self.findings.count(sniffed.kind, size);
        let Some(Pending { want: Want::Whole { .. }, claim }) = pending else { return Ok(()) };
        let entry = EntryPath::from(path);
        if os_release::PATHS.contains(&path) {
            self.take_release(path, &head);
        }
        if let Some(claim) = claim {
            self.take_packages(claim, &entry, reader)?;
        }
        let secrets = in_file(&entry, reader, size, sniffed.encoding.is_some())?;
        let room = MOST_SECRETS.saturating_sub(self.findings.secrets.len());
        if secrets.len() > room {
            self.warn(path, WarningReason::TooMany { what: "secrets".to_owned() });
        }
        self.findings.secrets.extend(secrets.into_iter().take(room));
        Ok(())
    }

    /// The file in `etc` counts before the one in `usr/lib`.
    fn take_release(&mut self, path: &[u8], head: &[u8]) {
        let is_own = path.starts_with(b"etc/");
        if is_own || !self.has_own_release {
            self.findings.os_release = Some(OsRelease::parse(head));
            self.has_own_release = is_own;
        }
    }

    fn take_packages(
        &mut self,
        claim: Claim,
        entry: &EntryPath,
        reader: &mut (impl Read + Seek),
    ) -> io::Result<()> {
        let found = match claim.read(entry, reader) {
            Ok(found) => found,
            Err(crate::InspectError::Source { source }) => return Err(source),
            Err(error) => {
                let reason = error.to_string();
                self.warn(entry.as_bytes(), WarningReason::Unread { reason });
                return Ok(());
            }
        };
        if found.is_unread {
            let reason = "not all of its packages could be read".to_owned();
            self.warn(entry.as_bytes(), WarningReason::Unread { reason });
        }
        for ecosystem in Ecosystem::ALL {
            let count = count_of(&found.packages, *ecosystem);
            // A program is a source only of what it holds.
            if count > 0 || claim.ecosystem() == Some(*ecosystem) {
                self.note_source(*ecosystem, entry.as_bytes(), count, found.is_unread);
            }
        }
        let room = MOST_PACKAGES.saturating_sub(self.findings.packages.len());
        if found.packages.len() > room {
            self.warn(entry.as_bytes(), WarningReason::TooMany { what: "packages".to_owned() });
        }
        self.findings.packages.extend(found.packages.into_iter().take(room));
        Ok(())
    }

    fn note_source(&mut self, ecosystem: Ecosystem, path: &[u8], packages: usize, is_unread: bool) {
        if self.findings.sources.len() < MOST_PACKAGES {
            let path = EntryPath::from(path);
            self.findings.sources.push(PackageSource { ecosystem, path, packages, is_unread });
        }
    }

    fn warn(&mut self, path: &[u8], reason: WarningReason) {
        if self.findings.warnings.len() < MOST_WARNINGS {
            self.findings.warnings.push(Warning { path: EntryPath::from(path), reason });
        }
    }

    /// What was found, in an order that does not depend on that of the entries.
    #[must_use]
    pub fn finish(self) -> LayerFindings {
        let mut findings = self.findings;
        findings.packages.sort();
        findings.sources.sort_by(|a, b| (a.ecosystem, &a.path).cmp(&(b.ecosystem, &b.path)));
        findings.secrets.sort_by(|a, b| {
            b.severity
                .cmp(&a.severity)
                .then_with(|| (&a.place, a.offset).cmp(&(&b.place, b.offset)))
        });
        findings
    }
}

fn count_of(packages: &[Package], ecosystem: Ecosystem) -> usize {
    packages.iter().filter(|package| package.ecosystem == ecosystem).count()
}

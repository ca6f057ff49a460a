//! Users and groups by name, as an image's own `/etc/passwd` and `/etc/group` have them.

use std::sync::Arc;

use strata_spec::Digest;

use crate::api::{OwnerName, Owners, OwnersRead, Scope, UserError};
use crate::app::{App, Inner, on_thread};
use crate::error::AppError;
use crate::images::manifest_digest;

/// The most bytes of either file that are read.
const MAX_BYTES: u64 = 1 << 20;

impl App {
    /// The users and groups that a stored image knows; none where it has no such files.
    ///
    /// # Errors
    /// If there is no such image, or it is damaged.
    pub async fn owners(&self, wanted: OwnersRead) -> Result<Owners, UserError> {
        let inner = self.inner.clone();
        on_thread("users and groups", move || {
            let owners = inner.owners(&manifest_digest(&wanted.manifest)?)?;
            Ok(Owners::clone(&owners))
        })
        .await
    }
}

impl Inner {
    /// Those of the image as it is in the end.
    fn owners(&self, manifest: &Digest) -> Result<Arc<Owners>, AppError> {
        self.listings.owners(manifest, || {
            let read = |path: &[u8]| self.small_file(manifest, path);
            Ok(Owners {
                users: names(&read(b"etc/passwd")?.unwrap_or_default()),
                groups: names(&read(b"etc/group")?.unwrap_or_default()),
            })
        })
    }

    /// The bytes of a file of the whole image; none if there is no such file, or it is too large to be one of these.
    fn small_file(&self, manifest: &Digest, path: &[u8]) -> Result<Option<Vec<u8>>, AppError> {
        let Some(top) = self.listings.trees(&self.store, manifest)?.len().checked_sub(1) else {
            return Ok(None);
        };
        let listing = self.listings.list(&self.store, &(manifest.clone(), top, Scope::UpTo))?;
        let Some((layer, node)) = listing.follow(path).and_then(|id| listing.entry(id)) else {
            return Ok(None);
        };
        let content = match self.locate(manifest, layer, node, path) {
            Ok(content) if content.size <= MAX_BYTES => content,
            // A folder of that name has no users.
            Ok(_) | Err(AppError::NotAFile { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        self.copy(manifest, &content, content.size, &mut bytes)?;
        Ok(Some(bytes))
    }

    /// A filter in which owners are numbers: `owner:root:adm` becomes `owner:0:4`. A name that the image does not know
    /// stays, and finds nothing but files that are called so.
    pub(crate) fn filter_by_numbers(
        &self,
        manifest: &Digest,
        filter: &str,
    ) -> Result<String, AppError> {
        if !filter.split_whitespace().any(names_an_owner) {
            return Ok(filter.to_owned());
        }
        let owners = self.owners(manifest)?;
        let words = filter.split_whitespace().map(|word| match word.strip_prefix("owner:") {
            Some(owner) if names_an_owner(word) => format!("owner:{}", numbers(&owners, owner)),
            _ => word.to_owned(),
        });
        Ok(words.collect::<Vec<_>>().join(" "))
    }
}

/// Whether a word of a filter names an owner other than by number.
fn names_an_owner(word: &str) -> bool {
    let owner = word.strip_prefix("owner:");
    owner.is_some_and(|owner| owner.bytes().any(|byte| !byte.is_ascii_digit() && byte != b':'))
}

fn numbers(owners: &Owners, text: &str) -> String {
    let (user, group) = match text.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (text, None),
    };
    let number = |names: &[OwnerName], name: &str| {
        let found = names.iter().find(|known| known.name == name);
        found.map_or_else(|| name.to_owned(), |known| known.id.to_string())
    };
    let user = number(&owners.users, user);
    group.map_or_else(|| user.clone(), |group| format!("{user}:{}", number(&owners.groups, group)))
}

/// Names and numbers of passwd(5) and group(5): first and third field. Of several lines for a number, the first counts.
fn names(file: &[u8]) -> Vec<OwnerName> {
    let mut found: Vec<OwnerName> = Vec::new();
    for line in String::from_utf8_lossy(file).lines() {
        let mut fields = line.split(':');
        let (Some(name), Some(_), Some(id)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let Ok(id) = id.parse() else { continue };
        let is_plain =
            !name.is_empty() && !name.starts_with('#') && !name.contains(char::is_control);
        if is_plain && !found.iter().any(|known| known.id == id) {
            found.push(OwnerName { id, name: name.to_owned() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(id: u64, name: &str) -> OwnerName {
        OwnerName { id, name: name.to_owned() }
    }

    #[test]
    fn names_and_numbers_are_read_and_damaged_lines_left_out() {
        let file = b"root:x:0:0:root:/root:/bin/sh\nother:x:0:0::/:\n# a:b:3\n:x:4\napp:x:1000:1000::/:\nbad:x:y\nshort\n\xff:x:7\n";
        assert_eq!(names(file), [owner(0, "root"), owner(1000, "app"), owner(7, "\u{fffd}")]);
        assert!(names(b"").is_empty());
    }

    #[test]
    fn owners_become_numbers_where_the_image_knows_them() {
        let owners = Owners {
            users: vec![owner(0, "root"), owner(33, "www-data")],
            groups: vec![owner(4, "adm"), owner(0, "root")],
        };
        for (text, expected) in [
            ("root", "0"),
            ("www-data:adm", "33:4"),
            (":adm", ":4"),
            ("0:adm", "0:4"),
            ("who", "who"),
        ] {
            assert_eq!(numbers(&owners, text), expected, "{text}");
        }
        assert!(names_an_owner("owner:root") && names_an_owner("owner::adm"));
        assert!(
            !names_an_owner("owner:0:4") && !names_an_owner("owner:") && !names_an_owner("a:root")
        );
    }
}

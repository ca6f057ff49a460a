//! Where things that look like secrets mostly are none.

use crate::entry_path::last_part;

/// Folders of documentation, tests and examples.
const QUIET: &[&[u8]] = &[
    b"doc",
    b"docs",
    b"man",
    b"test",
    b"tests",
    b"testing",
    b"testdata",
    b"test-data",
    b"test_data",
    b"spec",
    b"specs",
    b"fixtures",
    b"fixture",
    b"__fixtures__",
    b"examples",
    b"example",
    b"samples",
    b"__tests__",
    b"mock",
    b"mocks",
    b"idlelib",
];

/// Folders of code that others wrote.
const LIBRARIES: &[&[u8]] = &[
    b"site-packages",
    b"dist-packages",
    b"node_modules",
    b"gems",
    b"vendor",
    b"include",
    b"pkgconfig",
    b"dpkg",
    b".cargo",
    b".rustup",
    b"third_party",
    b"google-cloud-sdk",
];

/// Starts of paths of the same.
const LIBRARY_STARTS: &[&[u8]] = &[
    b"usr/lib/",
    b"usr/lib64/",
    b"usr/libexec/",
    b"usr/share/",
    b"usr/src/",
    b"lib/",
    b"lib64/",
    b"usr/include/",
    b"usr/local/lib/",
    b"usr/local/share/",
    b"usr/local/include/",
    b"usr/local/go/",
    b"go/pkg/",
    b"var/cache/",
];

/// Starts of paths under which no text is searched.
const PASSED_OVER: &[&[u8]] = &[
    b"usr/share/man/",
    b"usr/share/info/",
    b"usr/share/locale/",
    b"usr/share/i18n/",
    b"usr/share/zoneinfo/",
    b"usr/share/mime/",
    b"usr/share/icons/",
    b"usr/share/fonts/",
    b"usr/share/common-licenses/",
    b"usr/share/doc/",
    b"usr/share/terminfo/",
    b"usr/share/ca-certificates/",
    b"etc/ssl/certs/",
    b"usr/share/pki/",
    b"var/lib/dpkg/info/",
    b"usr/share/unicode/",
    b"usr/share/perl",
    b"usr/share/vim/",
];

/// Endings of settings, in which assignments are what they look like.
const SETTINGS: &[&[u8]] = &[
    b".env",
    b".conf",
    b".cfg",
    b".cnf",
    b".ini",
    b".yml",
    b".yaml",
    b".json",
    b".toml",
    b".properties",
    b".sh",
    b".xml",
    b".config",
    b".tfvars",
    b".tf",
    b".service",
    b".ps1",
    b".sql",
    b".txt",
    b".log",
    b".php",
    b".py",
    b".js",
    b".rb",
];

/// What stands around a file says how loud a finding in it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Surroundings {
    /// Nothing in it is searched.
    pub(super) is_passed_over: bool,
    /// Documentation, tests, examples: nothing is more than possible.
    pub(super) is_quiet: bool,
    /// Code that others published: what is in it is public already, and mostly an example. One step less sure.
    pub(super) is_library: bool,
    /// Assignments of passwords and the like count.
    pub(super) has_assignments: bool,
}

impl Surroundings {
    /// Of a file; `path` has no `/` or `./` at its start.
    pub(crate) fn of(path: &[u8]) -> Self {
        let name = last_part(path);
        let folder = &path[..path.len() - name.len()];
        let has = |folders: &[&[u8]]| {
            folder.split(|byte| *byte == b'/').any(|part| folders.contains(&part))
        };
        let starts = |starts: &[&[u8]]| starts.iter().any(|start| path.starts_with(start));
        let is_quiet = has(QUIET) || is_explaining(name) || is_test_name(name);
        let is_library = has(LIBRARIES) || starts(LIBRARY_STARTS);
        let is_settings = !name.contains(&b'.')
            || name.starts_with(b".")
            || SETTINGS.iter().any(|ending| name.ends_with(ending));
        Self {
            is_passed_over: starts(PASSED_OVER),
            is_quiet,
            is_library,
            has_assignments: !is_quiet && !is_library && is_settings,
        }
    }

    /// Of a text of the image's config.
    pub(super) const fn of_config() -> Self {
        Self { is_passed_over: false, is_quiet: false, is_library: false, has_assignments: true }
    }

    /// Whether the file's text is searched.
    pub(crate) const fn is_searched(self) -> bool {
        !self.is_passed_over
    }
}

/// Texts that explain a package, and Debian's certificate for trying things out.
fn is_explaining(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_text =
        [&b".md"[..], b".rst", b".html", b".d.ts"].iter().any(|ending| lower.ends_with(ending));
    is_text
        || [
            &b"readme"[..],
            b"changelog",
            b"changes",
            b"history",
            b"pkg-info",
            b"metadata",
            b"ssl-cert-snakeoil",
        ]
        .iter()
        .any(|start| lower.starts_with(start))
}

fn is_test_name(name: &[u8]) -> bool {
    if name.starts_with(b"test_") {
        return true;
    }
    [&b".test."[..], b".spec.", b"_test."]
        .iter()
        .any(|part| name.windows(part.len()).any(|found| found == *part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_documentation_are_quiet() {
        assert!(Surroundings::of(b"usr/local/lib/python3.12/test/certdata/keycert.pem").is_quiet);
        assert!(Surroundings::of(b"app/server.test.js").is_quiet);
        assert!(!Surroundings::of(b"app/latest/keys/server.key").is_quiet);
        assert!(!Surroundings::of(b"usr/share/doc/x/README").is_searched());
        assert!(!Surroundings::of(b"etc/ssl/certs/ca-certificates.crt").is_searched());
    }

    #[test]
    fn assignments_count_in_settings_that_are_the_image_s_own() {
        for path in ["app/config.yml", "etc/app.conf", "srv/.env", "entrypoint"] {
            assert!(Surroundings::of(path.as_bytes()).has_assignments, "{path}");
        }
        for path in [
            "usr/lib/python3/x.py",
            "app/node_modules/x/config.json",
            "app/tests/a.yml",
            "app/main.css",
        ] {
            assert!(!Surroundings::of(path.as_bytes()).has_assignments, "{path}");
        }
    }
}

use super::*;

#[test]
fn paths_tell_who_reads_a_file() {
    let cases: &[(&str, u32, Option<Claim>)] = &[
        ("var/lib/dpkg/status", 0o644, Some(Claim::DpkgStatus)),
        ("var/lib/dpkg/status.d/base", 0o644, Some(Claim::DpkgPart)),
        ("var/lib/dpkg/status.d/base.md5sums", 0o644, None),
        ("var/lib/dpkg/status-old", 0o644, None),
        ("lib/apk/db/installed", 0o644, Some(Claim::Apk)),
        ("usr/lib/apk/db/installed", 0o644, Some(Claim::Apk)),
        ("var/lib/rpm/rpmdb.sqlite", 0o644, Some(Claim::RpmSqlite)),
        ("usr/lib/sysimage/rpm/Packages.db", 0o644, Some(Claim::RpmNdb)),
        ("var/lib/rpm/Packages", 0o644, Some(Claim::RpmBerkeley)),
        ("usr/lib/python3/dist-packages/six-1.16.0.egg-info", 0o644, Some(Claim::Python)),
        ("opt/x/site-packages/six-1.16.0.dist-info/METADATA", 0o644, Some(Claim::Python)),
        ("opt/x/a.egg/EGG-INFO/PKG-INFO", 0o644, Some(Claim::Python)),
        ("METADATA", 0o644, None),
        ("app/node_modules/@a/b/package.json", 0o644, Some(Claim::Npm)),
        ("app/package.json", 0o644, None),
        (
            "usr/local/lib/ruby/gems/3.2.0/specifications/default/json-2.6.gemspec",
            0o644,
            Some(Claim::Gem),
        ),
        ("src/json.gemspec", 0o644, None),
        ("app/app.war", 0o644, Some(Claim::Java)),
        ("usr/bin/tool", 0o755, Some(Claim::Program)),
        ("usr/bin/tool", 0o644, None),
        ("", 0o644, None),
    ];
    for (path, mode, expected) in cases {
        assert_eq!(Claim::of(path.as_bytes(), *mode), *expected, "{path}");
    }
}

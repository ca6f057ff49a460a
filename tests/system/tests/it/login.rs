use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::image::{self, CHANGES, Packing};
use crate::registry::Registry;
use crate::site::{Site, output, shell};

/// `ada` with the password `correct horse`, as `htpasswd -B` writes it.
const KNOWN: &str = "ada:$2y$04$qyKAku7wEPbMS5fLxxmbquqMQcSLwwScdeRUmF2iIs7AJWNgwRDGy\n";

/// A credential helper that keeps one login in a file, and notes what it was told to do.
const HELPER: &str = r#"#!/bin/sh
case "$1" in
store) cat > "$HELPER_FILE" ;;
get) read server; [ -f "$HELPER_FILE" ] && cat "$HELPER_FILE" || { echo "credentials not found in native keychain"; exit 1; } ;;
erase) rm -f "$HELPER_FILE" ;;
esac
"#;

/// A registry that lets one user in, over the data of the site's own; and a folder with a helper.
fn guarded(site: &Site) -> (Registry, PathBuf) {
    let known = site.path("htpasswd");
    fs::write(&known, KNOWN).unwrap();
    let auth =
        format!("auth: {{htpasswd: {{realm: test, path: {:?}}}}}\n", known.display().to_string());
    let folder = site.path("tools");
    fs::create_dir(&folder).unwrap();
    let helper = folder.join("docker-credential-drawer");
    fs::write(&helper, HELPER).unwrap();
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).unwrap();
    (Registry::start_with(site.folder(), &auth), folder)
}

/// Runs the command with a password on its input; returns its exit code and what it said.
fn tell(site: &Site, tools: &Path, arguments: &[&str], password: &str) -> (Option<i32>, String) {
    let input = site.path("password");
    fs::write(&input, format!("{password}\n")).unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let mut command = site.strata(&[&["--lang", "en"], arguments].concat());
    command.stdin(Stdio::from(fs::File::open(&input).unwrap()));
    command.env("PATH", path).env("HELPER_FILE", site.path("kept"));
    let ended = output(&mut command);
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

#[test]
fn a_login_is_tried_then_kept_with_a_helper_and_used_until_signed_out() {
    let Some(site) = Site::open() else { return };
    image::push(&site, "private", &[(CHANGES, Packing::Gzip)], false);
    let (registry, tools) = guarded(&site);
    let address = &registry.address;
    let reference = format!("{address}/test/private:1");
    let (code, said) = tell(&site, &tools, &["pull", &reference], "");
    assert!(code == Some(1) && said.contains("sign in"), "{said}");
    let login = ["login", address, "--helper", "drawer", "-u", "ada", "--password-stdin"];
    let (code, said) = tell(&site, &tools, &login, "wrong");
    assert_eq!(code, Some(1), "{said}");
    assert!(!site.path("kept").exists(), "what is refused is not kept");
    let (code, said) = tell(&site, &tools, &login, "correct horse");
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = tell(&site, &tools, &["pull", &reference], "");
    assert_eq!(code, Some(0), "{said}");
    // The password is with the helper, and in no file of ours.
    let found = shell(site.folder(), "grep -rl 'correct horse' config store || true");
    assert_eq!(found, "");
    let (code, said) = tell(&site, &tools, &["logout", address], "");
    assert_eq!(code, Some(0), "{said}");
    assert!(!site.path("kept").exists());
    let (code, said) = tell(&site, &tools, &["tags", &reference], "");
    assert!(code == Some(1) && said.contains("sign in"), "{said}");
}

#[test]
fn a_password_on_standard_input_is_for_one_command() {
    let Some(site) = Site::open() else { return };
    image::push(&site, "private", &[(CHANGES, Packing::Gzip)], false);
    let (registry, tools) = guarded(&site);
    let reference = format!("{}/test/private:1", registry.address);
    let with_login = ["tags", &reference, "-u", "ada", "--password-stdin"];
    let (code, said) = tell(&site, &tools, &with_login, "correct horse");
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = tell(&site, &tools, &["tags", &reference], "");
    assert_eq!(code, Some(1), "{said}");
}

//! What the usual commands do.

use super::Teller;
use crate::installs::{Install, Manager, install};
use crate::shell::{Joint, ShellCommand};

/// A sentence for a command: its code, and a gap with its value.
type Told = (&'static str, Vec<(&'static str, String)>);

impl Teller<'_> {
    /// Says what a command does.
    pub(super) fn told(&mut self, command: &ShellCommand) {
        let (code, params) = told(command).unwrap_or_else(|| {
            if command.words.is_empty() {
                return ("run.assigns", Vec::new());
            }
            let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
            ("run.other", vec![("command", words.join(" "))])
        });
        let params: Vec<(&'static str, &str)> =
            params.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.say(code, &command.range, &params);
    }
}

fn told(command: &ShellCommand) -> Option<Told> {
    if let Some(file) = &command.output
        && matches!(command.program(), "echo" | "printf" | "cat" | "tee")
    {
        return Some(("run.writes", vec![("file", file.clone())]));
    }
    if let Some(install) = install(command) {
        return installed(&install);
    }
    let words = rest(command);
    packages(command, &words)
        .or_else(|| files(command, &words))
        .or_else(|| accounts(command, &words))
        .or_else(|| builds(command, &words))
        .or_else(|| other(command, &words))
}

/// The words behind the program that are no flags.
fn rest(command: &ShellCommand) -> Vec<&str> {
    let words = command.arguments().iter().map(|word| word.text.as_str());
    words.filter(|word| !word.starts_with('-')).collect()
}

fn one(code: &'static str, gap: &'static str, value: impl Into<String>) -> Option<Told> {
    Some((code, vec![(gap, value.into())]))
}

fn plain(code: &'static str) -> Option<Told> {
    Some((code, Vec::new()))
}

fn installed(install: &Install<'_>) -> Option<Told> {
    let names: Vec<&str> = install.packages.iter().map(|word| word.text.as_str()).collect();
    let names = names.join(", ");
    if names.is_empty() {
        return match install.manager {
            Manager::Pip => plain("run.pipList"),
            Manager::Npm => plain("run.npmInstall"),
            Manager::Cargo => plain("run.cargoBuild"),
            _ => None,
        };
    }
    let code = match install.manager {
        Manager::Apt => "run.aptInstall",
        Manager::Apk => "run.apkAdd",
        Manager::Pip => "run.pipInstall",
        Manager::Npm => "run.npmAdd",
        Manager::Yum => "run.yumInstall",
        Manager::Gem => "run.gemInstall",
        Manager::Cargo => "run.cargoInstall",
        Manager::Go => "run.goInstall",
    };
    one(code, "packages", names)
}

fn packages(command: &ShellCommand, words: &[&str]) -> Option<Told> {
    let first = words.first().copied().unwrap_or_default();
    let named = words.get(1..).unwrap_or_default().join(", ");
    match (command.program(), first) {
        ("apt-get" | "apt", "update") => plain("run.aptUpdate"),
        ("apt-get" | "apt", "upgrade" | "dist-upgrade" | "full-upgrade") => plain("run.aptUpgrade"),
        ("apt-get" | "apt", "remove" | "purge" | "autoremove") if named.is_empty() => {
            plain("run.aptAutoremove")
        }
        ("apt-get" | "apt", "remove" | "purge" | "autoremove") => {
            one("run.packagesRemove", "packages", named)
        }
        ("apk", "del") | ("yum" | "dnf" | "microdnf", "remove" | "erase") => {
            one("run.packagesRemove", "packages", named)
        }
        ("apt-get" | "apt" | "yum" | "dnf" | "microdnf", "clean" | "autoclean") => {
            plain("run.packagesClean")
        }
        ("apk", "update") => plain("run.apkUpdate"),
        ("apk", "upgrade") | ("yum" | "dnf" | "microdnf", "update" | "upgrade") => {
            plain("run.packagesUpgrade")
        }
        ("npm", "ci") => plain("run.npmCi"),
        ("npm" | "pnpm" | "yarn", "run" | "run-script") => {
            one("run.npmScript", "script", words.get(1).copied().unwrap_or_default())
        }
        ("npm" | "pnpm" | "yarn", "build" | "test") => one("run.npmScript", "script", first),
        ("yarn" | "pnpm", "") => plain("run.npmInstall"),
        ("npm" | "yarn" | "pnpm", "cache") => plain("run.npmClean"),
        ("go", "mod") => plain("run.goDownload"),
        ("bundle", "install") => plain("run.bundleInstall"),
        ("composer", "install") => plain("run.composerInstall"),
        ("poetry" | "uv", "install" | "sync") => plain("run.pipList"),
        _ => None,
    }
}

fn files(command: &ShellCommand, words: &[&str]) -> Option<Told> {
    let last = words.last().copied().unwrap_or_default();
    let before = words.split_last().map_or(&[][..], |(_, before)| before);
    let joined = |words: &[&str]| words.join(" ");
    let after_first = || joined(words.get(1..).unwrap_or_default());
    let from_to = |code| Some((code, vec![("from", joined(before)), ("to", last.to_owned())]));
    match command.program() {
        "rm" | "rmdir" | "unlink" => one("run.remove", "paths", joined(words)),
        "mkdir" => one("run.mkdir", "paths", joined(words)),
        "touch" => one("run.touch", "paths", joined(words)),
        "cp" => from_to("run.copy"),
        "mv" => from_to("run.move"),
        "ln" => from_to("run.link"),
        "chmod" => {
            let mode = words.first().copied().unwrap_or_default().to_owned();
            Some(("run.chmod", vec![("mode", mode), ("paths", after_first())]))
        }
        "chown" | "chgrp" => {
            let owner = words.first().copied().unwrap_or_default().to_owned();
            Some(("run.chown", vec![("owner", owner), ("paths", after_first())]))
        }
        "sed" | "patch" if !last.is_empty() => one("run.edit", "file", last),
        "tar" | "unzip" | "gunzip" | "unxz" => {
            let packs = command.arguments().first().is_some_and(|word| {
                let text = word.text.trim_start_matches('-');
                command.program() == "tar" && text.starts_with('c')
            });
            if packs { plain("run.pack") } else { plain("run.unpack") }
        }
        "curl" | "wget" => {
            let address = words.iter().find(|word| word.contains("://"))?;
            one("run.download", "address", *address)
        }
        "git" if words.first() == Some(&"clone") => {
            one("run.gitClone", "address", words.get(1).copied().unwrap_or_default())
        }
        "sha256sum" | "sha512sum" | "sha1sum" | "md5sum" | "gpg" | "gpgv" | "cosign" => {
            plain("run.verify")
        }
        "cd" => one("run.cd", "folder", last),
        "ls" | "find" | "cat" | "grep" | "which" | "stat" | "head" | "tail" | "sort" | "du" => {
            plain("run.look")
        }
        "ldconfig" => plain("run.ldconfig"),
        "update-ca-certificates" | "update-ca-trust" => plain("run.certificates"),
        _ => None,
    }
}

fn accounts(command: &ShellCommand, words: &[&str]) -> Option<Told> {
    let last = words.last().copied().unwrap_or_default();
    match command.program() {
        "useradd" | "adduser" => one("run.useradd", "user", last),
        "groupadd" | "addgroup" => one("run.groupadd", "group", last),
        "usermod" => one("run.usermod", "user", last),
        "passwd" | "chpasswd" => plain("run.password"),
        "su" | "gosu" | "su-exec" | "runuser" => plain("run.asUser"),
        _ => None,
    }
}

fn builds(command: &ShellCommand, words: &[&str]) -> Option<Told> {
    let first = words.first().copied().unwrap_or_default();
    match (command.program(), first) {
        ("make" | "ninja" | "gmake", "") => plain("run.make"),
        ("make" | "ninja" | "gmake", _) => one("run.makeTargets", "targets", words.join(" ")),
        ("cmake" | "configure" | "meson" | "autoreconf" | "autogen.sh", _) => {
            plain("run.configure")
        }
        ("cargo", "build") => plain("run.cargoBuild"),
        ("go", "build") => plain("run.goBuild"),
        ("mvn" | "mvnw" | "gradle" | "gradlew", _) => plain("run.javaBuild"),
        ("dotnet", "restore") => plain("run.dotnetRestore"),
        ("dotnet", "build" | "publish") => plain("run.dotnetBuild"),
        ("cargo" | "go", "test") => plain("run.test"),
        ("pytest" | "tox" | "ctest", _) => plain("run.test"),
        ("gcc" | "cc" | "g++" | "c++" | "clang" | "rustc" | "javac" | "tsc", _) => {
            plain("run.compile")
        }
        _ => None,
    }
}

fn other(command: &ShellCommand, words: &[&str]) -> Option<Told> {
    let first = words.first().copied().unwrap_or_default();
    match command.program() {
        "echo" | "printf" => plain("run.echo"),
        "true" | ":" if command.joint == Joint::Or => plain("run.forgive"),
        "true" | ":" | "fi" | "done" | "esac" | "}" => plain("run.nothing"),
        "false" | "exit" => plain("run.exit"),
        "set" => plain("run.set"),
        "export" => plain("run.export"),
        "test" | "[" | "[[" => plain("run.condition"),
        "for" | "case" => plain("run.loop"),
        "sleep" => plain("run.wait"),
        "sh" | "bash" | "ash" | "dash" | "source" | "." if !first.is_empty() => {
            one("run.shellScript", "script", first)
        }
        name if name.starts_with("python") && !first.is_empty() => {
            one("run.program", "program", first)
        }
        "node" | "ruby" | "perl" | "php" | "java" if !first.is_empty() => {
            one("run.program", "program", first)
        }
        "locale-gen" | "localedef" | "dpkg-reconfigure" => plain("run.locale"),
        "dpkg" | "rpm" => plain("run.packageFile"),
        "apt-key" | "add-apt-repository" | "apt-add-repository" => plain("run.packageSource"),
        _ => None,
    }
}

//! Commands that install packages: with what, and which.

use crate::shell::{ShellCommand, ShellWord};

/// What installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manager {
    Apt,
    Apk,
    Pip,
    Npm,
    Yum,
    Gem,
    Cargo,
    Go,
}

/// One installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Install<'a> {
    pub manager: Manager,
    /// `install` or `add`.
    pub verb: &'a ShellWord,
    /// What is named: packages, files, addresses.
    pub packages: Vec<&'a ShellWord>,
    /// Whether a file says which versions.
    pub has_list: bool,
}

struct Kind {
    manager: Manager,
    programs: &'static [&'static str],
    verbs: &'static [&'static str],
    /// Flags whose value is the next word.
    valued: &'static [&'static str],
    /// Those of them that name a file with versions.
    lists: &'static [&'static str],
}

const KINDS: &[Kind] = &[
    Kind {
        manager: Manager::Apt,
        programs: &["apt-get", "apt", "aptitude"],
        verbs: &["install"],
        valued: &["-o", "--option", "-t", "--target-release", "-c", "--config-file"],
        lists: &[],
    },
    Kind {
        manager: Manager::Apk,
        programs: &["apk"],
        verbs: &["add"],
        valued: &["-t", "--virtual", "-X", "--repository", "-p", "--root", "--keys-dir"],
        lists: &[],
    },
    Kind {
        manager: Manager::Pip,
        programs: &["pip", "pip3", "pip2"],
        verbs: &["install"],
        valued: &[
            "-r",
            "--requirement",
            "-c",
            "--constraint",
            "-i",
            "--index-url",
            "--extra-index-url",
            "-f",
            "--find-links",
            "-t",
            "--target",
            "--prefix",
            "--root",
            "-e",
            "--editable",
            "--platform",
            "--python-version",
            "--trusted-host",
            "--timeout",
            "--cache-dir",
        ],
        lists: &["-r", "--requirement", "-c", "--constraint"],
    },
    Kind {
        manager: Manager::Npm,
        programs: &["npm", "pnpm", "yarn"],
        verbs: &["install", "i", "add"],
        valued: &["--prefix", "--registry"],
        lists: &[],
    },
    Kind {
        manager: Manager::Yum,
        programs: &["yum", "dnf", "microdnf", "zypper"],
        verbs: &["install", "in"],
        valued: &["-c", "--installroot"],
        lists: &[],
    },
    Kind {
        manager: Manager::Gem,
        programs: &["gem"],
        verbs: &["install"],
        valued: &["-v", "--version"],
        lists: &[],
    },
    Kind {
        manager: Manager::Cargo,
        programs: &["cargo"],
        verbs: &["install"],
        valued: &["--version", "--root", "--git", "--path", "--features", "--tag", "--rev"],
        lists: &[],
    },
    Kind { manager: Manager::Go, programs: &["go"], verbs: &["install"], valued: &[], lists: &[] },
];

/// Reads a command as an installation.
pub(crate) fn install(command: &ShellCommand) -> Option<Install<'_>> {
    let words = program_words(command);
    let program = words.first()?.text.rsplit('/').next()?;
    let is_called = |kind: &&Kind| {
        kind.programs.contains(&program)
            // `pip3.12` and the like.
            || (kind.manager == Manager::Pip && program.starts_with("pip3."))
    };
    let kind = KINDS.iter().find(is_called)?;
    let mut verb = None;
    let mut packages = Vec::new();
    let mut has_list = false;
    let mut rest = words[1..].iter();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        if text.starts_with('-') {
            let name = text.split('=').next().unwrap_or(text);
            has_list |= kind.lists.contains(&name);
            if kind.valued.contains(&text) {
                rest.next();
            }
        } else if verb.is_none() {
            if !kind.verbs.contains(&text) {
                return None;
            }
            verb = Some(word);
        } else {
            packages.push(word);
        }
    }
    Some(Install { manager: kind.manager, verb: verb?, packages, has_list })
}

/// The words from the package manager on: `python -m pip` is `pip`.
fn program_words(command: &ShellCommand) -> &[ShellWord] {
    let is_python = command.program().starts_with("python");
    let module = command.arguments().first().is_some_and(|word| word.text == "-m");
    if is_python && module { command.words.get(2..).unwrap_or_default() } else { &command.words }
}

impl Install<'_> {
    /// Whether a package may be of any version.
    pub fn is_open(&self, package: &str) -> bool {
        let is_path = package.starts_with(['.', '/', '$', '~']) || package.contains("://");
        let is_own = package.contains(['$', '`', '{']);
        if is_path || is_own || (self.has_list && self.manager == Manager::Pip) {
            return false;
        }
        match self.manager {
            Manager::Apt => {
                !package.contains(['=', '/'])
                    && !package.ends_with(".deb")
                    && !package.ends_with('-')
            }
            Manager::Apk => {
                !package.contains(['=', '~', '<', '>', '@']) && !package.ends_with(".apk")
            }
            Manager::Pip => {
                !package.contains(['=', '~', '<', '>', '@', '/', '!'])
                    && ![".whl", ".zip", ".gz"].iter().any(|ending| package.ends_with(ending))
            }
            _ => false,
        }
    }
}

//! Names of instructions.

/// The name of an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the instruction of that name")]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
}

const NAMES: [(&str, Keyword); 18] = [
    ("ADD", Keyword::Add),
    ("ARG", Keyword::Arg),
    ("CMD", Keyword::Cmd),
    ("COPY", Keyword::Copy),
    ("ENTRYPOINT", Keyword::Entrypoint),
    ("ENV", Keyword::Env),
    ("EXPOSE", Keyword::Expose),
    ("FROM", Keyword::From),
    ("HEALTHCHECK", Keyword::Healthcheck),
    ("LABEL", Keyword::Label),
    ("MAINTAINER", Keyword::Maintainer),
    ("ONBUILD", Keyword::Onbuild),
    ("RUN", Keyword::Run),
    ("SHELL", Keyword::Shell),
    ("STOPSIGNAL", Keyword::Stopsignal),
    ("USER", Keyword::User),
    ("VOLUME", Keyword::Volume),
    ("WORKDIR", Keyword::Workdir),
];

impl Keyword {
    /// The instruction of a name, in any case of letters.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|&(_, keyword)| keyword)
    }

    /// Its name in capitals.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, keyword)| *keyword == self).map_or("", |&(name, _)| name)
    }

    /// All of them, by name.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|&(_, keyword)| keyword)
    }

    /// The known name nearest to a wrong one, if one is near.
    pub(crate) fn near(name: &str) -> Option<&'static str> {
        let names: Vec<&str> = NAMES.iter().map(|&(known, _)| known).collect();
        nearest(&name.to_ascii_uppercase(), &names)
    }

    /// The flags that it takes, without their hyphens.
    pub(crate) fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Add => {
                &["checksum", "chmod", "chown", "exclude", "keep-git-dir", "link", "unpack"]
            }
            Self::Copy => &["chmod", "chown", "exclude", "from", "link", "parents"],
            Self::From => &["platform"],
            Self::Healthcheck => {
                &["interval", "retries", "start-interval", "start-period", "timeout"]
            }
            Self::Run => &["device", "mount", "network", "security"],
            _ => &[],
        }
    }
}

/// The nearest of some names, if one is near.
pub(crate) fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    // A long word is no slip of a short name, and its distance would be dear.
    if name.len() > 32 {
        return None;
    }
    let (far, known) = names.iter().map(|&known| (distance(name, known), known)).min()?;
    (far <= 2 && far < known.len().min(name.len())).then_some(known)
}

/// How many letters must be put in, taken out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let changed = corner + usize::from(letter != *other);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

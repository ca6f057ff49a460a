//! What can be wrong with a Dockerfile.

use super::Keyword;

/// What is wrong. The window and the command word it from [`Problem::code`] and [`Problem::params`]; the `Display` is
/// for logs and tests.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No instruction has this name.
    #[error("no instruction is called `{name}`")]
    InstructionUnknown {
        /// The name as written.
        name: String,
    },
    /// The instruction takes no such flag.
    #[error("{} takes no flag `--{flag}`", .instruction.name())]
    FlagUnknown {
        /// The instruction.
        instruction: Keyword,
        /// The flag without hyphens and value.
        flag: String,
    },
    /// A JSON form with something else than texts in it.
    #[error("a JSON form may hold texts alone")]
    JsonNotTexts,
    /// A name without its value, in the old form of `ENV` and `LABEL`.
    #[error("`{name}` has no value")]
    ValueMissing {
        /// The name.
        name: String,
    },
    /// A word without an equals sign among pairs.
    #[error("`{word}` must be of the form name=value")]
    PairNeeded {
        /// The word.
        word: String,
    },
    /// `COPY` or `ADD` with less than two words.
    #[error("{} needs a source and a destination", .instruction.name())]
    SourceAndDestinationNeeded {
        /// The instruction.
        instruction: Keyword,
    },
    /// An instruction without anything after its name.
    #[error("{} needs an argument", .instruction.name())]
    ArgumentNeeded {
        /// The instruction.
        instruction: Keyword,
    },
    /// `FROM` with something else than `image` or `image AS name`.
    #[error("FROM takes an image, or an image AS a name")]
    FromForm,
    /// `SHELL` without JSON.
    #[error("SHELL takes the JSON form alone")]
    ShellForm,
    /// `HEALTHCHECK` with another first word.
    #[error("HEALTHCHECK takes CMD or NONE, not `{found}`")]
    HealthcheckForm {
        /// What stands there.
        found: String,
    },
    /// An instruction that may not be one for later.
    #[error("{} may not stand after ONBUILD", .instruction.name())]
    NotAfterOnbuild {
        /// The instruction.
        instruction: Keyword,
    },
    /// The last word of `COPY` or `ADD` is a here-document.
    #[error("a here-document cannot be a destination")]
    HeredocDestination,
    /// The word that ends a here-document never comes.
    #[error("the here-document `{name}` never ends")]
    HeredocUnended {
        /// The word.
        name: String,
    },
    /// There is nothing to build.
    #[error("the file has no instruction")]
    NoInstruction,
    /// A directive stands twice.
    #[error("the directive `{name}` stands here twice")]
    DirectiveTwice {
        /// Its name.
        name: String,
    },
    /// `# escape=` with something else.
    #[error("the escape character must be a backslash or a backtick")]
    EscapeUnknown,
    /// A blank line within an instruction; builders still go on.
    #[error("an empty line within an instruction")]
    EmptyContinuation,
}

/// All codes with the names of their parameters: what a catalogue of sentences must have.
pub const PROBLEM_CODES: &[(&str, &[&str])] = &[
    ("instructionUnknown", &["name"]),
    ("flagUnknown", &["instruction", "flag"]),
    ("jsonNotTexts", &[]),
    ("valueMissing", &["name"]),
    ("pairNeeded", &["name"]),
    ("sourceAndDestinationNeeded", &["instruction"]),
    ("argumentNeeded", &["instruction"]),
    ("fromForm", &[]),
    ("shellForm", &[]),
    ("healthcheckForm", &["found"]),
    ("notAfterOnbuild", &["instruction"]),
    ("heredocDestination", &[]),
    ("heredocUnended", &["name"]),
    ("noInstruction", &[]),
    ("directiveTwice", &["name"]),
    ("escapeUnknown", &[]),
    ("emptyContinuation", &[]),
];

impl Problem {
    /// Its code, one of [`PROBLEM_CODES`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InstructionUnknown { .. } => "instructionUnknown",
            Self::FlagUnknown { .. } => "flagUnknown",
            Self::JsonNotTexts => "jsonNotTexts",
            Self::ValueMissing { .. } => "valueMissing",
            Self::PairNeeded { .. } => "pairNeeded",
            Self::SourceAndDestinationNeeded { .. } => "sourceAndDestinationNeeded",
            Self::ArgumentNeeded { .. } => "argumentNeeded",
            Self::FromForm => "fromForm",
            Self::ShellForm => "shellForm",
            Self::HealthcheckForm { .. } => "healthcheckForm",
            Self::NotAfterOnbuild { .. } => "notAfterOnbuild",
            Self::HeredocDestination => "heredocDestination",
            Self::HeredocUnended { .. } => "heredocUnended",
            Self::NoInstruction => "noInstruction",
            Self::DirectiveTwice { .. } => "directiveTwice",
            Self::EscapeUnknown => "escapeUnknown",
            Self::EmptyContinuation => "emptyContinuation",
        }
    }

    /// What fills the gaps of its sentence: names and values.
    #[must_use]
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::FlagUnknown { instruction, flag } => {
                vec![("instruction", instruction.name().to_owned()), ("flag", flag.clone())]
            }
            Self::SourceAndDestinationNeeded { instruction }
            | Self::ArgumentNeeded { instruction }
            | Self::NotAfterOnbuild { instruction } => {
                vec![("instruction", instruction.name().to_owned())]
            }
            Self::InstructionUnknown { name }
            | Self::ValueMissing { name }
            | Self::PairNeeded { word: name }
            | Self::HeredocUnended { name }
            | Self::DirectiveTwice { name } => vec![("name", name.clone())],
            Self::HealthcheckForm { found } => vec![("found", found.clone())],
            Self::JsonNotTexts
            | Self::FromForm
            | Self::ShellForm
            | Self::HeredocDestination
            | Self::NoInstruction
            | Self::EscapeUnknown
            | Self::EmptyContinuation => Vec::new(),
        }
    }
}

//! Dockerfiles: text, and what an image's history tells of the one it was made from.
//!
//! [`rebuild`] writes a Dockerfile from a history, and marks what no history tells: which files a `COPY` took, from
//! which stage, under which name the base stood.
//!
//! [`instruction`] gives one line of a history as a Dockerfile has it.
//!
//! [`Dockerfile::parse`] reads any text into a [`Tree`] that prints back byte for byte, with a [`Diagnostic`] for each
//! thing that is wrong.
//!
//! [`expand`] puts values in the place of variables, as builders do.
//!
//! [`Ignore`] says which rule of a `.dockerignore` keeps a path out.
//!
//! [`lint`] says what a careful person would write otherwise, and how.
//!
//! [`explain`] puts each line into words, as codes and values.
//!
//! [`complete`] proposes what may stand at a place.
//!
//! What this crate is not: it opens no file, and builds nothing.
//!
//! ```
//! use strata_dockerfile::{HistoryLine, Facts, Unknown, rebuild};
//!
//! let history = [
//!     HistoryLine { created_by: "/bin/sh -c #(nop) ADD file:4b03b in / ", has_layer: true },
//!     HistoryLine { created_by: "/bin/sh -c #(nop)  CMD [\"bash\"]", has_layer: false },
//!     HistoryLine { created_by: "RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit", has_layer: true },
//! ];
//! let lines = rebuild(&history, &Facts::default());
//! assert_eq!(lines[1].text, "ADD … /");
//! assert_eq!(lines[1].unknown, [Unknown::Files]);
//! assert_eq!(lines[2].text, "CMD [\"bash\"]");
//! assert_eq!(lines[3].text, "RUN apt-get update \\\n    && apt-get install -y curl");
//! ```

mod complete;
mod expand;
mod explain;
mod ignore;
mod installs;
mod lint;
mod mount;
mod pairs;
mod parse;
mod rebuild;
mod recorded;
mod shell;
mod stages;
mod unsaid;
mod variables;
mod words;
mod wrap;

pub use complete::{Completion, CompletionKind, complete};
pub use expand::{ExpandError, Expanded, expand, expand_unquoted};
pub use explain::{Explained, LayerEffect, MEANINGS, Said, explain};
pub use ignore::{Ignore, IgnoreError, Rule, Standing};
pub use lint::{
    BaseFacts, Edit, Hint, HintRule, KnownBase, LintOptions, Linted, Severity, lint, mended,
};
pub use mount::{Mount, MountError, MountField, MountType};
pub use parse::{
    Arguments, Diagnostic, Directive, Dockerfile, Heredoc, Instruction, Keyword, PROBLEM_CODES,
    Pair, Piece, PieceKind, Problem, Tree, Word,
};
pub use rebuild::{Facts, HistoryLine, RebuiltLine, Unknown, rebuild};
pub use recorded::instruction;
pub use unsaid::{Configured, ConfiguredCheck};

//! Text to tree: nothing of the text is lost, and what is wrong is said with its place.

mod arguments;
mod diagnostic;
mod directive;
mod exec;
mod heredoc;
mod instruction;
mod keyword;
mod line;
mod problem;
mod rules;
mod tree;

pub use diagnostic::Diagnostic;
pub use directive::Directive;
pub use heredoc::Heredoc;
pub use instruction::{Arguments, Instruction, Pair, Word};
pub use keyword::Keyword;
pub(crate) use keyword::nearest;
pub use problem::{PROBLEM_CODES, Problem};
pub use tree::{Dockerfile, Piece, PieceKind, Tree};

#[cfg(test)]
mod tests;

//! Files that are copied: where they come from, which are meant, where they go, and whose they are.

mod chmod;

pub(crate) use chmod::{ModeClause, parse_chmod};

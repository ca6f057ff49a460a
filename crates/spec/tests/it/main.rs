//! The parsers against vectors of public suites, and against inputs that nobody wrote.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod documents;
mod properties;
mod references;

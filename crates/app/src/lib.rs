//! Use cases, jobs, and the types that cross to the window.
pub mod api;

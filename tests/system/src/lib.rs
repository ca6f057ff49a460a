//! The `strata` command against a real registry, with images of real files, compared with what `skopeo` and `tar` say.
//!
//! This crate has no code of its own and uses none of Strata's crates: what it compares must not come from them. The tests
//! stand in `tests/it`; a test whose tools are missing says so and returns.

//! Archives that hold packages.

pub(crate) mod zip;

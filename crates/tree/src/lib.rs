//! File trees.

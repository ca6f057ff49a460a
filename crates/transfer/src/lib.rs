//! Whole images.

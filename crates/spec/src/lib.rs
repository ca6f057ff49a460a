//! Names and documents.

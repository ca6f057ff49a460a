//! What is found in files.

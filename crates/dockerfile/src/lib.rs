//! Dockerfiles: text to tree to instructions, and back, without a letter lost.

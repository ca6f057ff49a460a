//! Dockerfiles read and printed.

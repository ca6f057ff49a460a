//! What is in the files of an image: packages, secrets, kinds of content.

//! Building an image from a Dockerfile, as a job.

mod causes;
mod git;
mod lines;
mod output;
mod outside;
mod place;
mod view;

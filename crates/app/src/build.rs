//! Building an image from a Dockerfile, as a job.

mod causes;
mod lines;
mod output;
mod place;
mod view;

//! Building an image from a Dockerfile, as a job.

mod causes;

//! Building an image from a Dockerfile, as a job.

mod causes;
mod context_look;
mod examples;
mod git;
mod history;
mod job;
mod lines;
mod output;
mod outside;
mod place;
mod saving;
mod sheet;
mod view;
mod what_if;

pub use job::BuildExtras;
pub(crate) use output::BuildOutputs;

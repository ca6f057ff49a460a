//! `cargo xtask bench pull`: the same pulls by different tools, in turn, in one run. `cargo xtask bench browse`: how
//! long the window shows no new frame while an image is pulled and scrolled through. `cargo xtask bench tags`: how long a
//! keystroke in the filter of ten thousand tags takes. `cargo xtask bench cat`: how long a file at the end of a large
//! layer takes. `cargo xtask bench tree`: how long looking at stored images takes. `cargo xtask bench build`: the same
//! Dockerfiles built by Strata and by buildah.

mod arguments;
mod browse;
mod build;
mod cat;
mod cost;
mod daemon;
mod delay_proxy;
mod many;
mod own;
mod place;
mod pull;
mod recorded;
mod report;
mod subject;
mod tool;
mod tree;

use crate::error::TaskError;
use crate::workspace::Workspace;

/// Runs the measurement that the arguments name.
pub fn bench(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    match arguments::parse(arguments)? {
        arguments::Bench::Browse { image } => browse::browse(workspace, &image),
        arguments::Bench::Cat { image, rounds } => cat::cat(workspace, &image, rounds),
        arguments::Bench::Tags { count } => browse::tags(workspace, count),
        arguments::Bench::Tree { images, rounds } => tree::tree(workspace, &images, rounds),
        arguments::Bench::Build { rounds } => build::build(workspace, rounds),
        arguments::Bench::Pull(wanted) => pull::pull(workspace, &wanted),
    }
}

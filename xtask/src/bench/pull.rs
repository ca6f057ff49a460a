//! The rounds: each image by each tool in turn, so that whatever else the machine does falls on all of them alike.

use std::fs;
use std::path::PathBuf;

use super::arguments::Wanted;
use super::cost::{Cost, median};
use super::delay_proxy;
use super::own::{Moments, Own, median_moments};
use super::place::Place;
use super::report::{self, Frame};
use super::subject::{Subject, layers, reference, subjects};
use super::tool::Tool;
use crate::build;
use crate::corpus::Corpus;
use crate::error::TaskError;
use crate::setup::{self, Purpose};
use crate::workspace::Workspace;

/// All that was measured of one image.
#[derive(Debug)]
pub struct Measured {
    /// The image.
    pub subject: Subject,
    /// Each tool that can pull it, and what its pulls cost; ours first, then skopeo.
    pub costs: Vec<(Tool, Vec<Cost>)>,
    /// Processor seconds of decompressing and hashing alone.
    pub bound: f64,
    /// When its files were known.
    pub moments: Moments,
}

/// Measures and prints the report.
pub fn pull(workspace: &Workspace, wanted: &Wanted) -> Result<(), TaskError> {
    setup::setup(workspace, Purpose::Bench)?;
    let strata = build::released_command(workspace)?;
    let own = Own::build(workspace)?;
    let corpus = Corpus::start(workspace)?;
    let subjects = subjects(&corpus, &wanted.images)?;
    let address = match wanted.delay {
        Some(delay) => delay_proxy::start(&corpus.address, delay)?,
        None => corpus.address.clone(),
    };
    let tools = Tool::all(strata);
    let place = Place::make(workspace)?;
    let load_before = load();
    let mut all = Vec::new();
    for subject in subjects {
        println!("measuring: {}", subject.name);
        let packed = place.empty("layers")?;
        let packed = layers(&corpus, &subject.name, &packed)?;
        let site = Site { own: &own, place: &place, address: &address, layers: packed };
        all.push(site.measure(subject, &tools, wanted.rounds)?);
    }
    let frame = Frame {
        rounds: wanted.rounds,
        delay: wanted.delay,
        place: place.kind,
        load: format!("{load_before} before, {} after", load()),
    };
    println!("\n{}", report::report(&frame, &all));
    Ok(())
}

/// Where one image is measured.
struct Site<'a> {
    own: &'a Own,
    place: &'a Place,
    address: &'a str,
    layers: Vec<PathBuf>,
}

impl Site<'_> {
    /// The first round warms the file cache, finds out which tools can pull the image, and is thrown away.
    fn measure(
        &self,
        subject: Subject,
        tools: &[Tool],
        rounds: usize,
    ) -> Result<Measured, TaskError> {
        let reference = reference(self.address, &subject.name);
        let mut costs: Vec<(Tool, Vec<Cost>)> = Vec::new();
        for tool in tools {
            match tool.pull(&reference, self.place) {
                Ok(_) => costs.push((tool.clone(), Vec::new())),
                Err(error) if tool.is_needed() => return Err(error),
                Err(error) => println!("skipped: {} for {}: {error}", tool.name(), subject.name),
            }
        }
        let (mut bounds, mut moments) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            for (tool, costs) in &mut costs {
                costs.push(tool.pull(&reference, self.place)?);
            }
            bounds.push(self.own.bound(&self.place.empty("bound")?, &self.layers)?);
            moments.push(self.own.moments(&self.place.empty("store")?, &reference)?);
        }
        let (bound, moments) = (median(bounds), median_moments(&moments));
        Ok(Measured { subject, costs, bound, moments })
    }
}

/// How much else the machine had to do.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

//! When the files of an image are known: the moments of one pull, for `cargo xtask bench pull`.
//!
//! `moments STORE REFERENCE [RATE]` pulls into an empty store, at no more than RATE bytes a second, and prints one JSON object: milliseconds from the first byte of
//! any layer to the first file, and for each layer from its last byte to its whole tree.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use strata_remote::{Client, ClientOptions};
use strata_spec::{Digest, Platform, Reference};
use strata_store::Store;
use strata_transfer::{Plan, PullRequest, Reporter, StepState, pull};
use tokio_util::sync::CancellationToken;

/// The moments so far.
#[derive(Default)]
struct Moments {
    sizes: HashMap<Digest, u64>,
    first_byte: Option<Instant>,
    first_entry: Option<Instant>,
    last_bytes: HashMap<Digest, Instant>,
    trees: HashMap<Digest, Duration>,
}

#[derive(Default)]
struct Clock(Mutex<Moments>);

impl Clock {
    fn note(&self, what: impl FnOnce(&mut Moments, Instant)) {
        let now = Instant::now();
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), now);
    }
}

impl Reporter for Clock {
    fn plan(&self, plan: &Plan) {
        self.note(|moments, _| {
            let layers = plan.distinct().map(|layer| &layer.descriptor);
            moments.sizes = layers.map(|layer| (layer.digest.clone(), layer.size)).collect();
        });
    }

    fn step(&self, digest: &Digest, state: StepState, done_bytes: u64) {
        self.note(|moments, now| match state {
            StepState::Downloading if done_bytes > 0 => {
                moments.first_byte.get_or_insert(now);
                if moments.sizes.get(digest) == Some(&done_bytes) {
                    moments.last_bytes.insert(digest.clone(), now);
                }
            }
            StepState::Done => {
                if let Some(last_byte) = moments.last_bytes.get(digest) {
                    moments.trees.insert(digest.clone(), now - *last_byte);
                }
            }
            _ => {}
        });
    }

    fn first_entry(&self, _digest: &Digest) {
        self.note(|moments, now| {
            moments.first_entry.get_or_insert(now);
        });
    }

    fn committing(&self) {}
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(folder), Some(reference)) = (words.next(), words.next()) else {
        return Err("usage: moments STORE REFERENCE [RATE]".into());
    };
    let store = Store::open(Path::new(&folder))?;
    let options = ClientOptions::default();
    if let Some(rate) = words.next() {
        options.bandwidth.set(rate.parse()?);
    }
    let client = Client::new(options)?;
    let request = PullRequest {
        reference: Reference::parse(&reference)?,
        platform: Platform::host(),
        exact: false,
    };
    let clock = Arc::new(Clock::default());
    let reporter: Arc<dyn Reporter> = Arc::clone(&clock) as _;
    pull(&store, &client, &request, reporter, CancellationToken::new()).await?;
    let moments = clock.0.lock().unwrap_or_else(PoisonError::into_inner);
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1000.0;
    let first = moments.first_byte.zip(moments.first_entry).map(|(byte, entry)| entry - byte);
    let trees: Vec<f64> = moments.trees.values().copied().map(milliseconds).collect();
    println!("{}", serde_json::json!({ "first_entry": first.map(milliseconds), "trees": trees }));
    Ok(())
}

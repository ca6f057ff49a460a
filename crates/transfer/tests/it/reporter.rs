use std::sync::Mutex;

use strata_spec::Digest;
use strata_transfer::{Plan, Reporter, StepState};
use tokio::sync::watch;

/// Remembers what it is told, and wakes those who wait for it.
pub struct Told {
    pub steps: Mutex<Vec<(Digest, StepState, u64)>>,
    pub total: Mutex<Option<(u64, u64)>>,
    most: watch::Sender<u64>,
}

impl Told {
    pub fn new() -> Self {
        Self { steps: Mutex::default(), total: Mutex::default(), most: watch::Sender::new(0) }
    }

    /// Waits until so many bytes of a layer have come.
    pub async fn has_come(&self, bytes: u64) {
        self.most.subscribe().wait_for(|most| *most >= bytes).await.unwrap();
    }

    /// The states of a layer, each once.
    pub fn states(&self, digest: &Digest) -> Vec<StepState> {
        let steps = self.steps.lock().unwrap();
        let mut states: Vec<StepState> =
            steps.iter().filter(|step| step.0 == *digest).map(|step| step.1).collect();
        states.dedup();
        states
    }
}

impl Reporter for Told {
    fn plan(&self, plan: &Plan) {
        *self.total.lock().unwrap() = Some((plan.total_bytes(), plan.here_bytes()));
    }

    fn step(&self, digest: &Digest, state: StepState, done_bytes: u64) {
        self.steps.lock().unwrap().push((digest.clone(), state, done_bytes));
        if state == StepState::Downloading {
            self.most.send_if_modified(|most| {
                *most = (*most).max(done_bytes);
                true
            });
        }
    }

    fn committing(&self) {}
}

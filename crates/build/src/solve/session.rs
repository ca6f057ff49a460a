//! What the steps of one build share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use strata_layer::Timestamp;
use strata_spec::Digest;
use strata_store::Store;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::step::Outcome;
use crate::context::{self, Context};
use crate::files::StackFiles;
use crate::plan::{FilesId, Plan};
use crate::{
    BuildError, BuildRequest, ContextSource, Host, NamedContext, Reporter, Stop, StoredLayer,
};

pub(super) struct Session<'a> {
    pub store: &'a Store,
    pub request: &'a BuildRequest,
    pub plan: &'a Plan,
    pub host: &'a dyn Host,
    pub reporter: &'a dyn Reporter,
    /// Raised with that of the build, and when a step has failed.
    pub stop: Stop,
    /// Seconds since 1970 that no time is later than.
    pub epoch: Option<i64>,
    contexts: Mutex<HashMap<FilesId, Arc<Context>>>,
    stacks: Mutex<HashMap<Vec<Digest>, Arc<StackFiles>>>,
    flights: Mutex<HashMap<Digest, Arc<Mutex<()>>>>,
    /// What stages begin with, where that is no other stage.
    pub begins: Vec<OnceLock<Vec<StoredLayer>>>,
    /// What became of the steps that are done.
    pub outcomes: Mutex<Vec<Option<Arc<Outcome>>>>,
}

impl<'a> Session<'a> {
    pub fn new(
        store: &'a Store,
        request: &'a BuildRequest,
        plan: &'a Plan,
        (host, reporter): (&'a dyn Host, &'a dyn Reporter),
        stop: &Stop,
    ) -> Result<Self, BuildError> {
        let given = request.options.args.get("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty());
        let given = given.map(|text| {
            text.parse::<i64>().map_err(|_| BuildError::Dockerfile {
                line: 1,
                message: format!("SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds"),
                suggestion: None,
            })
        });
        Ok(Self {
            store,
            request,
            plan,
            host,
            reporter,
            stop: stop.below(),
            epoch: request.options.epoch.or(given.transpose()?),
            contexts: Mutex::new(HashMap::new()),
            stacks: Mutex::new(HashMap::new()),
            flights: Mutex::new(HashMap::new()),
            begins: plan.stages.iter().map(|_| OnceLock::new()).collect(),
            outcomes: Mutex::new(vec![None; plan.steps.len()]),
        })
    }

    /// Files of this machine; their names are read when somebody asks for the first time.
    pub fn context(&self, id: &FilesId) -> Result<Arc<Context>, BuildError> {
        let mut contexts = self.contexts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = contexts.get(id) {
            return Ok(Arc::clone(known));
        }
        let empty = ContextSource::Empty;
        let (source, dockerfile) = match id {
            None => (&self.request.context, self.request.dockerfile.path.as_deref()),
            Some(name) => match self.request.options.contexts.get(name) {
                Some(NamedContext::Files(source)) => (source, None),
                _ => (&empty, None),
            },
        };
        let opened = Arc::new(context::open(self.store, source, dockerfile, &self.stop)?);
        if id.is_none() {
            let (files, bytes) = opened.files.as_ref().map_or((0, 0), |files| files.totals());
            self.reporter.context(files, bytes);
        }
        contexts.insert(id.clone(), Arc::clone(&opened));
        Ok(opened)
    }

    /// The files of some layers.
    pub fn stack(&self, layers: &[StoredLayer]) -> Result<Arc<StackFiles>, BuildError> {
        let name: Vec<Digest> = layers.iter().map(|layer| layer.diff_id.0.clone()).collect();
        let mut stacks = self.stacks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = stacks.get(&name) {
            return Ok(Arc::clone(known));
        }
        let opened = Arc::new(StackFiles::open(self.store, layers)?);
        stacks.insert(name, Arc::clone(&opened));
        Ok(opened)
    }

    /// What only one step at a time may hold for a key.
    pub fn flight(&self, key: &Digest) -> Arc<Mutex<()>> {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(flights.entry(key.clone()).or_default())
    }

    /// The time of what is made now.
    pub fn now(&self) -> Timestamp {
        if let Some(epoch) = self.epoch {
            return Timestamp { seconds: epoch, nanos: 0 };
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp { seconds: i64::try_from(since.as_secs()).unwrap_or(0), nanos: 0 }
    }

    /// The same as text, RFC 3339.
    pub fn now_text(&self) -> String {
        let now = match self.epoch {
            Some(epoch) => OffsetDateTime::from_unix_timestamp(epoch).ok(),
            None => Some(OffsetDateTime::now_utc()),
        };
        now.and_then(|now| now.format(&Rfc3339).ok())
            .unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())
    }

    /// Keeps what was found out on the way.
    pub fn close(&self) {
        let contexts = self.contexts.lock().unwrap_or_else(PoisonError::into_inner);
        for context in contexts.values() {
            if let Some(files) = &context.files {
                files.close();
            }
        }
    }
}

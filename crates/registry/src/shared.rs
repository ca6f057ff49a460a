//! What all requests to one server share.

use std::sync::{Mutex, PoisonError};

use axum::http::{Method, Uri};
use strata_spec::Reference;
use strata_store::{Store, StoreError};
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::log::Log;
use crate::refusal::{Code, Refusal};
use crate::uploads::Uploads;
use crate::{Fault, Faults, ServerOptions, WriteToken};

/// The server's side of every request.
#[derive(Debug)]
pub(crate) struct Shared {
    pub store: Store,
    pub registry: String,
    pub write_token: Option<WriteToken>,
    pub hosts: Vec<String>,
    pub log: Log,
    pub uploads: Uploads,
    pub stop: CancellationToken,
    faults: Mutex<Faults>,
}

impl Shared {
    pub fn new(store: Store, options: ServerOptions) -> Self {
        Self {
            store,
            registry: options.registry,
            write_token: options.write_token,
            hosts: options.hosts,
            log: Log::default(),
            uploads: Uploads::default(),
            stop: CancellationToken::new(),
            faults: Mutex::new(options.faults),
        }
    }

    /// How this request is to fail.
    pub fn faults_of(&self, method: &Method, uri: &Uri) -> Vec<Fault> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).strike(method, uri.path())
    }

    /// Whether clients have to sign in for tokens, and with what.
    pub fn token_login(&self) -> Option<(String, String)> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).token_login()
    }

    pub fn set_faults(&self, faults: Faults) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// The name of a repository as the store keeps it, without tag. Refuses what is not one.
    pub fn repository(&self, name: &str) -> Result<Reference, Refusal> {
        let invalid = || Refusal::new(Code::NameInvalid, "this is not the name of a repository");
        let parsed = Reference::parse(&format!("{}/{name}", self.registry));
        let reference = parsed.map_err(|_| invalid())?;
        // Parsing fills in and takes apart: a name with a tag or digest in it is none.
        let same = reference.registry() == self.registry
            && reference.repository() == name
            && reference.tag().is_none()
            && reference.digest().is_none();
        if same { Ok(reference) } else { Err(invalid()) }
    }

    /// Asks the store on a thread for blocking work.
    pub async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let store = self.store.clone();
        match spawn_blocking(move || work(&store)).await {
            Ok(done) => done.map_err(Refusal::from),
            Err(_) => Err(Refusal::new(Code::Unknown, "the work on it ended without a result")),
        }
    }
}

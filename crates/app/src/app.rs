//! The one handle to everything, and what it holds.

use std::fmt;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use strata_engine::{BuiltIn, Engine};
use strata_remote::{Bandwidth, Client};
use strata_spec::Platform;
use strata_store::Store;
use tokio::sync::broadcast;

use crate::api::{AppInfo, Settings, Topic, UserError};
use crate::build::BuildOutputs;
use crate::connection::Set;
use crate::error::AppError;
use crate::job_news::JobNews;
use crate::jobs::Jobs;
use crate::kept_logins::KeptLogins;
use crate::keychain::{Keychain, SystemKeychain};
use crate::listings::Listings;
use crate::logins::Logins;
use crate::paths::{Paths, downloads, locale};
use crate::peeked::Peeked;
use crate::practice::Practice;
use crate::queue_file::QueueFile;
use crate::settings_file::SettingsFile;
use crate::summaries::Summaries;
use crate::xray::Recorder;

/// How many changes a slow listener may lag behind; what it misses it is told to ask for again.
const CHANGES_KEPT: usize = 64;
/// How often the store is asked whether another process changed it.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// What only the command line can say.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Registries (`host` or `host:port`) that are spoken to without TLS, besides those on loopback.
    pub plain_http: Vec<String>,
    /// The least bytes a second of a layer, instead of what is set; 0 for any.
    pub least_rate: Option<u64>,
    /// The most bytes a second of all layers together, instead of what is set; 0 for as many as there are.
    pub limit_rate: Option<u64>,
    /// Where logins are kept, in place of the system's keychain.
    pub keychain: Option<Arc<dyn Keychain>>,
}

/// Everything that Strata can do. Copies share one store, one client, and the jobs of this run.
///
/// The async methods never block; the others say so where they do.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub paths: Paths,
    pub store: Store,
    pub options: Options,
    pub client: RwLock<Client>,
    pub bandwidth: Bandwidth,
    pub jobs: Jobs,
    pub job_news: Arc<JobNews>,
    pub queue: Arc<QueueFile>,
    /// What was asked of registries beside jobs.
    pub xray: Arc<Recorder>,
    pub listings: Listings,
    pub peeked: Peeked,
    pub summaries: Summaries,
    pub practice: Practice,
    pub logins: Arc<Logins>,
    pub engine: Arc<dyn Engine>,
    pub builds: BuildOutputs,
    settings: SettingsFile,
    changes: broadcast::Sender<Topic>,
}

impl App {
    /// Opens the store, making it if there is none. Blocks shortly.
    ///
    /// # Errors
    /// If the store cannot be opened, or the client cannot be set up.
    pub fn open(paths: Paths, options: Options) -> Result<Self, UserError> {
        Self::open_at(paths, options).map_err(UserError::from)
    }

    fn open_at(paths: Paths, options: Options) -> Result<Self, AppError> {
        let store = Store::open(&paths.store)?;
        let settings = SettingsFile::open(&paths.settings);
        let keychain = options.keychain.clone().unwrap_or_else(|| Arc::new(SystemKeychain));
        let kept = KeptLogins::new(paths.kept_logins(), keychain);
        let logins = Arc::new(Logins::new(kept, paths.logins.clone()));
        let bandwidth = Bandwidth::default();
        let set = Set { paths: &paths, settings: &settings.read(), options: &options };
        let client = Client::new(set.client_options(&logins, &bandwidth)?)?;
        let changes = broadcast::Sender::new(CHANGES_KEPT);
        let inner = Inner {
            store,
            client: RwLock::new(client),
            bandwidth,
            jobs: Jobs::default(),
            job_news: Arc::new(JobNews::new(changes.clone())),
            queue: Arc::new(QueueFile::new(paths.queue())),
            xray: Arc::default(),
            listings: Listings::default(),
            peeked: Peeked::default(),
            summaries: Summaries::default(),
            practice: Practice::default(),
            logins,
            engine: Arc::new(BuiltIn::new(&paths.helper, &paths.store)),
            builds: BuildOutputs::default(),
            settings,
            changes,
            paths,
            options,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What a window does once: starts the practice registry if the settings say so, finds the pulls that an earlier
    /// window left and keeps those of this one, and watches the store for what other processes do. Must be called within a tokio runtime; ends with the last copy of the handle.
    pub fn start_background(&self) {
        if self.settings().practice_registry {
            let app = self.clone();
            tokio::spawn(async move { app.practice_switch(true).await });
        }
        tokio::spawn(Self::keep_queue(Arc::downgrade(&self.inner)));
        let watched = Arc::downgrade(&self.inner);
        tokio::spawn(async move {
            let mut seen = None;
            while let Some(inner) = watched.upgrade() {
                let store = inner.store.clone();
                let now = tokio::task::spawn_blocking(move || store.generation().ok()).await;
                if let Ok(Some(now)) = now
                    && seen.replace(now).is_some_and(|before| before != now)
                {
                    inner.changes.send(Topic::Images).ok();
                }
                drop(inner);
                tokio::time::sleep(STORE_PAUSE).await;
            }
        });
    }

    /// What the program says of itself.
    #[must_use]
    pub fn info(&self) -> AppInfo {
        AppInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            store_path: self.inner.paths.store.display().to_string(),
            host_platform: Platform::host().to_string(),
            locale: locale(),
            downloads: downloads(),
        }
    }

    /// What a person has set.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.inner.settings.read()
    }

    /// Keeps settings, and answers with them.
    ///
    /// # Errors
    /// If the file cannot be written; the settings then hold for this run.
    pub async fn settings_write(&self, settings: Settings) -> Result<Settings, UserError> {
        let inner = Arc::clone(&self.inner);
        let kept = on_thread("the settings", move || {
            inner.settings.write(&settings)?;
            Ok(settings)
        })
        .await;
        self.renew_client()?;
        self.tell(Topic::Settings);
        self.tell(Topic::Registries);
        // More pulls may be at work now.
        self.jobs_changed();
        kept
    }

    /// What changes from now on.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Topic> {
        self.inner.changes.subscribe()
    }

    pub(crate) fn tell(&self, topic: Topic) {
        // Nobody listening is fine.
        self.inner.changes.send(topic).ok();
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("paths", &self.inner.paths).finish_non_exhaustive()
    }
}

/// Runs blocking work on a thread for it.
pub(crate) async fn on_thread<T: Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, UserError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or(Err(AppError::Worker { what })).map_err(UserError::from)
}

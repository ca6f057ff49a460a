use std::time::Duration;

use strata_app::api::{ImageDetail, Outcome, PracticeState, PullStart};
use strata_app::{App, Options, Paths};
use tempfile::TempDir;

/// A handle with a store, settings and a practice registry of its own.
pub struct Site {
    pub app: App,
    pub folder: TempDir,
}

impl Site {
    /// With nothing in its store, and the practice registry off.
    pub fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(paths(&folder), Options::default()).unwrap();
        Self { app, folder }
    }

    /// With a login in a file of Docker's: the Base64 of `user:password`.
    pub fn with_login(registry: &str, login: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = paths(&folder);
        paths.logins = vec![folder.path().join("config.json")];
        let text = serde_json::json!({ "auths": { registry: { "auth": login } } }).to_string();
        std::fs::write(&paths.logins[0], text).unwrap();
        let app = App::open(paths, Options::default()).unwrap();
        Self { app, folder }
    }

    /// The same with the practice registry on; gives its address too.
    pub async fn with_practice() -> (Self, String) {
        let site = Self::open();
        let status = site.app.practice_switch(true).await;
        assert_eq!(status.state, PracticeState::Running, "{:?}", status.error);
        let address = status.address.unwrap();
        (site, address)
    }

    /// Starts a pull and waits for its end.
    pub async fn pull(&self, reference: &str) -> Outcome {
        self.pull_for(reference, None).await
    }

    pub async fn pull_for(&self, reference: &str, platform: Option<&str>) -> Outcome {
        let platform = platform.map(str::to_owned);
        let wanted = PullStart { reference: reference.to_owned(), platform };
        let id = self.app.pull_start(wanted).unwrap();
        self.outcome(id).await
    }

    pub async fn outcome(&self, id: u64) -> Outcome {
        loop {
            if let Some(outcome) = self.app.job(id).unwrap().snapshot().outcome {
                return outcome;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Pulls a sample and reads it.
    pub async fn sample(name: &str) -> (Self, ImageDetail) {
        let (site, address) = Self::with_practice().await;
        let reference = format!("{address}/practice/{name}:1.0");
        let outcome = site.pull(&reference).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let image = site.app.image_find(&reference, None).await.unwrap();
        (site, image)
    }
}

pub fn paths(folder: &TempDir) -> Paths {
    Paths {
        store: folder.path().join("store"),
        practice: folder.path().join("practice"),
        settings: folder.path().join("settings.json"),
        logins: Vec::new(),
        certificates: Vec::new(),
        registries_files: Vec::new(),
        practice_port: 0,
        helper: strata_app::Paths::from_environment(None).helper,
    }
}

//! Telling every window what changed.

use strata_app::App;
use strata_app::api::{CHANGED_EVENT, Topic};
use tauri::{AppHandle, Emitter, Runtime};
use tokio::sync::broadcast::error::RecvError;

/// All topics: for when it is not known which of them changed.
const ALL: [Topic; 5] =
    [Topic::Images, Topic::Jobs, Topic::Practice, Topic::Settings, Topic::Registries];

/// Starts what the app does by itself, and passes on what it tells, until it is gone.
pub fn tell<R: Runtime>(handle: &AppHandle<R>, app: &App) {
    let (handle, app, mut changes) = (handle.clone(), app.clone(), app.changes());
    tauri::async_runtime::spawn(async move {
        app.start_background();
        drop(app);
        loop {
            let topics = match changes.recv().await {
                Ok(topic) => vec![topic],
                Err(RecvError::Lagged(_)) => ALL.to_vec(),
                Err(RecvError::Closed) => return,
            };
            for topic in topics {
                // A window that is just closing needs no news.
                handle.emit(CHANGED_EVENT, topic).ok();
            }
        }
    });
}

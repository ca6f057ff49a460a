//! Closing the window while something is at work.

use std::time::Duration;

use strata_app::App;
use tauri::{Manager, Runtime, Window, WindowEvent};

use crate::Shell;

/// How long jobs have to end. The store is whole whether they do or not, and what arrived is kept.
const PATIENCE: Duration = Duration::from_secs(1);

/// Stops what is at work before the window goes.
pub fn on_event<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    let shell = window.state::<Shell>();
    let Ok(app) = shell.app() else { return };
    if app.jobs_running() == 0 {
        return;
    }
    api.prevent_close();
    let (app, window) = (app.clone(), window.clone());
    tauri::async_runtime::spawn(async move {
        tokio::time::timeout(PATIENCE, stop(&app)).await.ok();
        // There is nothing to do about a window that does not go.
        window.destroy().ok();
    });
}

async fn stop(app: &App) {
    for job in app.jobs_list() {
        app.job_stop(job.id);
    }
    while app.jobs_running() > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

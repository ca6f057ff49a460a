//! Closing the window while something is at work.

use std::time::Duration;

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{AppHandle, Manager, RunEvent, Runtime, WindowEvent};

use crate::Shell;

/// How long jobs have to end. The store is whole whether they do or not, and what arrived is kept.
const PATIENCE: Duration = Duration::from_secs(1);

/// Puts down what is at work before a window goes; the next one finds the pulls again.
pub fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("closing").on_event(on_event).build()
}

fn on_event<R: Runtime>(handle: &AppHandle<R>, event: &RunEvent) {
    let RunEvent::WindowEvent { label, event: WindowEvent::CloseRequested { api, .. }, .. } = event
    else {
        return;
    };
    let shell = handle.state::<Shell>();
    let Ok(app) = shell.app() else { return };
    let Some(window) = handle.get_webview_window(label).filter(|_| app.needs_closing()) else {
        return;
    };
    api.prevent_close();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::timeout(PATIENCE, app.close()).await.ok();
        // There is nothing to do about a window that does not go.
        window.destroy().ok();
    });
}

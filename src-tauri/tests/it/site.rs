use std::collections::BTreeMap;

use serde_json::Value;
use strata_app::api::{ErrorCode, UserError};
use strata_app::{App, Options, Paths};
use strata_desktop::{Shell, build_app, context};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{WebviewWindow, WebviewWindowBuilder};
use tempfile::TempDir;

/// The app's own page.
pub const PAGE: &str = "tauri://localhost";

/// The shell without a screen.
pub struct Site {
    app: tauri::App<MockRuntime>,
    window: WebviewWindow<MockRuntime>,
    _folder: TempDir,
}

impl Site {
    /// Over an empty store.
    pub fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(paths(&folder), Options::default()).unwrap();
        Self::with(Shell::new(Ok(app)), folder)
    }

    /// Without a store: [`newer`] is why.
    pub fn without_store() -> Self {
        Self::with(Shell::new(Err(newer())), tempfile::tempdir().unwrap())
    }

    fn with(shell: Shell, folder: TempDir) -> Self {
        let app = build_app(mock_builder(), shell).build(context()).unwrap();
        let window = WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default());
        let window = window.build().unwrap();
        Self { app, window, _folder: folder }
    }

    pub fn window(&self, label: &str) -> WebviewWindow<MockRuntime> {
        WebviewWindowBuilder::new(&self.app, label, tauri::WebviewUrl::default()).build().unwrap()
    }

    /// Asks as the page in the main window does.
    pub fn invoke(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        invoke(&self.window, PAGE, command, arguments)
    }
}

/// Places of a test's own.
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

/// Asks as a page from `url` in a window would.
pub fn invoke(
    window: &WebviewWindow<MockRuntime>,
    url: &str,
    command: &str,
    arguments: Value,
) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: url.parse().unwrap(),
        body: InvokeBody::Json(arguments),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

/// A store that this Strata is too old for.
pub fn newer() -> UserError {
    UserError {
        code: ErrorCode::StoreNewer,
        subject: Some("a store".to_owned()),
        params: BTreeMap::new(),
        actions: Vec::new(),
        causes: vec!["version 9".to_owned()],
        retryable: false,
    }
}

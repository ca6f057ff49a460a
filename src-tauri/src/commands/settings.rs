//! What a person has set, and what the program says of itself.

use strata_app::api::{AppInfo, Nothing, Settings, SettingsWrite};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn app_info(shell: State<'_, Shell>, request: Nothing) -> Answer<AppInfo> {
    let Nothing {} = request;
    Ok(shell.app()?.info())
}

#[tauri::command]
pub(super) async fn settings_read(shell: State<'_, Shell>, request: Nothing) -> Answer<Settings> {
    let Nothing {} = request;
    Ok(shell.app()?.settings())
}

#[tauri::command]
pub(super) async fn settings_write(
    shell: State<'_, Shell>,
    request: SettingsWrite,
) -> Answer<Settings> {
    shell.app()?.settings_write(request.settings).await
}

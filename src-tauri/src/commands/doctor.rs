//! What this machine can do.

use strata_app::api::{Doctor, Nothing};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn doctor(shell: State<'_, Shell>, request: Nothing) -> Answer<Doctor> {
    let Nothing {} = request;
    shell.app()?.doctor().await
}

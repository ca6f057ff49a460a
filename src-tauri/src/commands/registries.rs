//! Registries, the practice registry among them.

use strata_app::api::{Nothing, PracticeStatus, PracticeSwitch, SignIn, Xray, XrayRead};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn practice_status(
    shell: State<'_, Shell>,
    request: Nothing,
) -> Answer<PracticeStatus> {
    let Nothing {} = request;
    Ok(shell.app()?.practice_status())
}

#[tauri::command]
pub(super) async fn practice_switch(
    shell: State<'_, Shell>,
    request: PracticeSwitch,
) -> Answer<PracticeStatus> {
    Ok(shell.app()?.practice_switch(request.on).await)
}

#[tauri::command]
pub(super) async fn sign_in(shell: State<'_, Shell>, request: SignIn) -> Answer<()> {
    shell.app()?.sign_in(request)
}

#[tauri::command]
pub(super) async fn xray_read(shell: State<'_, Shell>, request: XrayRead) -> Answer<Xray> {
    shell.app()?.xray_read(request)
}

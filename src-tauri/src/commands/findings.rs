//! Packages and secrets.

use strata_app::api::{FileSaved, Findings, FindingsRead, SbomSave};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn inspect_start(shell: State<'_, Shell>, request: FindingsRead) -> Answer<u64> {
    shell.app()?.inspect_start(&request)
}

#[tauri::command]
pub(super) async fn findings_read(
    shell: State<'_, Shell>,
    request: FindingsRead,
) -> Answer<Findings> {
    shell.app()?.findings(request).await
}

#[tauri::command]
pub(super) async fn sbom_save(shell: State<'_, Shell>, request: SbomSave) -> Answer<FileSaved> {
    shell.app()?.sbom_save(request).await
}

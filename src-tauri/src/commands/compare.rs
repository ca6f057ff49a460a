//! Two images beside each other.

use strata_app::api::{
    CompareRead, CompareRowsRead, Comparison, FileDiff, FileDiffRead, FileRows, TagChangesRead,
};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn compare_read(
    shell: State<'_, Shell>,
    request: CompareRead,
) -> Answer<Comparison> {
    shell.app()?.compare(request).await
}

#[tauri::command]
pub(super) async fn compare_rows(
    shell: State<'_, Shell>,
    request: CompareRowsRead,
) -> Answer<FileRows> {
    shell.app()?.compare_rows(request).await
}

#[tauri::command]
pub(super) async fn tag_changes(
    shell: State<'_, Shell>,
    request: TagChangesRead,
) -> Answer<Comparison> {
    shell.app()?.tag_changes(request).await
}

#[tauri::command]
pub(super) async fn file_diff(shell: State<'_, Shell>, request: FileDiffRead) -> Answer<FileDiff> {
    shell.app()?.file_diff(request).await
}

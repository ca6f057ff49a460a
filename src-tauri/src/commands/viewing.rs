//! What is in a file.

use strata_app::api::{FileAt, FileDetails, FileHexRead, FileSave, FileSaved, HexPage};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn file_hex(shell: State<'_, Shell>, request: FileHexRead) -> Answer<HexPage> {
    shell.app()?.file_hex(request).await
}

#[tauri::command]
pub(super) async fn file_details(shell: State<'_, Shell>, request: FileAt) -> Answer<FileDetails> {
    shell.app()?.file_details(request).await
}

#[tauri::command]
pub(super) async fn file_save(shell: State<'_, Shell>, request: FileSave) -> Answer<FileSaved> {
    shell.app()?.file_save(request).await
}

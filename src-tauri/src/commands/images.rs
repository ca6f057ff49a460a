//! What is stored.

use strata_app::api::{
    FilePreview, FilePreviewRead, FileRows, FileRowsRead, FilesSearch, FoundFiles, ImageDetail,
    ImageList, ImageRead, LayerSharer, LayerSharersRead, Nothing, Owners, OwnersRead, Space,
    SpaceRead, Touch, WasteRead, WasteReport, WhoRead,
};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn images_list(shell: State<'_, Shell>, request: Nothing) -> Answer<ImageList> {
    let Nothing {} = request;
    shell.app()?.images_list().await
}

#[tauri::command]
pub(super) async fn image_read(shell: State<'_, Shell>, request: ImageRead) -> Answer<ImageDetail> {
    shell.app()?.image_read(request).await
}

#[tauri::command]
pub(super) async fn layer_sharers(
    shell: State<'_, Shell>,
    request: LayerSharersRead,
) -> Answer<Vec<LayerSharer>> {
    shell.app()?.layer_sharers(request).await
}

#[tauri::command]
pub(super) async fn file_rows(shell: State<'_, Shell>, request: FileRowsRead) -> Answer<FileRows> {
    shell.app()?.file_rows(request.query).await
}

#[tauri::command]
pub(super) async fn file_preview(
    shell: State<'_, Shell>,
    request: FilePreviewRead,
) -> Answer<FilePreview> {
    shell.app()?.file_preview(request).await
}

#[tauri::command]
pub(super) async fn owners_read(shell: State<'_, Shell>, request: OwnersRead) -> Answer<Owners> {
    shell.app()?.owners(request).await
}

#[tauri::command]
pub(super) async fn space_read(shell: State<'_, Shell>, request: SpaceRead) -> Answer<Space> {
    shell.app()?.space(request).await
}

#[tauri::command]
pub(super) async fn waste_read(shell: State<'_, Shell>, request: WasteRead) -> Answer<WasteReport> {
    shell.app()?.waste(request).await
}

#[tauri::command]
pub(super) async fn who_read(shell: State<'_, Shell>, request: WhoRead) -> Answer<Vec<Touch>> {
    shell.app()?.who(request).await
}

#[tauri::command]
pub(super) async fn files_search(
    shell: State<'_, Shell>,
    request: FilesSearch,
) -> Answer<FoundFiles> {
    shell.app()?.files_search(request).await
}

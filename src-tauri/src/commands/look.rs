//! What registries have, before anything is pulled.

use strata_app::api::{
    FileRows, ImageLook, ImageLookRead, OfferSize, PeekRowsRead, ReferenceExplain, ReferenceParts,
    TagFactsPage, TagFactsRead, TagList, TagTarget, TagsRead,
};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn reference_explain(
    shell: State<'_, Shell>,
    request: ReferenceExplain,
) -> Answer<ReferenceParts> {
    shell.app()?.reference_explain(&request.text)
}

#[tauri::command]
pub(super) async fn image_look(
    shell: State<'_, Shell>,
    request: ImageLookRead,
) -> Answer<ImageLook> {
    shell.app()?.look(&request.reference, request.platform.as_deref()).await
}

#[tauri::command]
pub(super) async fn tags_list(shell: State<'_, Shell>, request: TagsRead) -> Answer<TagList> {
    shell.app()?.tags_list(&request.reference).await
}

#[tauri::command]
pub(super) async fn tag_target(shell: State<'_, Shell>, request: TagsRead) -> Answer<TagTarget> {
    shell.app()?.tag_target(&request.reference).await
}

#[tauri::command]
pub(super) async fn tag_facts(
    shell: State<'_, Shell>,
    request: TagFactsRead,
) -> Answer<TagFactsPage> {
    shell.app()?.tag_facts(request).await
}

#[tauri::command]
pub(super) async fn offer_sizes(
    shell: State<'_, Shell>,
    request: TagsRead,
) -> Answer<Vec<OfferSize>> {
    shell.app()?.offer_sizes(&request.reference).await
}

#[tauri::command]
pub(super) async fn peek_rows(shell: State<'_, Shell>, request: PeekRowsRead) -> Answer<FileRows> {
    shell.app()?.peek_rows(request).await
}

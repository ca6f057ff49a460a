//! Builds.

use strata_app::api::{
    BuildExample, BuildHistoryRead, BuildLookRead, BuildOutput, BuildOutputRead, BuildSheet,
    BuildStart, DockerfileSave, Nothing, PastBuild, WhatIfAnswer, WhatIfRead,
};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn build_look(
    shell: State<'_, Shell>,
    request: BuildLookRead,
) -> Answer<BuildSheet> {
    shell.app()?.build_look(request).await
}

#[tauri::command]
pub(super) async fn build_start(shell: State<'_, Shell>, request: BuildStart) -> Answer<u64> {
    shell.app()?.build_start(request).await
}

#[tauri::command]
pub(super) async fn build_output(
    shell: State<'_, Shell>,
    request: BuildOutputRead,
) -> Answer<BuildOutput> {
    shell.app()?.build_output(request)
}

#[tauri::command]
pub(super) async fn build_history(
    shell: State<'_, Shell>,
    request: BuildHistoryRead,
) -> Answer<Vec<PastBuild>> {
    shell.app()?.build_history(request).await
}

#[tauri::command]
pub(super) async fn build_what_if(
    shell: State<'_, Shell>,
    request: WhatIfRead,
) -> Answer<WhatIfAnswer> {
    shell.app()?.build_what_if(request).await
}

#[tauri::command]
pub(super) async fn dockerfile_save(
    shell: State<'_, Shell>,
    request: DockerfileSave,
) -> Answer<Nothing> {
    shell.app()?.dockerfile_save(request).await
}

#[tauri::command]
pub(super) async fn build_examples(
    shell: State<'_, Shell>,
    request: Nothing,
) -> Answer<Vec<BuildExample>> {
    let Nothing {} = request;
    shell.app()?.build_examples().await
}

//! An image's documents and digests.

use strata_app::api::{
    Chain, ChainRead, DigestCheck, DigestCheckRead, DockerfileRead, RebuiltLine,
};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn chain_read(shell: State<'_, Shell>, request: ChainRead) -> Answer<Chain> {
    shell.app()?.chain(request).await
}

#[tauri::command]
pub(super) async fn digest_check(
    shell: State<'_, Shell>,
    request: DigestCheckRead,
) -> Answer<DigestCheck> {
    shell.app()?.digest_check(request).await
}

#[tauri::command]
pub(super) async fn dockerfile_read(
    shell: State<'_, Shell>,
    request: DockerfileRead,
) -> Answer<Vec<RebuiltLine>> {
    shell.app()?.dockerfile(request).await
}

//! Registries, the practice registry among them.

use strata_app::api::{
    CertificateWrite, HubRepository, HubSearch, Nothing, PracticeStatus, PracticeSwitch, RateLimit,
    RealmApprove, RegistryList, RegistryNamed, RegistryTest, RepositoriesRead, RepositoryPage,
    SignIn, SignedOut, Xray, XrayRead,
};
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
    shell.app()?.sign_in(request).await
}

#[tauri::command]
pub(super) async fn sign_out(shell: State<'_, Shell>, request: RegistryNamed) -> Answer<SignedOut> {
    shell.app()?.sign_out(&request.registry).await
}

#[tauri::command]
pub(super) async fn registries_list(
    shell: State<'_, Shell>,
    request: Nothing,
) -> Answer<RegistryList> {
    let Nothing {} = request;
    shell.app()?.registries_list().await
}

#[tauri::command]
pub(super) async fn registry_test(
    shell: State<'_, Shell>,
    request: RegistryNamed,
) -> Answer<RegistryTest> {
    Ok(shell.app()?.registry_test(&request.registry).await)
}

#[tauri::command]
pub(super) async fn rate_limit_read(
    shell: State<'_, Shell>,
    request: RegistryNamed,
) -> Answer<Option<RateLimit>> {
    shell.app()?.rate_limit_read(&request.registry).await
}

#[tauri::command]
pub(super) async fn repositories_list(
    shell: State<'_, Shell>,
    request: RepositoriesRead,
) -> Answer<RepositoryPage> {
    shell.app()?.repositories_list(request).await
}

#[tauri::command]
pub(super) async fn hub_search(
    shell: State<'_, Shell>,
    request: HubSearch,
) -> Answer<Vec<HubRepository>> {
    shell.app()?.hub_search(&request.query).await
}

#[tauri::command]
pub(super) async fn realm_approve(shell: State<'_, Shell>, request: RealmApprove) -> Answer<()> {
    shell.app()?.realm_approve(request).await
}

#[tauri::command]
pub(super) async fn certificate_write(
    shell: State<'_, Shell>,
    request: CertificateWrite,
) -> Answer<()> {
    shell.app()?.certificate_write(request).await
}

#[tauri::command]
pub(super) async fn xray_read(shell: State<'_, Shell>, request: XrayRead) -> Answer<Xray> {
    shell.app()?.xray_read(request)
}

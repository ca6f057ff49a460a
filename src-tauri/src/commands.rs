//! The commands, one for each name in [`strata_app::api::COMMANDS`], and `job_watch`.

use std::collections::BTreeMap;

use strata_app::api::{
    AppInfo, ErrorCode, FilePreview, FilePreviewRead, FileRows, FileRowsRead, ImageDetail,
    ImageList, ImageLook, ImageLookRead, ImageRead, JobEvent, JobNamed, JobSnapshot, Nothing,
    PracticeStatus, PracticeSwitch, PullStart, ReferenceExplain, ReferenceParts, Settings,
    SettingsWrite, SignIn, TagList, TagTarget, TagsRead, UserError,
};
use tauri::ipc::{Channel, Invoke};
use tauri::{Runtime, State};

use crate::Shell;

type Answer<T> = Result<T, UserError>;

/// Answers every command.
pub fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        app_info,
        settings_read,
        settings_write,
        images_list,
        image_read,
        file_rows,
        file_preview,
        reference_explain,
        image_look,
        tags_list,
        tag_target,
        pull_start,
        jobs_list,
        job_stop,
        job_watch,
        practice_status,
        practice_switch,
        sign_in,
    ]
}

#[tauri::command]
async fn app_info(shell: State<'_, Shell>, request: Nothing) -> Answer<AppInfo> {
    let Nothing {} = request;
    Ok(shell.app()?.info())
}

#[tauri::command]
async fn settings_read(shell: State<'_, Shell>, request: Nothing) -> Answer<Settings> {
    let Nothing {} = request;
    Ok(shell.app()?.settings())
}

#[tauri::command]
async fn settings_write(shell: State<'_, Shell>, request: SettingsWrite) -> Answer<Settings> {
    shell.app()?.settings_write(request.settings).await
}

#[tauri::command]
async fn images_list(shell: State<'_, Shell>, request: Nothing) -> Answer<ImageList> {
    let Nothing {} = request;
    shell.app()?.images_list().await
}

#[tauri::command]
async fn image_read(shell: State<'_, Shell>, request: ImageRead) -> Answer<ImageDetail> {
    shell.app()?.image_read(request).await
}

#[tauri::command]
async fn file_rows(shell: State<'_, Shell>, request: FileRowsRead) -> Answer<FileRows> {
    shell.app()?.file_rows(request.query).await
}

#[tauri::command]
async fn file_preview(shell: State<'_, Shell>, request: FilePreviewRead) -> Answer<FilePreview> {
    shell.app()?.file_preview(request).await
}

#[tauri::command]
async fn reference_explain(
    shell: State<'_, Shell>,
    request: ReferenceExplain,
) -> Answer<ReferenceParts> {
    shell.app()?.reference_explain(&request.text)
}

#[tauri::command]
async fn image_look(shell: State<'_, Shell>, request: ImageLookRead) -> Answer<ImageLook> {
    shell.app()?.look(&request.reference, request.platform.as_deref()).await
}

#[tauri::command]
async fn tags_list(shell: State<'_, Shell>, request: TagsRead) -> Answer<TagList> {
    shell.app()?.tags_list(&request.reference).await
}

#[tauri::command]
async fn tag_target(shell: State<'_, Shell>, request: TagsRead) -> Answer<TagTarget> {
    shell.app()?.tag_target(&request.reference).await
}

#[tauri::command]
async fn pull_start(shell: State<'_, Shell>, request: PullStart) -> Answer<u64> {
    shell.app()?.pull_start(request)
}

#[tauri::command]
async fn jobs_list(shell: State<'_, Shell>, request: Nothing) -> Answer<Vec<JobSnapshot>> {
    let Nothing {} = request;
    Ok(shell.app()?.jobs_list())
}

#[tauri::command]
async fn job_stop(shell: State<'_, Shell>, request: JobNamed) -> Answer<()> {
    shell.app()?.job_stop(request.id);
    Ok(())
}

/// Answers at once; the channel tells the rest. A page that is gone ends the watch, not the job.
#[tauri::command]
async fn job_watch(shell: State<'_, Shell>, id: u64, channel: Channel<JobEvent>) -> Answer<()> {
    let job = shell.app()?.job(id).ok_or_else(|| no_job(id))?;
    tauri::async_runtime::spawn(job.watch(move |event| channel.send(event).is_ok()));
    Ok(())
}

#[tauri::command]
async fn practice_status(shell: State<'_, Shell>, request: Nothing) -> Answer<PracticeStatus> {
    let Nothing {} = request;
    Ok(shell.app()?.practice_status())
}

#[tauri::command]
async fn practice_switch(
    shell: State<'_, Shell>,
    request: PracticeSwitch,
) -> Answer<PracticeStatus> {
    Ok(shell.app()?.practice_switch(request.on).await)
}

#[tauri::command]
async fn sign_in(shell: State<'_, Shell>, request: SignIn) -> Answer<()> {
    shell.app()?.sign_in(request)
}

fn no_job(id: u64) -> UserError {
    UserError {
        code: ErrorCode::Internal,
        subject: Some(id.to_string()),
        params: BTreeMap::new(),
        actions: Vec::new(),
        causes: vec![format!("there is no job {id} any more")],
        retryable: false,
    }
}

//! Long actions.

use strata_app::api::{
    JobEvent, JobMove, JobNamed, JobSnapshot, JobsPause, LayerPeekStart, Nothing, PullManyStart,
    PullStart, Selection,
};
use tauri::State;
use tauri::ipc::Channel;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn pull_start(shell: State<'_, Shell>, request: PullStart) -> Answer<u64> {
    shell.app()?.pull_start(request)
}

#[tauri::command]
pub(super) async fn jobs_list(
    shell: State<'_, Shell>,
    request: Nothing,
) -> Answer<Vec<JobSnapshot>> {
    let Nothing {} = request;
    Ok(shell.app()?.jobs_list())
}

#[tauri::command]
pub(super) async fn job_stop(shell: State<'_, Shell>, request: JobNamed) -> Answer<()> {
    shell.app()?.job_stop(request.id);
    Ok(())
}

/// Answers at once; the channel tells the rest. A page that is gone ends the watch, not the job.
#[tauri::command]
pub(super) async fn job_watch(
    shell: State<'_, Shell>,
    id: u64,
    channel: Channel<JobEvent>,
) -> Answer<()> {
    let job = shell.app()?.job_watched(id)?;
    tauri::async_runtime::spawn(job.watch(move |event| channel.send(event).is_ok()));
    Ok(())
}

#[tauri::command]
pub(super) async fn pull_many_start(
    shell: State<'_, Shell>,
    request: PullManyStart,
) -> Answer<Vec<u64>> {
    shell.app()?.pull_many_start(request)
}

#[tauri::command]
pub(super) async fn job_pause(shell: State<'_, Shell>, request: JobNamed) -> Answer<()> {
    shell.app()?.job_pause(request.id);
    Ok(())
}

#[tauri::command]
pub(super) async fn job_resume(shell: State<'_, Shell>, request: JobNamed) -> Answer<()> {
    shell.app()?.job_resume(request.id);
    Ok(())
}

#[tauri::command]
pub(super) async fn job_move(shell: State<'_, Shell>, request: JobMove) -> Answer<()> {
    shell.app()?.job_move(request);
    Ok(())
}

#[tauri::command]
pub(super) async fn jobs_pause(shell: State<'_, Shell>, request: JobsPause) -> Answer<()> {
    shell.app()?.jobs_pause(request.pause);
    Ok(())
}

#[tauri::command]
pub(super) async fn survey_start(shell: State<'_, Shell>, request: Selection) -> Answer<u64> {
    shell.app()?.survey_start(request)
}

#[tauri::command]
pub(super) async fn layer_peek_start(
    shell: State<'_, Shell>,
    request: LayerPeekStart,
) -> Answer<u64> {
    shell.app()?.layer_peek_start(request)
}

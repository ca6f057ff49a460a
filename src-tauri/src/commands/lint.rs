//! Dockerfiles while they are written.

use strata_app::api::{
    CompletionItem, DockerfileComplete, DockerfileExplain, DockerfileLint, DockerfileLinted,
    ExplainedLine, LintRulePage, LintRuleRead,
};
use tauri::State;

use super::Answer;
use crate::Shell;

#[tauri::command]
pub(super) async fn dockerfile_lint(
    shell: State<'_, Shell>,
    request: DockerfileLint,
) -> Answer<DockerfileLinted> {
    shell.app()?.dockerfile_lint(request).await
}

#[tauri::command]
pub(super) async fn dockerfile_explain(
    shell: State<'_, Shell>,
    request: DockerfileExplain,
) -> Answer<Vec<ExplainedLine>> {
    shell.app()?.dockerfile_explain(request).await
}

#[tauri::command]
pub(super) async fn dockerfile_complete(
    shell: State<'_, Shell>,
    request: DockerfileComplete,
) -> Answer<Vec<CompletionItem>> {
    shell.app()?.dockerfile_complete(request).await
}

#[tauri::command]
pub(super) async fn lint_rule(
    shell: State<'_, Shell>,
    request: LintRuleRead,
) -> Answer<LintRulePage> {
    shell.app()?.lint_rule(&request)
}

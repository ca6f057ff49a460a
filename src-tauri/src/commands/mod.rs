//! The commands, one for each name in [`strata_app::api::COMMANDS`], and `job_watch`. They forward and decide nothing.

mod build;
mod chain;
mod compare;
mod doctor;
mod findings;
mod images;
mod jobs;
mod lint;
mod look;
mod registries;
mod settings;
mod viewing;

use strata_app::api::UserError;
use tauri::Runtime;
use tauri::ipc::Invoke;

type Answer<T> = Result<T, UserError>;

/// Answers every command.
pub fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        settings::app_info,
        settings::settings_read,
        settings::settings_write,
        images::images_list,
        images::image_read,
        images::layer_sharers,
        images::file_rows,
        images::owners_read,
        images::space_read,
        images::waste_read,
        images::who_read,
        images::file_preview,
        compare::compare_read,
        compare::compare_rows,
        compare::tag_changes,
        compare::file_diff,
        chain::chain_read,
        chain::digest_check,
        chain::dockerfile_read,
        lint::dockerfile_lint,
        lint::dockerfile_explain,
        lint::dockerfile_complete,
        lint::lint_rule,
        viewing::file_hex,
        viewing::file_details,
        viewing::file_save,
        findings::inspect_start,
        findings::findings_read,
        findings::sbom_save,
        images::files_search,
        build::build_look,
        build::build_start,
        build::build_output,
        build::build_history,
        build::build_what_if,
        build::dockerfile_save,
        build::build_examples,
        doctor::doctor,
        look::reference_explain,
        look::image_look,
        look::tags_list,
        look::tag_target,
        look::tag_facts,
        look::offer_sizes,
        look::peek_rows,
        jobs::pull_start,
        jobs::jobs_list,
        jobs::job_stop,
        jobs::job_watch,
        jobs::pull_many_start,
        jobs::job_pause,
        jobs::job_resume,
        jobs::job_move,
        jobs::jobs_pause,
        jobs::survey_start,
        jobs::layer_peek_start,
        registries::practice_status,
        registries::practice_switch,
        registries::sign_in,
        registries::sign_out,
        registries::registries_list,
        registries::registry_test,
        registries::rate_limit_read,
        registries::repositories_list,
        registries::hub_search,
        registries::realm_approve,
        registries::certificate_write,
        registries::xray_read,
    ]
}

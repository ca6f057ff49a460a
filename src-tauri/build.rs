//! Reads `tauri.conf.json` and the capabilities, and makes every command one that must be permitted.

/// The commands, as `strata_app::api::COMMANDS` lists them; a test holds the two against each other.
const COMMANDS: &[&str] = &[
    "app_info",
    "settings_read",
    "settings_write",
    "images_list",
    "image_read",
    "layer_sharers",
    "file_rows",
    "file_preview",
    "space_read",
    "waste_read",
    "who_read",
    "compare_read",
    "compare_rows",
    "tag_changes",
    "file_diff",
    "chain_read",
    "digest_check",
    "dockerfile_read",
    "reference_explain",
    "image_look",
    "tags_list",
    "tag_target",
    "pull_start",
    "jobs_list",
    "job_stop",
    "job_watch",
    "pull_many_start",
    "job_pause",
    "job_resume",
    "job_move",
    "jobs_pause",
    "practice_status",
    "practice_switch",
    "tag_facts",
    "xray_read",
    "offer_sizes",
    "peek_rows",
    "survey_start",
    "layer_peek_start",
    "sign_in",
    "sign_out",
    "registries_list",
    "registry_test",
    "rate_limit_read",
    "repositories_list",
    "hub_search",
    "realm_approve",
    "certificate_write",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}

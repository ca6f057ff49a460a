use serde_json::{Value, json};
use strata_app::api::COMMANDS;

use crate::site::{PAGE, Site, invoke, newer};

/// What each command may be told.
fn sample(command: &str) -> Value {
    let digest = format!("sha256:{}", "0".repeat(64));
    match command {
        "app_info" | "settings_read" | "registries_list" | "images_list" | "jobs_list"
        | "practice_status" => json!({}),
        "settings_write" => {
            json!({ "settings": { "language": "ko", "theme": "dark", "practiceRegistry": false } })
        }
        "waste_read" => json!({ "manifest": digest }),
        "who_read" => json!({ "manifest": digest, "layer": 1, "scope": "layer", "id": 0 }),
        "image_read" => json!({ "manifest": digest, "reference": null }),
        "file_rows" => json!({ "query": {
            "manifest": digest, "layer": 1, "scope": "layer", "sort": "name", "filter": "", "base": "closed",
            "except": [], "from": 0, "count": 100
        } }),
        "file_preview" => json!({
            "manifest": digest, "layer": 1, "scope": "upTo", "id": 0, "maxBytes": 1024
        }),
        "compare_read" => json!({ "left": digest, "right": digest }),
        "compare_rows" => json!({
            "left": digest, "right": digest, "all": false, "sort": "name", "filter": "",
            "base": "closed", "except": [], "from": 0, "count": 100
        }),
        "tag_changes" => json!({ "manifest": digest, "reference": "Not A Name" }),
        "file_diff" => json!({
            "type": "compared", "left": digest, "right": digest, "id": 0
        }),
        "layer_sharers" => json!({ "manifest": digest, "layer": digest }),
        "owners_read" => json!({ "manifest": digest }),
        "space_read" => json!({
            "manifest": digest, "layer": null, "scope": "upTo", "id": null, "buried": true
        }),
        "chain_read" => json!({ "manifest": digest, "reference": null }),
        "digest_check" => json!({ "type": "blob", "digest": digest }),
        "dockerfile_read" => json!({ "manifest": digest }),
        "dockerfile_lint" => json!({ "text": "FROM a\n", "file": null }),
        "dockerfile_explain" => json!({ "text": "FROM a\n" }),
        "dockerfile_complete" => json!({ "text": "FR", "at": 2 }),
        "lint_rule" => json!({ "id": "DL3007" }),
        "file_hex" => {
            json!({ "at": { "manifest": digest, "layer": 1, "scope": "layer", "id": 0 }, "offset": 0, "count": 16 })
        }
        "file_details" => json!({ "manifest": digest, "layer": 1, "scope": "layer", "id": 0 }),
        "file_save" => {
            json!({ "at": { "manifest": digest, "layer": 1, "scope": "layer", "id": 0 }, "folder": "" })
        }
        "inspect_start" => json!({ "manifest": digest }),
        "findings_read" => json!({ "manifest": digest }),
        "sbom_save" => json!({ "manifest": digest, "format": "spdx", "folder": "" }),
        "files_search" => json!({ "manifest": digest, "text": "a", "limit": 10 }),
        "build_look" => json!({ "path": "/nowhere", "file": null }),
        "build_start" => {
            json!({ "path": "/nowhere", "file": null, "text": null, "tags": [], "target": null, "arguments": [], "platform": null, "noCache": false, "pull": false, "network": null, "trustsMachine": false })
        }
        "build_output" => json!({ "job": 1, "index": 0, "from": 0, "limit": 10 }),
        "build_history" => json!({ "file": null, "limit": 10 }),
        "build_what_if" => {
            json!({ "build": { "path": "/nowhere", "file": null, "text": null, "tags": [], "target": null, "arguments": [], "platform": null, "noCache": false, "pull": false, "network": null, "trustsMachine": false }, "change": { "type": "edited", "path": "a" } })
        }
        "dockerfile_save" => {
            json!({ "path": "/nowhere/Dockerfile", "text": "FROM a", "readText": "FROM b" })
        }
        "build_examples" => json!({}),
        "doctor" => json!({}),
        "reference_explain" => json!({ "text": "nginx" }),
        "image_look" => json!({ "reference": "Not A Name", "platform": null }),
        "tags_list" | "tag_target" => json!({ "reference": "Not A Name" }),
        "pull_start" => json!({ "reference": "Not A Name", "platform": null }),
        "job_stop" | "job_pause" | "job_resume" => json!({ "id": 7 }),
        "job_move" => json!({ "id": 7, "before": null }),
        "jobs_pause" => json!({ "pause": true }),
        "pull_many_start" => json!({
            "reference": "Not A Name", "images": [{ "tags": ["1"], "platform": null }]
        }),
        "offer_sizes" => json!({ "reference": "Not A Name" }),
        "tag_facts" => json!({ "reference": "Not A Name", "next": null }),
        "survey_start" => json!({
            "reference": "Not A Name", "tags": [], "platforms": [], "allPlatforms": false
        }),
        "layer_peek_start" => {
            json!({ "reference": "Not A Name", "platform": null, "layer": digest })
        }
        "peek_rows" => json!({
            "layer": digest, "sort": "name", "filter": "", "base": "closed", "except": [],
            "from": 0, "count": 100
        }),
        "xray_read" => json!({ "scope": { "type": "job", "id": 7 }, "since": 0 }),
        "practice_switch" => json!({ "on": false }),
        "sign_in" => json!({
            "registry": "localhost:5150", "username": "a", "password": "b",
            "keep": { "type": "session" }
        }),
        "sign_out" | "registry_test" | "rate_limit_read" => json!({ "registry": "localhost:5150" }),
        "repositories_list" => json!({ "registry": "localhost:5150", "next": null }),
        "hub_search" => json!({ "query": "nginx" }),
        "realm_approve" => {
            json!({ "registry": "localhost:5150", "host": "a.example", "allow": true })
        }
        "certificate_write" => json!({ "registry": "localhost:5150", "pem": "" }),
        other => panic!("there is no sample request for `{other}`"),
    }
}

#[test]
fn every_command_is_permitted_and_answers() {
    let site = Site::without_store();
    let expected = serde_json::to_value(newer()).unwrap();
    for command in COMMANDS {
        let answer = site.invoke(command, json!({ "request": sample(command) }));
        assert_eq!(answer, Err(expected.clone()), "{command}");
    }
    let watch = json!({ "id": 7, "channel": "__CHANNEL__:3" });
    assert_eq!(site.invoke("job_watch", watch), Err(expected));
}

#[test]
fn a_command_that_is_not_in_the_list_is_refused() {
    let site = Site::without_store();
    for command in ["image_delete", "app-info", "App_Info", "", "plugin:fs|read_file"] {
        let answer = site.invoke(command, json!({ "request": {} }));
        let refusal = answer.unwrap_err();
        assert!(refusal.as_str().is_some_and(|text| text.contains("not")), "{command}: {refusal}");
    }
}

#[test]
fn only_the_app_s_own_page_in_the_main_window_is_answered() {
    let site = Site::without_store();
    let arguments = json!({ "request": {} });
    let own = site.invoke("app_info", arguments.clone()).unwrap_err();
    assert_eq!(own["code"], "storeNewer");
    let other = site.window("other");
    let window = invoke(&other, PAGE, "app_info", arguments.clone()).unwrap_err();
    assert!(window.is_string(), "{window}");
    let page = invoke(&other, "https://example.com", "app_info", arguments).unwrap_err();
    assert!(page.is_string(), "{page}");
}

#[test]
fn a_request_of_the_wrong_shape_is_an_error_and_not_a_crash() {
    let site = Site::without_store();
    for arguments in [json!({}), json!({ "request": 7 }), json!({ "request": { "reference": 1 } })]
    {
        let answer = site.invoke("pull_start", arguments).unwrap_err();
        assert!(answer.as_str().is_some_and(|text| text.contains("invalid args")), "{answer}");
    }
}

#[test]
fn commands_answer_with_what_the_app_says() {
    let site = Site::open();
    let ask = |command: &str| site.invoke(command, json!({ "request": sample(command) }));
    assert_eq!(ask("app_info").unwrap()["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(ask("settings_write").unwrap()["theme"], "dark");
    assert_eq!(ask("settings_read").unwrap()["language"], "ko");
    assert_eq!(ask("images_list").unwrap()["images"], json!([]));
    assert_eq!(ask("reference_explain").unwrap()["full"], "docker.io/library/nginx:latest");
    assert_eq!(ask("practice_status").unwrap()["state"], "off");
    assert_eq!(ask("jobs_list").unwrap(), json!([]));
    for command in ["job_stop", "job_pause", "job_resume", "job_move", "jobs_pause"] {
        assert_eq!(ask(command).unwrap(), Value::Null, "{command}");
    }
    assert_eq!(ask("dockerfile_lint").unwrap()["hints"][0]["rule"], "UntaggedImage");
    assert_eq!(ask("lint_rule").unwrap()["id"], "LatestTag");
    assert_eq!(ask("dockerfile_complete").unwrap()[0]["text"], "FROM");
    assert_eq!(ask("pull_many_start").unwrap_err()["code"], "referenceInvalid");
    assert_eq!(ask("pull_start").unwrap_err()["code"], "referenceInvalid");
    assert_eq!(ask("image_read").unwrap_err()["code"], "imageUnknown");
    let watch = site.invoke("job_watch", json!({ "id": 7, "channel": "__CHANNEL__:3" }));
    assert_eq!(watch.unwrap_err()["subject"], "7");
}

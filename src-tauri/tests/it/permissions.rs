use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use strata_app::api::COMMANDS;

use crate::site::Site;

/// What the page may do besides calling the app's commands.
const OF_TAURI: [&str; 2] = ["core:event:allow-listen", "core:event:allow-unlisten"];

fn document(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_page_is_granted_the_app_s_commands_and_hearing_events_one_by_one() {
    let capability = document("capabilities/default.json");
    let granted = capability["permissions"].as_array().unwrap().iter();
    let granted: BTreeSet<String> = granted.map(|one| one.as_str().unwrap().to_owned()).collect();
    let commands = COMMANDS.iter().chain(["job_watch"].iter());
    let expected = commands
        .map(|command| format!("allow-{}", command.replace('_', "-")))
        .chain(OF_TAURI.map(str::to_owned))
        .collect();
    assert_eq!(granted, expected);
    assert_eq!(capability["windows"], json!(["main"]));
    assert!(capability.get("remote").is_none(), "no page from elsewhere is granted anything");
}

#[test]
fn there_is_one_capability_and_it_is_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("capabilities");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    let configuration = document("tauri.conf.json");
    assert_eq!(configuration["app"]["security"]["capabilities"], json!(["main"]));
    assert_eq!(document("capabilities/default.json")["identifier"], "main");
}

#[test]
fn of_tauri_s_own_commands_only_hearing_events_is_granted() {
    let site = Site::without_store();
    let listen = json!({ "event": "strata://changed", "target": { "kind": "Any" }, "handler": 7 });
    assert!(site.invoke("plugin:event|listen", listen).is_ok());
    for (command, arguments) in [
        ("plugin:event|emit", json!({ "event": "strata://changed", "payload": "images" })),
        ("plugin:window|close", json!({ "label": "main" })),
        ("plugin:webview|create_webview_window", json!({ "options": { "label": "second" } })),
        ("plugin:path|resolve_directory", json!({ "directory": 21 })),
        ("plugin:app|version", json!({})),
    ] {
        let refusal = site.invoke(command, arguments).unwrap_err();
        let text = refusal.as_str().unwrap_or_default();
        assert!(text.contains("not allowed"), "{command}: {refusal}");
    }
}

#[test]
fn the_page_runs_no_script_and_no_style_but_its_own() {
    let configuration = document("tauri.conf.json");
    let app = &configuration["app"];
    let policy = app["security"]["csp"].as_object().unwrap();
    for (directive, sources) in policy {
        let sources = sources.as_str().unwrap();
        assert!(!sources.contains("unsafe-"), "{directive}: {sources}");
        assert!(!sources.contains('*') && !sources.contains("https:"), "{directive}: {sources}");
    }
    assert_eq!(policy["default-src"], "'self'");
    assert_eq!(policy["script-src"], "'self'");
    for closed in ["object-src", "base-uri", "frame-ancestors", "form-action"] {
        assert_eq!(policy[closed], "'none'", "{closed}");
    }
    assert_eq!(app["security"]["freezePrototype"], true);
    assert_eq!(app["withGlobalTauri"], false);
    assert!(app["security"].get("assetProtocol").is_none());
    assert!(app["security"].get("dangerousDisableAssetCspModification").is_none());
}

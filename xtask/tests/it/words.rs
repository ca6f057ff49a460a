use std::path::Path;

use crate::sources::{is_generated, root, texts};

const TEXTS: &[&str] =
    &["rs", "ts", "svelte", "mjs", "js", "css", "html", "json", "toml", "md", "sh", "yml", "svg"];

/// What no file may hold: package registries beside what the tools themselves write, and places on one machine. Pieced
/// together, so that this file does not hold it either.
fn forbidden() -> Vec<String> {
    let word = |parts: &[&str]| parts.concat();
    vec![
        word(&["crates", ".io"]),
        word(&["registry.npm", "js"]),
        word(&["npm", "js.com"]),
        word(&["pypi", ".org"]),
        word(&["/home", "/"]),
        word(&["/root", "/"]),
        word(&["/tmp/", "brief"]),
        word(&["/work/", "main"]),
        word(&["/work/", "shared"]),
        word(&["TO", "DO"]),
        word(&["FIX", "ME"]),
    ]
}

#[test]
fn no_file_names_a_package_registry_or_a_place_on_one_machine() {
    let forbidden = forbidden();
    let mut wrong = Vec::new();
    for (file, text) in texts(TEXTS) {
        if is_lock(&file) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            // Made-up homes in test data are nobody's.
            let line =
                ["/home/app", "/root/.bashrc", "/root/.cache", "/root/.npm", "/root/{folder}"]
                    .iter()
                    .fold(line.to_owned(), |line, home| line.replace(home, ""));
            if let Some(word) = forbidden.iter().find(|word| line.contains(word.as_str())) {
                wrong.push(format!("{}:{}: {word}", file.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_interface_s_api_folder_calls_the_shell() {
    let api = Path::new("ui/src/lib/api");
    let wrong: Vec<String> = texts(&["ts", "svelte"])
        .iter()
        .filter(|(file, _)| file.starts_with("ui/src") && !file.starts_with(api))
        .filter(|(_, text)| text.contains("@tauri-apps/") || text.contains("__TAURI"))
        .map(|(file, _)| file.display().to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_marks_text_of_others_as_markup() {
    let wrong: Vec<String> = texts(&["svelte", "ts"])
        .iter()
        .filter(|(_, text)| text.contains("{@html") || text.contains("innerHTML ="))
        .map(|(file, _)| file.display().to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn both_languages_have_the_same_keys() {
    let mut keys = Vec::new();
    for language in ["en", "ko"] {
        let path = root().join("ui/src/i18n").join(format!("{language}.json"));
        let text = std::fs::read_to_string(path).unwrap();
        let mut found = std::collections::BTreeSet::new();
        collect(&serde_json::from_str(&text).unwrap(), "", &mut found);
        keys.push(found);
    }
    let only = |a: usize, b: usize| keys[a].difference(&keys[b]).cloned().collect::<Vec<_>>();
    let (english, korean) = (only(0, 1), only(1, 0));
    assert!(
        english.is_empty() && korean.is_empty(),
        "only English: {english:#?}, only Korean: {korean:#?}"
    );
}

/// Keys with their path. Korean has one plural form, so `_one` counts only with its `_other`.
fn collect(value: &serde_json::Value, path: &str, found: &mut std::collections::BTreeSet<String>) {
    let Some(fields) = value.as_object() else {
        found.insert(path.to_owned());
        return;
    };
    for (name, value) in fields {
        let singular = name.strip_suffix("_one").map(|stem| format!("{stem}_other"));
        if singular.is_none_or(|other| !fields.contains_key(&other)) {
            collect(value, &format!("{path}.{name}"), found);
        }
    }
}

fn is_lock(file: &Path) -> bool {
    is_generated(file)
        || file.file_name().is_some_and(|name| name == "package-lock.json" || name == "Cargo.lock")
}

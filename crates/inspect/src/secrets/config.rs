//! The secrets in an image's config: what was given to ENV, ARG, LABEL and RUN stays there for everyone to read.

use strata_spec::ImageConfig;

use super::{Place, Secret, in_text};

/// The longest text of a config that is searched, in bytes.
const TEXT_BYTES: usize = 1 << 20;

/// The secrets in the environment, labels, commands and history of an image's config.
#[must_use]
pub fn in_config(config: &ImageConfig) -> Vec<Secret> {
    let settings = config.settings();
    let mut found = Vec::new();
    let mut search = |place: Place, text: &str| {
        let end = text.floor_char_boundary(TEXT_BYTES.min(text.len()));
        found.extend(in_text(&place, &text[..end]));
    };
    for entry in &settings.env {
        let name = entry.split('=').next().unwrap_or_default().to_owned();
        search(Place::Environment { name }, entry);
    }
    for (name, value) in &settings.labels {
        search(Place::Label { name: name.clone() }, &format!("{name}={value}"));
    }
    let commands =
        [("Entrypoint", &settings.entrypoint), ("Cmd", &settings.cmd), ("Shell", &settings.shell)];
    for (name, command) in commands {
        let text = command.as_ref().map(|words| words.join(" ")).unwrap_or_default();
        search(Place::Setting { name: name.to_owned() }, &text);
    }
    if let Some(healthcheck) = &settings.healthcheck {
        search(Place::Setting { name: "Healthcheck".to_owned() }, &healthcheck.to_string());
    }
    for (step, entry) in config.history().iter().enumerate() {
        search(Place::History { step }, entry.created_by.as_deref().unwrap_or_default());
        search(Place::History { step }, entry.comment.as_deref().unwrap_or_default());
    }
    found
}

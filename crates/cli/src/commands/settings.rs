//! The settings of an image as lines for people.

use strata_app::api::{HealthCheck, ImageSettings};

/// Each setting that says something: the end of its name's key, `cli.inspect.…`, and its text. What has several values
/// comes several times.
pub fn settings(settings: &ImageSettings) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("entrypoint", list(&settings.entrypoint)),
        ("command", list(&settings.command)),
        ("shell", list(&settings.shell)),
        ("user", settings.user.clone()),
        ("workingDir", settings.working_dir.clone()),
        ("stopSignal", settings.stop_signal.clone().unwrap_or_default()),
        ("healthCheck", settings.health_check.as_ref().map(check).unwrap_or_default()),
    ];
    facts.extend(settings.ports.iter().map(|port| ("ports", port.clone())));
    facts.extend(settings.volumes.iter().map(|volume| ("volumes", volume.clone())));
    facts.extend(settings.env.iter().map(|variable| ("env", variable.clone())));
    facts.extend(settings.labels.iter().map(|(name, value)| ("labels", format!("{name}={value}"))));
    facts.extend(settings.on_build.iter().map(|line| ("onBuild", line.clone())));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        words => serde_json::to_string(words).unwrap_or_default(),
    }
}

/// As a Dockerfile has it.
fn check(check: &HealthCheck) -> String {
    if check.command.is_empty() {
        return "NONE".to_owned();
    }
    let mut words: Vec<String> = [
        ("interval", check.interval_seconds),
        ("timeout", check.timeout_seconds),
        ("start-period", check.start_period_seconds),
        ("start-interval", check.start_interval_seconds),
    ]
    .into_iter()
    .filter_map(|(name, seconds)| Some(format!("--{name}={}s", seconds?)))
    .collect();
    words.extend(check.retries.map(|retries| format!("--retries={retries}")));
    let command = if check.in_shell { check.command.join(" ") } else { list(&check.command) };
    words.push(format!("CMD {command}"));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_check_shell_and_triggers_are_told() {
        let one = ImageSettings {
            shell: vec!["/bin/bash".to_owned(), "-c".to_owned()],
            on_build: vec!["RUN make".to_owned()],
            working_dir: "/srv".to_owned(),
            health_check: Some(HealthCheck {
                command: vec!["curl -f localhost".to_owned()],
                in_shell: true,
                interval_seconds: Some(5),
                timeout_seconds: None,
                start_period_seconds: Some(10),
                start_interval_seconds: None,
                retries: Some(2),
            }),
            ..ImageSettings::default()
        };
        let expected = [
            ("shell", "[\"/bin/bash\",\"-c\"]"),
            ("workingDir", "/srv"),
            ("healthCheck", "--interval=5s --start-period=10s --retries=2 CMD curl -f localhost"),
            ("onBuild", "RUN make"),
        ];
        assert_eq!(settings(&one), expected.map(|(name, text)| (name, text.to_owned())));
    }
}

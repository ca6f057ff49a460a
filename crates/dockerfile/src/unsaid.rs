//! Settings that an image has and its history does not tell: other tools than builders set them, or a history was cut.

use crate::rebuild::{HistoryLine, ports};
use crate::recorded::{Recorded, USUAL_SHELL, recorded};
use crate::words::{json, list, value};

/// What builders set by themselves where a base sets nothing.
const USUAL_PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The settings of an image as its config has them; what is empty was not set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configured<'a> {
    /// ENTRYPOINT.
    pub entrypoint: Vec<String>,
    /// CMD.
    pub command: Vec<String>,
    /// SHELL.
    pub shell: Vec<String>,
    /// USER.
    pub user: &'a str,
    /// WORKDIR.
    pub working_dir: &'a str,
    /// STOPSIGNAL.
    pub stop_signal: &'a str,
    /// ENV, `NAME=value`.
    pub env: Vec<&'a str>,
    /// EXPOSE, `80/tcp`.
    pub ports: Vec<&'a str>,
    /// VOLUME.
    pub volumes: Vec<&'a str>,
    /// LABEL.
    pub labels: Vec<(&'a str, &'a str)>,
    /// HEALTHCHECK.
    pub health_check: Option<ConfiguredCheck>,
    /// ONBUILD.
    pub on_build: Vec<&'a str>,
}

/// A health check as a config has it. Times are in nanoseconds; 0 is the usual.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfiguredCheck {
    /// `NONE`; `CMD` and words; or `CMD-SHELL` and a line.
    pub test: Vec<String>,
    /// Between two checks.
    pub interval: u64,
    /// For one check.
    pub timeout: u64,
    /// At the beginning, when failures do not count.
    pub start_period: u64,
    /// Between two checks at the beginning.
    pub start_interval: u64,
    /// Failures in a row; 0 is the usual.
    pub retries: u64,
}

/// Lines for what the config has and no line of the history says.
pub(crate) fn unsaid(history: &[HistoryLine<'_>], configured: &Configured<'_>) -> Vec<String> {
    let said = Said::of(history);
    let mut lines = Vec::new();
    lines.extend(said.missing_pairs(configured));
    lines.extend(said.missing_words(configured));
    let one = |name: &str, value: &str| {
        let is_missing = !value.is_empty() && said.lacks(name, |said| said != value);
        is_missing.then(|| format!("{name} {value}"))
    };
    lines.extend(one("WORKDIR", configured.working_dir));
    lines.extend(one("USER", configured.user));
    lines.extend(one("STOPSIGNAL", configured.stop_signal));
    let is_checked = !said.lacks("HEALTHCHECK", |_| false);
    if let Some(check) = configured.health_check.as_ref().filter(|_| !is_checked) {
        lines.push(format!("HEALTHCHECK {}", check_words(check)));
    }
    let is_usual = configured.shell.is_empty() || configured.shell == USUAL_SHELL;
    if !is_usual && !said.shells.contains(&configured.shell) {
        lines.push(format!("SHELL {}", json(&configured.shell)));
    }
    for (name, words) in [("ENTRYPOINT", &configured.entrypoint), ("CMD", &configured.command)] {
        let differs = |said: &str| list(said).is_some_and(|said| said != *words);
        if !words.is_empty() && said.lacks(name, differs) {
            lines.push(format!("{name} {}", json(words)));
        }
    }
    lines
}

/// What a history says, by instruction.
struct Said<'a> {
    others: Vec<(&'a str, &'a str)>,
    shells: Vec<Vec<String>>,
}

impl<'a> Said<'a> {
    fn of(history: &[HistoryLine<'a>]) -> Self {
        let mut said = Self { others: Vec::new(), shells: Vec::new() };
        for line in history {
            match recorded(line.created_by, line.has_layer) {
                Recorded::Run { shell, .. } => {
                    said.shells.push(shell.into_iter().map(str::to_owned).collect());
                }
                Recorded::Other { name: "SHELL", rest } => said.shells.extend(list(rest)),
                Recorded::Other { name, rest } => said.others.push((name, rest)),
                Recorded::Foreign(_) => {}
            }
        }
        said
    }

    fn each(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.others.iter().filter(move |(other, _)| *other == name).map(|(_, rest)| *rest)
    }

    /// Whether no line has this instruction, or the last one `differs`. What has a variable or an escape in it cannot be
    /// compared.
    fn lacks(&self, name: &str, differs: impl Fn(&str) -> bool) -> bool {
        match self.each(name).last() {
            None => true,
            Some(last) => {
                let is_absolute = name != "WORKDIR" || last.starts_with('/');
                is_absolute && !last.contains(['$', '\\']) && differs(last)
            }
        }
    }

    /// Variables and labels.
    fn missing_pairs(&self, configured: &Configured<'_>) -> Vec<String> {
        let env = configured.env.iter().filter(|pair| **pair != USUAL_PATH);
        let env = env.filter_map(|pair| pair.split_once('=')).map(|pair| ("ENV", pair));
        let labels = configured.labels.iter().map(|pair| ("LABEL", *pair));
        env.chain(labels)
            .filter(|(keyword, (name, _))| !self.each(keyword).any(|rest| has_name(rest, name)))
            .map(|(keyword, (name, text))| format!("{keyword} {}={}", value(name), literal(text)))
            .collect()
    }

    /// Ports, volumes, and what is done in images made from this one.
    fn missing_words(&self, configured: &Configured<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        let exposed: Vec<String> = self.each("EXPOSE").map(ports).collect();
        let exposed: Vec<&str> = exposed.iter().flat_map(|ports| ports.split(' ')).collect();
        let is_open = |port: &str| {
            exposed.iter().any(|word| *word == port || port.strip_suffix("/tcp") == Some(*word))
        };
        // Ranges and variables may say any port.
        let is_clear = !exposed.iter().any(|word| word.contains(['-', '$']));
        let missing = configured.ports.iter().filter(|port| is_clear && !is_open(port));
        lines.extend(missing.map(|port| format!("EXPOSE {port}")));
        let volumes: Vec<String> = self.each("VOLUME").flat_map(volumes).collect();
        let bare = |path: &str| path.trim_end_matches('/').to_owned();
        let missing = configured.volumes.iter().filter(|volume| {
            !volumes.iter().any(|said| said.contains('$') || bare(said) == bare(volume))
        });
        lines.extend(missing.map(|volume| format!("VOLUME {}", json(&[(*volume).to_owned()]))));
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let triggers: Vec<String> = self.each("ONBUILD").map(words).collect();
        let missing = configured.on_build.iter().filter(|line| !triggers.contains(&words(line)));
        lines.extend(missing.map(|line| format!("ONBUILD {line}")));
        lines
    }
}

fn volumes(rest: &str) -> Vec<String> {
    list(rest).unwrap_or_else(|| rest.split_whitespace().map(str::to_owned).collect())
}

/// Whether the pairs of a line have a name.
fn has_name(rest: &str, name: &str) -> bool {
    rest.match_indices(name).any(|(at, _)| {
        let before = rest[..at].chars().next_back();
        let after = rest[at + name.len()..].trim_start_matches(['"', '\'']).chars().next();
        before.is_none_or(|letter| letter.is_whitespace() || matches!(letter, '"' | '\''))
            && after.is_none_or(|letter| letter.is_whitespace() || letter == '=')
    })
}

/// A value in which nothing is put in place of a variable.
fn literal(text: &str) -> String {
    let written = value(text);
    if written == text { text.replace('$', "\\$") } else { written }
}

fn check_words(check: &ConfiguredCheck) -> String {
    let mut words: Vec<String> = [
        ("interval", check.interval),
        ("timeout", check.timeout),
        ("start-period", check.start_period),
        ("start-interval", check.start_interval),
    ]
    .into_iter()
    .filter(|(_, nanos)| *nanos > 0)
    .map(|(name, nanos)| format!("--{name}={}", time(nanos)))
    .collect();
    if check.retries > 0 {
        words.push(format!("--retries={}", check.retries));
    }
    words.push(match check.test.split_first() {
        Some((how, rest)) if how == "CMD" => format!("CMD {}", json(rest)),
        Some((how, rest)) if how == "CMD-SHELL" => format!("CMD {}", rest.join(" ")),
        _ => return "NONE".to_owned(),
    });
    words.join(" ")
}

/// Nanoseconds as Go reads them.
fn time(nanos: u64) -> String {
    match nanos {
        nanos if nanos.is_multiple_of(1_000_000_000) => format!("{}s", nanos / 1_000_000_000),
        nanos if nanos.is_multiple_of(1_000_000) => format!("{}ms", nanos / 1_000_000),
        nanos => format!("{nanos}ns"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(created_by: &str) -> HistoryLine<'_> {
        HistoryLine { created_by, has_layer: false }
    }

    #[test]
    fn settings_that_only_the_config_has_are_told() {
        let configured = Configured {
            entrypoint: vec!["/init".to_owned()],
            command: vec!["serve".to_owned(), "a b".to_owned()],
            shell: vec!["/bin/bash".to_owned(), "-c".to_owned()],
            user: "app:app",
            working_dir: "/srv",
            stop_signal: "SIGQUIT",
            env: vec![USUAL_PATH, "A=b c", "B=$x"],
            ports: vec!["80/tcp"],
            volumes: vec!["/data"],
            labels: vec![("org.x", "y")],
            health_check: Some(ConfiguredCheck {
                test: vec!["CMD-SHELL".to_owned(), "curl x".to_owned()],
                interval: 5_000_000_000,
                start_period: 1_500_000_000,
                retries: 2,
                ..ConfiguredCheck::default()
            }),
            on_build: vec!["RUN make"],
        };
        let expected = [
            "ENV A=\"b c\"",
            "ENV B=\\$x",
            "LABEL org.x=y",
            "EXPOSE 80/tcp",
            "VOLUME [\"/data\"]",
            "ONBUILD RUN make",
            "WORKDIR /srv",
            "USER app:app",
            "STOPSIGNAL SIGQUIT",
            "HEALTHCHECK --interval=5s --start-period=1500ms --retries=2 CMD curl x",
            "SHELL [\"/bin/bash\", \"-c\"]",
            "ENTRYPOINT [\"/init\"]",
            "CMD [\"serve\", \"a b\"]",
        ];
        assert_eq!(unsaid(&[], &configured), expected);
        let history = [
            "ENTRYPOINT [\"/init\"]",
            "CMD [\"serve\" \"a b\"]",
            "SHELL [/bin/bash -c]",
            "USER app:app",
            "WORKDIR srv",
            "STOPSIGNAL SIGQUIT",
            "ENV A=b c B=$x",
            "EXPOSE map[80/tcp:{}]",
            "VOLUME [/data]",
            "LABEL \"org.x\"=\"y\"",
            "HEALTHCHECK &{[\"CMD-SHELL\" \"curl x\"] \"5s\" \"0s\" \"0s\" \"0s\" '\\x02'}",
            "ONBUILD RUN make",
        ]
        .map(line);
        assert_eq!(unsaid(&history, &configured), [""; 0]);
    }

    #[test]
    fn what_the_config_has_otherwise_counts() {
        let configured = Configured {
            command: vec!["gunicorn".to_owned()],
            user: "app",
            ports: vec!["80/tcp", "90/udp"],
            ..Configured::default()
        };
        let history =
            [line("CMD [\"python3\"]"), line("USER ${NAME}"), line("EXPOSE 80"), line("EXPOSE 90")];
        assert_eq!(unsaid(&history, &configured), ["EXPOSE 90/udp", "CMD [\"gunicorn\"]"]);
    }
}

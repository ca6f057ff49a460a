//! A build on stderr: a line when a step begins, is cached, done or failed, and what its command writes.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use strata_app::App;
use strata_app::api::{BuildLine, BuildLineState, BuildOutputRead, BuildView, JobEvent, WhyAnew};
use strata_app::words::Words;

use crate::arguments::ProgressMode;
use crate::output;
use crate::session::Session;
use crate::visible::visible;

/// How many lines of output are fetched at once.
const PAGE: u32 = 500;
/// How much of an instruction is shown.
const MAX_TEXT: usize = 100;

/// Tells what changed since it was told last.
pub(super) struct BuildLines {
    app: App,
    words: Words,
    mode: ProgressMode,
    why: bool,
    job: u64,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    states: BTreeMap<u32, BuildLineState>,
    output: BTreeMap<u32, u64>,
}

impl BuildLines {
    pub fn new(session: &Session, job: u64, why: bool) -> Self {
        let (app, words) = (session.app.clone(), session.words);
        let (mode, told) = (session.progress, Mutex::default());
        Self { app, words, mode, why, job, told }
    }

    /// Shows what an event brings.
    pub fn tell(&self, event: &JobEvent) {
        let build = match event {
            JobEvent::Snapshot { job } => job.build.as_ref(),
            JobEvent::Build { build } => Some(&**build),
            _ => None,
        };
        match (self.mode, build) {
            (ProgressMode::None, _) => {}
            (ProgressMode::Json, _) => {
                if let Ok(line) = serde_json::to_string(event) {
                    output::tell(&format!("{line}\n"));
                }
            }
            (ProgressMode::Auto, Some(build)) => self.changes(build),
            (ProgressMode::Auto, None) => {}
        }
    }

    fn changes(&self, build: &BuildView) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for line in &build.lines {
            self.output(&mut told, line);
            let before = told.states.insert(line.index, line.state);
            if before != Some(line.state) {
                self.state(build, line, before);
            }
        }
    }

    /// What a step's command has written since.
    fn output(&self, told: &mut Told, line: &BuildLine) {
        let from = told.output.entry(line.index).or_default();
        while *from < line.output_lines {
            let wanted =
                BuildOutputRead { job: self.job, index: line.index, from: *from, limit: PAGE };
            let Ok(page) = self.app.build_output(wanted) else { return };
            if page.lines.is_empty() {
                return;
            }
            let mut text = String::new();
            for said in &page.lines {
                // Colours stay where they belong: a terminal shows what it is told to, so only plain text is let through.
                text.push_str(&format!(
                    "  {:>3} | {}\n",
                    line.line,
                    visible(said.text.trim_end_matches('\r'))
                ));
            }
            output::tell(&text);
            *from = page.from + page.lines.len() as u64;
        }
    }

    fn state(&self, build: &BuildView, line: &BuildLine, before: Option<BuildLineState>) {
        let (key, time) = match line.state {
            BuildLineState::Waiting | BuildLineState::NotNeeded => return,
            BuildLineState::Running => ("cli.build.running", 0),
            BuildLineState::Cached => ("cli.build.cached", 0),
            BuildLineState::Done => ("cli.build.done", line.milliseconds),
            BuildLineState::Failed => ("cli.build.failed", line.milliseconds),
            BuildLineState::Skipped => ("cli.build.skipped", 0),
        };
        let text = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text: String = visible(&text).chars().take(MAX_TEXT).collect();
        let seconds = format!("{}.{}", time / 1000, time % 1000 / 100);
        let words = self.words.text(key, &[("seconds", &seconds)]);
        output::tell(&format!("{:>5}  {words:<12} {text}\n", line.line));
        for warning in &line.warnings {
            let subject = visible(&warning.subject);
            let words = self
                .words
                .text(&format!("build.warning.{}", warning.code), &[("subject", &subject)]);
            output::tell(&format!("{:>5}  {words}\n", ""));
        }
        let is_told = matches!(before, Some(BuildLineState::Running));
        if self.why
            && !is_told
            && matches!(line.state, BuildLineState::Running | BuildLineState::Done)
            && let Some(why) = &line.why
        {
            output::tell(&format!("{:>5}  {}\n", "", self.reason(build, why)));
        }
    }

    fn reason(&self, build: &BuildView, why: &WhyAnew) -> String {
        let words = |key: &str, params: &[(&str, &str)]| {
            self.words.text(&format!("cli.build.why.{key}"), params)
        };
        match why {
            WhyAnew::First => words("first", &[]),
            WhyAnew::Text { before, now } => {
                words("text", &[("before", &visible(before)), ("now", &visible(now))])
            }
            WhyAnew::Base => words("base", &[]),
            WhyAnew::Argument { name } => words("argument", &[("name", &visible(name))]),
            WhyAnew::Environment { name } => words("environment", &[("name", &visible(name))]),
            WhyAnew::Files { changed, added, removed, count } => {
                let marked = |mark: char, paths: &[String]| {
                    let marked = paths.iter().map(|path| format!("{mark} {}", visible(path)));
                    marked.collect::<Vec<_>>()
                };
                let names = [marked('~', changed), marked('+', added), marked('-', removed)];
                let names: Vec<String> = names.into_iter().flatten().collect();
                let (number, names) = (count.to_string(), names.join(", "));
                words("files", &[("count", &number), ("names", &names)])
            }
            WhyAnew::Setting { name } => words("setting", &[("name", &visible(name))]),
            WhyAnew::Follows { line } => {
                let below = build.lines.iter().find(|below| below.line == *line);
                let keyword = below.map(|below| below.keyword.clone()).unwrap_or_default();
                words("follows", &[("line", &line.to_string()), ("keyword", &keyword)])
            }
            WhyAnew::Asked => words("asked", &[]),
            WhyAnew::Gone => words("gone", &[]),
        }
    }
}

//! The picture of a pull in a terminal: one line for all of it, one for each layer.

use strata_app::api::{JobEvent, JobKind, JobState, JobStep, Pace, StepState};
use strata_app::words::{Words, bytes};

use crate::commands::short;
use crate::table::width;
use crate::visible::visible;

/// Lines that fit on the smallest usual terminal.
const MOST_LAYERS: usize = 16;

/// What is drawn, and how much of it stands on the screen.
#[derive(Debug)]
pub struct Drawing {
    words: Words,
    kind: JobKind,
    title: String,
    steps: Vec<JobStep>,
    bytes_per_second: u64,
    seconds_left: Option<u64>,
    pace: Pace,
    state: JobState,
    lines_on_screen: usize,
}

impl Drawing {
    /// Nothing yet.
    pub fn new(words: Words) -> Self {
        Self {
            words,
            kind: JobKind::Pull,
            title: String::new(),
            steps: Vec::new(),
            bytes_per_second: 0,
            seconds_left: None,
            pace: Pace::Steady,
            state: JobState::Queued,
            lines_on_screen: 0,
        }
    }

    /// Notes what changed.
    pub fn take(&mut self, event: &JobEvent) {
        match event {
            JobEvent::Snapshot { job } => {
                self.kind = job.kind;
                self.title.clone_from(&job.title);
                self.steps.clone_from(&job.steps);
                self.state = job.state;
                self.pace = job.pace;
            }
            JobEvent::Plan { plan, steps } => {
                self.title.clone_from(&plan.familiar);
                self.steps.clone_from(steps);
            }
            JobEvent::Progress { steps, bytes_per_second, seconds_left, pace } => {
                for step in steps {
                    match self.steps.iter_mut().find(|known| known.id == step.id) {
                        Some(known) => known.clone_from(step),
                        None => self.steps.push(step.clone()),
                    }
                }
                self.bytes_per_second = *bytes_per_second;
                self.seconds_left = *seconds_left;
                self.pace = *pace;
            }
            JobEvent::State { state } => self.state = *state,
            // A build draws its lines itself.
            JobEvent::Build { .. } => {}
            JobEvent::Finished { .. } => self.state = JobState::Ended,
        }
    }

    /// What to send to the terminal so that the picture stands where the last one stood. Once the job has ended, the
    /// picture goes.
    pub fn draw(&mut self) -> String {
        let mut text = String::new();
        if self.lines_on_screen > 0 {
            text.push_str(&format!("\x1b[{}A\x1b[J", self.lines_on_screen));
        }
        let lines = if self.state == JobState::Ended { Vec::new() } else { self.lines() };
        self.lines_on_screen = lines.len();
        if !lines.is_empty() {
            // A line that wrapped would be two, and the next picture would stand too low.
            text.push_str(&format!("\x1b[?7l{}\n\x1b[?7h", lines.join("\n")));
        }
        text
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.summary()];
        if self.kind == JobKind::Survey {
            return lines;
        }
        let state = |step: &JobStep| self.state(step.state);
        let widest = self.steps.iter().map(|step| width(&state(step))).max().unwrap_or(0);
        // Where not all fit, those that are over give way.
        let mut shown: Vec<usize> = (0..self.steps.len()).collect();
        shown.sort_by_key(|at| rank(self.steps[*at].state));
        shown.truncate(MOST_LAYERS);
        shown.sort_unstable();
        for step in shown.into_iter().map(|at| &self.steps[at]) {
            let word = state(step);
            let room = " ".repeat(widest - width(&word));
            let id = short(&step.id);
            let mut line = format!("  {}  {word}{room}  {:>8}", visible(&id), bytes(step.done));
            if let Some(total) = step.total {
                line.push_str(&format!(" / {}", bytes(total)));
            }
            lines.push(line);
        }
        lines
    }

    fn summary(&self) -> String {
        let title = visible(&self.title);
        if self.steps.is_empty() {
            let waits = self.state == JobState::Queued;
            let key = if waits { "cli.progress.queued" } else { "cli.progress.resolving" };
            return self.words.text(key, &[("image", &title)]);
        }
        if let (JobKind::Survey, [step]) = (self.kind, &*self.steps) {
            let total = step.total.unwrap_or(step.done).to_string();
            let params =
                [("image", title.as_str()), ("done", &step.done.to_string()), ("total", &total)];
            return self.words.text("cli.progress.survey", &params);
        }
        let done = bytes(self.steps.iter().map(|step| step.done).sum());
        let total = bytes(self.steps.iter().filter_map(|step| step.total).sum());
        let speed = bytes(self.bytes_per_second);
        let seconds = self.seconds_left.map(|seconds| seconds.to_string());
        let key = match (&seconds, self.bytes_per_second) {
            (_, 0) => "cli.progress.bytes",
            (None, _) => "cli.progress.speed",
            (Some(_), _) => "cli.progress.left",
        };
        let params = [
            ("image", title.as_str()),
            ("done", &done),
            ("total", &total),
            ("speed", &speed),
            ("seconds", seconds.as_deref().unwrap_or_default()),
        ];
        let line = self.words.text(key, &params);
        match self.pace {
            Pace::Steady => line,
            Pace::Slow => self.words.text("cli.progress.slow", &[("line", &line)]),
            Pace::Stalled => self.words.text("cli.progress.stalled", &[("line", &line)]),
        }
    }

    fn state(&self, state: StepState) -> String {
        let name = match state {
            StepState::Waiting => "waiting",
            StepState::Downloading => "downloading",
            StepState::Verifying => "verifying",
            StepState::Done => "done",
            StepState::AlreadyHere => "alreadyHere",
            StepState::Retrying => "retrying",
            StepState::Failed => "failed",
        };
        self.words.text(&format!("cli.state.{name}"), &[])
    }
}

/// Who may stand on a screen with little room.
const fn rank(state: StepState) -> u8 {
    match state {
        StepState::Failed | StepState::Retrying => 0,
        StepState::Downloading | StepState::Verifying => 1,
        StepState::Waiting => 2,
        StepState::Done | StepState::AlreadyHere => 3,
    }
}

#[cfg(test)]
mod tests {
    use strata_app::api::Outcome;

    use super::*;

    fn step(number: usize, state: StepState) -> JobStep {
        JobStep { id: format!("sha256:{number:064}"), state, done: 41, total: Some(98_000_000) }
    }

    fn drawing(count: usize) -> Drawing {
        let mut drawing = Drawing::new(Words::of("en"));
        drawing.title = "nginx:1.27".to_owned();
        drawing.steps = (0..count).map(|number| step(number, StepState::Done)).collect();
        drawing
    }

    fn progress(
        steps: Vec<JobStep>,
        bytes_per_second: u64,
        seconds_left: Option<u64>,
        pace: Pace,
    ) -> JobEvent {
        JobEvent::Progress { steps, bytes_per_second, seconds_left, pace }
    }

    #[test]
    fn what_comes_slowly_or_not_at_all_is_called_so() {
        let mut drawing = drawing(1);
        drawing.take(&progress(Vec::new(), 2_000, Some(9), Pace::Slow));
        assert!(drawing.lines()[0].ends_with("slow"), "{}", drawing.lines()[0]);
        drawing.take(&progress(Vec::new(), 0, None, Pace::Stalled));
        assert!(drawing.lines()[0].ends_with("nothing arrives"), "{}", drawing.lines()[0]);
        drawing.take(&progress(Vec::new(), 2_000_000, Some(9), Pace::Steady));
        assert!(drawing.lines()[0].ends_with("9 s left"), "{}", drawing.lines()[0]);
    }

    #[test]
    fn of_a_survey_the_tags_that_were_read_are_counted() {
        let mut drawing = drawing(0);
        drawing.kind = JobKind::Survey;
        let (id, state) = ("tags".to_owned(), StepState::Verifying);
        let read = JobStep { id, state, done: 7, total: Some(23) };
        drawing.take(&progress(vec![read], 0, None, Pace::Steady));
        assert_eq!(drawing.lines(), ["nginx:1.27: 7 of 23 tags read"]);
    }

    #[test]
    fn a_picture_stands_where_the_last_one_stood_and_goes_at_the_end() {
        let mut drawing = drawing(2);
        assert_eq!(drawing.draw().matches('\n').count(), 3);
        assert!(drawing.draw().starts_with("\x1b[3A\x1b[J"));
        drawing.take(&JobEvent::Finished { outcome: Outcome::Stopped });
        assert_eq!(drawing.draw(), "\x1b[3A\x1b[J");
        assert_eq!(drawing.draw(), "");
    }

    #[test]
    fn of_many_layers_those_at_work_are_shown() {
        let mut drawing = drawing(40);
        let active = step(39, StepState::Downloading);
        drawing.take(&progress(vec![active], 12_300_000, Some(3), Pace::Steady));
        let lines = drawing.lines();
        assert_eq!(lines.len(), MOST_LAYERS + 1);
        assert!(lines[0].contains("nginx:1.27") && lines[0].contains("12.3 MB"), "{}", lines[0]);
        assert!(lines[MOST_LAYERS].contains("41 B / 98.0 MB"), "{}", lines[MOST_LAYERS]);
    }
}

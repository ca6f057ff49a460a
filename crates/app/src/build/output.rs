//! What the commands of builds wrote: the newest lines of each step, in memory.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::api::{BuildOutput, OutputLine};

/// How many lines of a step are kept.
const MAX_LINES: usize = 20_000;
/// How many bytes of a step are kept.
const MAX_BYTES: usize = 8 << 20;
/// How many bytes of a line are kept.
const MAX_LINE_BYTES: usize = 16 << 10;
/// How many builds are remembered.
const MAX_BUILDS: usize = 20;
/// How many lines are answered at once.
const MAX_PAGE: usize = 2_000;

/// The outputs of one build, by the place of the line.
#[derive(Debug, Default)]
pub(crate) struct Outputs {
    steps: Mutex<BTreeMap<u32, Output>>,
}

#[derive(Debug)]
struct Output {
    began: Instant,
    lines: VecDeque<OutputLine>,
    bytes: usize,
    dropped: u64,
}

impl Outputs {
    /// Takes in what a step wrote, and says how many lines it has written by now.
    pub fn add(&self, index: u32, bytes: &[u8], is_error: bool) -> u64 {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let output = steps.entry(index).or_insert_with(|| Output {
            began: Instant::now(),
            lines: VecDeque::new(),
            bytes: 0,
            dropped: 0,
        });
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        for line in text.split('\n') {
            output.push(line, is_error);
        }
        output.total()
    }

    /// Some lines of a step, from the first one wanted that is still here.
    pub fn read(&self, index: u32, from: u64, limit: u32) -> BuildOutput {
        let steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(output) = steps.get(&index) else {
            return BuildOutput { from, lines: Vec::new(), total: 0, dropped: 0 };
        };
        let from = from.max(output.dropped);
        let skipped = usize::try_from(from - output.dropped).unwrap_or(usize::MAX);
        let limit = usize::try_from(limit).unwrap_or(MAX_PAGE).min(MAX_PAGE);
        let lines = output.lines.iter().skip(skipped).take(limit).cloned().collect();
        BuildOutput { from, lines, total: output.total(), dropped: output.dropped }
    }

    /// The last lines of a step, the newest last.
    pub fn tail(&self, index: u32, count: usize) -> Vec<String> {
        let steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(output) = steps.get(&index) else { return Vec::new() };
        let skipped = output.lines.len().saturating_sub(count);
        output.lines.iter().skip(skipped).map(|line| line.text.clone()).collect()
    }
}

impl Output {
    fn push(&mut self, line: &str, is_error: bool) {
        let mut end = line.len().min(MAX_LINE_BYTES);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        let text = line[..end].to_owned();
        self.bytes += text.len();
        let milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.lines.push_back(OutputLine { text, is_error, milliseconds });
        while self.lines.len() > MAX_LINES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.lines.pop_front() else { return };
            self.bytes -= oldest.text.len();
            self.dropped += 1;
        }
    }

    fn total(&self) -> u64 {
        self.dropped + self.lines.len() as u64
    }
}

/// The outputs of the last builds, by the numbers of their jobs.
#[derive(Debug, Default)]
pub(crate) struct BuildOutputs {
    builds: Mutex<BTreeMap<u64, Arc<Outputs>>>,
}

impl BuildOutputs {
    /// Keeps those of a new build, and forgets the oldest.
    pub fn add(&self, job: u64, outputs: Arc<Outputs>) {
        let mut builds = self.builds.lock().unwrap_or_else(PoisonError::into_inner);
        builds.insert(job, outputs);
        while builds.len() > MAX_BUILDS {
            builds.pop_first();
        }
    }

    /// Those of a job.
    pub fn of(&self, job: u64) -> Option<Arc<Outputs>> {
        self.builds.lock().unwrap_or_else(PoisonError::into_inner).get(&job).cloned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lines_are_paged_and_the_oldest_go_first() {
        let outputs = Outputs::default();
        assert_eq!(outputs.add(3, b"one\ntwo\n", false), 2);
        assert_eq!(outputs.add(3, b"three", true), 3);
        let page = outputs.read(3, 1, 10);
        assert_eq!((page.from, page.total, page.dropped), (1, 3, 0));
        let texts: Vec<_> =
            page.lines.iter().map(|line| (line.text.as_str(), line.is_error)).collect();
        assert_eq!(texts, [("two", false), ("three", true)]);
        for number in 0..MAX_LINES {
            outputs.add(3, format!("{number}\n").as_bytes(), false);
        }
        let page = outputs.read(3, 0, 1);
        assert_eq!((page.from, page.total, page.dropped), (3, 20_003, 3));
        assert_eq!(page.lines[0].text, "0");
        assert_eq!(outputs.tail(3, 2), ["19998", "19999"]);
        assert_eq!(outputs.read(4, 0, 10).lines, []);
    }

    #[test]
    fn endless_lines_and_bytes_are_bounded() {
        let outputs = Outputs::default();
        for _ in 0..700 {
            outputs.add(0, "é".repeat(20_000).as_bytes(), false);
        }
        let page = outputs.read(0, 0, 1);
        assert!(page.dropped > 0 && page.lines[0].text.len() <= MAX_LINE_BYTES);
        let builds = BuildOutputs::default();
        for job in 0..30 {
            builds.add(job, Arc::default());
        }
        assert!(builds.of(9).is_none() && builds.of(10).is_some());
    }
}

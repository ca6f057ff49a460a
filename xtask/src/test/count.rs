//! Counting tests from what the test runners print.

use std::fmt;

/// How many tests there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests that held.
    pub passed: usize,
    /// Tests that did not.
    pub failed: usize,
    /// Tests that were left out, or said that they could not run here.
    pub skipped: usize,
}

impl Count {
    /// One check that held.
    pub const HELD: Self = Self { passed: 1, failed: 0, skipped: 0 };

    /// Adds another part's count.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Takes in one line of a test runner: `test result: ok. 3 passed; 0 failed; 1 ignored; …` of Rust,
    /// `3 passed, 0 failed, 1 skipped` of the stories. Other lines count nothing.
    pub fn see(&mut self, line: &str) {
        let numbers =
            match line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) {
                Some((_, numbers)) => numbers,
                None => match line.strip_prefix("stories: ") {
                    Some(numbers) => numbers,
                    None => return,
                },
            };
        for part in numbers.split([';', ',']) {
            let Some((number, word)) = part.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<usize>() else { continue };
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" | "skipped" => self.skipped += number,
                _ => {}
            }
        }
    }

    /// A run that failed has at least one failure, also when it never came to counting.
    pub fn ended(mut self, well: bool) -> Self {
        if !well && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.skipped > 0 {
            write!(out, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
        } else {
            write!(out, "{} passed, {} failed", self.passed, self.failed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_the_runners_print() {
        let mut count = Count::default();
        count.see("running 4 tests");
        count.see("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s");
        count.see("test result: FAILED. 2 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        count.see("stories: 5 passed, 1 failed, 2 skipped");
        assert_eq!(count, Count { passed: 10, failed: 3, skipped: 3 });
    }

    #[test]
    fn a_failed_run_without_numbers_is_one_failure() {
        assert_eq!(Count::default().ended(false).failed, 1);
        assert_eq!(Count { failed: 2, ..Count::default() }.ended(false).failed, 2);
        assert_eq!(Count::HELD.ended(true), Count::HELD);
    }
}

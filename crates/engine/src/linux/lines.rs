//! From what a command writes to lines, without secrets.

use strata_build::Line;

use crate::redaction::Redaction;

/// A line is given out at this length, whether it has ended or not.
const MAX_LINE_BYTES: usize = 64 << 10;

/// Takes pieces of both streams and gives out lines, each with its end.
pub(super) struct Lines<'a> {
    redaction: &'a Redaction,
    out: &'a (dyn Fn(Line) + Sync),
    waiting: [Vec<u8>; 2],
}

impl<'a> Lines<'a> {
    pub fn new(redaction: &'a Redaction, out: &'a (dyn Fn(Line) + Sync)) -> Self {
        Self { redaction, out, waiting: [Vec::new(), Vec::new()] }
    }

    pub fn add(&mut self, is_error: bool, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let waiting = &mut self.waiting[usize::from(is_error)];
            waiting.extend_from_slice(part);
            if waiting.ends_with(b"\n") || waiting.len() >= MAX_LINE_BYTES {
                self.give(is_error);
            }
        }
    }

    /// Nothing more comes: what is left are lines too.
    pub fn end(&mut self) {
        self.give(false);
        self.give(true);
    }

    fn give(&mut self, is_error: bool) {
        let line = std::mem::take(&mut self.waiting[usize::from(is_error)]);
        if !line.is_empty() {
            (self.out)(Line { is_error, bytes: self.redaction.clean(line) });
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use super::*;
    use crate::SecretValue;

    #[test]
    fn a_secret_that_comes_in_two_pieces_is_hidden_and_streams_do_not_mix() {
        let secrets = BTreeMap::from([("id".to_owned(), SecretValue(b"hunter22".to_vec()))]);
        let redaction = Redaction::of(&secrets);
        let came = Mutex::new(Vec::new());
        let out = |line: Line| came.lock().unwrap().push((line.is_error, line.bytes));
        let mut lines = Lines::new(&redaction, &out);
        lines.add(false, b"one\nmy hun");
        lines.add(true, b"oh");
        lines.add(false, b"ter22 is it\nrest");
        lines.end();
        let came = came.into_inner().unwrap();
        let expected: Vec<(bool, Vec<u8>)> = vec![
            (false, b"one\n".to_vec()),
            (false, b"my *** is it\n".to_vec()),
            (false, b"rest".to_vec()),
            (true, b"oh".to_vec()),
        ];
        assert_eq!(came, expected);
    }
}

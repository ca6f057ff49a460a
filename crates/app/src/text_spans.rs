//! From bytes of a text to places as the window counts them, and back.

use std::ops::Range;

use crate::api::TextSpan;

/// So many bytes lie between two places that are known.
const STRIDE: usize = 256;

/// A text with what it takes to count in it quickly.
pub(crate) struct TextSpans<'a> {
    text: &'a str,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
    /// Some bytes, with the units of UTF-16 before them.
    marks: Vec<(usize, usize)>,
}

impl<'a> TextSpans<'a> {
    pub fn new(text: &'a str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        let mut marks = vec![(0, 0)];
        let mut units = 0;
        for (at, letter) in text.char_indices() {
            if marks.last().is_some_and(|(last, _)| at >= last + STRIDE) {
                marks.push((at, units));
            }
            units += letter.len_utf16();
        }
        Self { text, lines, marks }
    }

    /// The span of a range of bytes.
    pub fn span(&self, range: &Range<usize>) -> TextSpan {
        let line = self.lines.partition_point(|&start| start <= range.start).max(1);
        let before = self.text.get(self.lines[line - 1]..range.start).unwrap_or_default();
        TextSpan {
            start: self.units(range.start),
            end: self.units(range.end),
            line,
            column: before.chars().count() + 1,
        }
    }

    fn units(&self, at: usize) -> usize {
        let mark = self.marks.partition_point(|&(known, _)| known <= at).max(1) - 1;
        let (known, units) = self.marks[mark];
        let between = self.text.get(known..at).unwrap_or_default();
        units + between.chars().map(char::len_utf16).sum::<usize>()
    }

    /// The byte of a place; the end of the text for one behind it.
    pub fn byte(&self, units: usize) -> usize {
        let mark = self.marks.partition_point(|&(_, known)| known <= units).max(1) - 1;
        let (start, mut at) = self.marks[mark];
        for (byte, letter) in self.text.get(start..).unwrap_or_default().char_indices() {
            if at >= units {
                return start + byte;
            }
            at += letter.len_utf16();
        }
        self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_units_of_utf_16() {
        let text = "층🦀\nab";
        let spans = TextSpans::new(text);
        let at = text.find('b').unwrap_or_default();
        let span = spans.span(&(at..at + 1));
        assert_eq!(span, TextSpan { start: 5, end: 6, line: 2, column: 2 });
        assert_eq!(spans.byte(5), at);
        assert_eq!(spans.byte(99), text.len());
        assert_eq!(spans.span(&(3..7)), TextSpan { start: 1, end: 3, line: 1, column: 2 });
    }

    #[test]
    fn long_texts_are_counted_from_the_nearest_mark() {
        let text = "é".repeat(10_000);
        let spans = TextSpans::new(&text);
        for at in [0, 1, 127, 128, 129, 9_999, 10_000] {
            assert_eq!((spans.units(at * 2), spans.byte(at)), (at, at * 2));
        }
    }
}

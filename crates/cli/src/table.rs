//! Tables whose columns are as wide as what stands in them.

use std::io::{self, Write};

use crate::paint::Paint;

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A heading and rows.
#[derive(Debug)]
pub struct Table {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub fn new(columns: Vec<(Side, String)>) -> Self {
        let (sides, heading) = columns.into_iter().unzip();
        Self { sides, rows: vec![heading] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Writes it; columns are three spaces apart, as in Docker's tables.
    pub fn write(&self, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
        let widths: Vec<usize> = (0..self.sides.len())
            .map(|at| self.rows.iter().map(|row| width(&row[at])).max().unwrap_or(0))
            .collect();
        for (number, row) in self.rows.iter().enumerate() {
            let cells = row.iter().zip(&self.sides).zip(&widths);
            let line: Vec<String> =
                cells.map(|((cell, side), width)| padded(cell, *side, *width)).collect();
            let line = line.join("   ");
            let line = line.trim_end();
            let line = if number == 0 { paint.bold(line) } else { line.to_owned() };
            writeln!(out, "{line}")?;
        }
        Ok(())
    }
}

fn padded(cell: &str, side: Side, to: usize) -> String {
    let room = " ".repeat(to.saturating_sub(width(cell)));
    match side {
        Side::Left => format!("{cell}{room}"),
        Side::Right => format!("{room}{cell}"),
    }
}

/// How many columns of a terminal a text takes: letters of East Asia take two (Unicode Standard Annex 11, wide).
pub fn width(text: &str) -> usize {
    let is_wide = |letter| {
        matches!(letter,
            '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}')
    };
    text.chars().map(|letter| if is_wide(letter) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_content_korean_included() {
        let mut table = Table::new(vec![
            (Side::Left, "이름".to_owned()),
            (Side::Right, "B".to_owned()),
            (Side::Left, "Z".to_owned()),
        ]);
        table.row(vec!["abcdef".to_owned(), "12".to_owned(), String::new()]);
        let mut text = Vec::new();
        table.write(&mut text, Paint::none()).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "이름      B   Z\nabcdef   12\n");
    }
}

//! A place of a text, shown: its line with carets below it; and what a change does to lines.

use strata_app::api::TextSpan;

use crate::paint::Paint;
use crate::table::width;
use crate::visible::visible;

/// Longer lines are cut: what is behind the carets does not matter.
const LONGEST_LINE: usize = 240;
/// So many lines of a change are shown.
const MOST_LINES: usize = 12;

/// `--> file:line:column`, the line that the place begins in, and carets below the place.
pub fn excerpt(file: &str, line: &str, span: &TextSpan, paint: Paint) -> String {
    let letters: Vec<char> = line.trim_end_matches('\r').chars().collect();
    let from = (span.column - 1).min(letters.len());
    let mut units = span.end - span.start;
    let under = letters[from..].iter().take_while(|letter| {
        let fits = units > 0;
        units = units.saturating_sub(letter.len_utf16());
        fits
    });
    let to = from + under.count();
    let shown = |part: &[char]| visible(&part.iter().collect::<String>().replace('\t', "    "));
    let room = " ".repeat(span.line.to_string().len());
    let before = " ".repeat(width(&shown(&letters[..from])));
    let carets = "^".repeat(width(&shown(&letters[from..to])).max(1));
    let whole = cut(&shown(&letters));
    let carets: String = format!("{before}{carets}").chars().take(LONGEST_LINE).collect();
    format!(
        "{room}--> {}:{}:{}\n{room} |\n{} | {whole}\n{room} | {}\n",
        visible(file),
        span.line,
        span.column,
        span.line,
        paint.red(&carets),
    )
}

fn cut(line: &str) -> String {
    let mut letters = line.chars();
    let shown: String = letters.by_ref().take(LONGEST_LINE).collect();
    if letters.next().is_some() { format!("{shown}…") } else { shown }
}

/// The lines that a change takes away and puts in, each after its sign; `room` stands before them.
pub fn difference(old: &str, new: &str, room: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let lines = |sign: char, lines: &[&str]| -> String {
        let shown = lines.iter().take(MOST_LINES);
        let more =
            if lines.len() > MOST_LINES { format!("{room} {sign} …\n") } else { String::new() };
        let shown = shown.map(|line| {
            let line = cut(&visible(&line.replace('\t', "    ")));
            format!("{room} {sign} {line}").trim_end().to_owned() + "\n"
        });
        shown.collect::<String>() + &more
    };
    lines('-', &old[..old.len() - tail]) + &lines('+', &new[..new.len() - tail])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, start: usize, end: usize, line: usize, column: usize) -> String {
        let text = text.split('\n').nth(line - 1).unwrap_or_default();
        excerpt("Dockerfile", text, &TextSpan { start, end, line, column }, Paint::none())
    }

    #[test]
    fn carets_stand_below_the_place_whatever_stands_before_it() {
        assert_eq!(
            at("FROM a\r\n\t층 RUM b\r\n", 11, 14, 2, 4),
            " --> Dockerfile:2:4\n  |\n2 |     층 RUM b\n  |        ^^^\n"
        );
    }

    #[test]
    fn a_place_of_several_lines_or_none_has_carets_in_its_first() {
        assert_eq!(at("ab\ncd\n", 1, 5, 1, 2), " --> Dockerfile:1:2\n  |\n1 | ab\n  |  ^\n");
        assert_eq!(at("", 0, 0, 1, 1), " --> Dockerfile:1:1\n  |\n1 | \n  | ^\n");
    }

    #[test]
    fn control_characters_of_a_file_do_not_reach_the_terminal() {
        assert!(!at("\u{1b}[2J\u{7}", 0, 1, 1, 1).contains('\u{1b}'));
        let long = "x".repeat(100_000);
        assert!(at(&long, 50_000, 50_001, 1, 50_001).len() < 1000);
    }

    #[test]
    fn only_the_lines_that_change_are_shown() {
        assert_eq!(difference("a\nb\nc\n", "a\nB\nB\nc\n", " "), "  - b\n  + B\n  + B\n");
        assert_eq!(difference("a\nb\nc\n", "a\nc\n", " "), "  - b\n");
    }
}

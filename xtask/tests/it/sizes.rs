use crate::sources::{is_generated, texts};

/// A file that is longer is two files.
const FILE_LINES: usize = 600;
/// A function that is longer must be one of the few; see the share below.
const FUNCTION_LINES: usize = 40;
/// How many of a hundred functions may be longer.
const LONG_PER_CENT: usize = 10;
/// The end for any function outside tests.
const LONGEST_FUNCTION: usize = 90;
/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "common", "misc", "manager"];

#[test]
fn no_file_is_longer_than_600_lines() {
    let long: Vec<String> = texts(&["rs", "ts", "svelte", "mjs", "css"])
        .iter()
        .filter(|(file, _)| !is_generated(file))
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > FILE_LINES)
        .map(|(file, lines)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn no_file_is_named_after_nothing() {
    let empty: Vec<String> = texts(&["rs", "ts", "svelte", "mjs", "css"])
        .iter()
        .map(|(file, _)| file)
        .filter(|file| {
            file.iter().any(|part| {
                let part = part.to_string_lossy();
                let stem = part.split('.').next().unwrap_or_default().to_lowercase();
                EMPTY_NAMES.contains(&stem.as_str())
            })
        })
        .map(|file| file.display().to_string())
        .collect();
    assert!(empty.is_empty(), "{empty:#?}");
}

#[test]
fn functions_stay_short() {
    let mut all = 0;
    let mut long = Vec::new();
    for (file, text) in texts(&["rs"]) {
        let in_tests = file.iter().any(|part| part == "tests" || part == "tests.rs");
        if in_tests || is_generated(&file) {
            continue;
        }
        for (name, lines) in functions(&text) {
            all += 1;
            if lines > FUNCTION_LINES {
                long.push(format!("{}: {name} has {lines} lines", file.display()));
            }
            assert!(lines <= LONGEST_FUNCTION, "{}: {name} has {lines} lines", file.display());
        }
    }
    assert!(long.len() * 100 <= all * LONG_PER_CENT, "{} of {all}: {long:#?}", long.len());
}

/// The functions of a formatted file with their lengths: from the line with `fn` to the closing brace that stands as far in.
/// Tests at the end of the file are left out.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().take_while(|line| *line != "#[cfg(test)]").collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let Some(name) = function_name(line.trim_start()) else { continue };
        let closing = format!("{}}}", " ".repeat(indent));
        if line.ends_with(';') || line.ends_with('}') {
            continue;
        }
        let end = lines[start..].iter().position(|line| *line == closing);
        if let Some(end) = end {
            found.push((name, end + 1));
        }
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let mut rest = line;
    for prefix in ["pub(crate) ", "pub(super) ", "pub ", "const ", "async ", "unsafe "] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    let rest = rest.strip_prefix("fn ")?;
    rest.split(['(', '<']).next().map(str::to_owned)
}

#[test]
fn the_measure_of_functions_is_right() {
    let text = "impl A {\n    pub async fn one<T>(\n        a: T,\n    ) {\n        b();\n    }\n}\nfn two() {}\nconst fn three() {\n}\n";
    assert_eq!(functions(text), [("one".to_owned(), 5), ("three".to_owned(), 2)]);
}

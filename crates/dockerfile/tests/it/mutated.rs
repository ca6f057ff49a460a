//! Dockerfiles of others, changed at random: nothing of them brings the parser or what stands on it down.
//!
//! A few hundred come with each run. `STRATA_FUZZ_SECONDS` makes it go on for so long, from a seed that it prints and that
//! `STRATA_FUZZ_SEED` takes.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use strata_dockerfile::{
    Dockerfile, Explained, HintRule, Ignore, LintOptions, MEANINGS, PROBLEM_CODES, complete,
    expand, explain, lint, mended,
};

use strata_testkit::{cases, text};

/// What is put in: the pieces that a parser has its eye on.
const TOKENS: &[&str] = &[
    "\n",
    "\r\n",
    "\\\n",
    "\\",
    "`",
    "# escape=`\n",
    "# check=skip=all\n",
    "#",
    " ",
    "\t",
    "'",
    "\"",
    "$",
    "${",
    "}",
    "${a:-",
    "${a//b/c}",
    "<<EOF",
    "<<-'E'",
    "EOF\n",
    "--from=",
    "--mount=type=cache,target=/x ",
    "--",
    "=",
    "[\"a\", \"b\"]",
    "[",
    "FROM ",
    "FROM scratch AS a\n",
    "ONBUILD ",
    "RUN ",
    "RUN apt-get update && apt-get install -y x\n",
    "COPY . ./\n",
    "ADD ",
    "ENV a b\n",
    "ARG X=$X\n",
    "HEALTHCHECK CMD ",
    "SHELL [\"a\"]\n",
    "EXPOSE 1:2/TCP ",
    "&&",
    "||",
    ";",
    "|",
    "$(",
    ")",
    ">",
    "2>",
    "sudo ",
    "cd x",
    "useradd -u 99999999 x",
    "pip install a",
    "apk add b",
    "층",
    "\u{feff}",
    "\u{0}",
    "é",
    "🦀",
    "!",
    "**",
    "[^a-",
    "?",
];

/// The files that are changed; without the folder of the suite the rules' own examples.
fn seeds() -> Vec<String> {
    let corpus = cases("dockerfile-corpus.jsonl");
    let mut seeds: Vec<String> =
        corpus.iter().map(|case| text(case, "dockerfile").to_owned()).collect();
    let examples = HintRule::all().iter().flat_map(|rule| [rule.bad, rule.good]);
    seeds.extend(examples.map(str::to_owned));
    seeds
}

/// One change, as numbers that are taken modulo what there is.
#[derive(Debug, Clone, Copy)]
struct Change {
    kind: usize,
    at: usize,
    length: usize,
    other: usize,
}

fn boundary(text: &str, at: usize) -> usize {
    let mut at = at % (text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn changed(seeds: &[String], seed: usize, changes: &[Change]) -> String {
    let mut made = seeds[seed % seeds.len()].clone();
    for change in changes {
        let start = boundary(&made, change.at);
        let end = boundary(&made, start + change.length % 40).max(start);
        let part = made[start..end].to_owned();
        match change.kind % 5 {
            0 => made.replace_range(start..end, ""),
            1 => made.insert_str(start, TOKENS[change.other % TOKENS.len()]),
            2 => made.insert_str(start, &part),
            3 => {
                let donor = &seeds[change.other % seeds.len()];
                let from = boundary(donor, change.at);
                let to = boundary(donor, from + change.length % 200).max(from);
                made.insert_str(start, &donor[from..to]);
            }
            _ => made.replace_range(start..end, TOKENS[change.other % TOKENS.len()]),
        }
    }
    made
}

/// Codes and gaps that no catalogue knows.
fn assert_known(lines: &[Explained]) {
    for said in lines.iter().flat_map(|line| line.says.iter().chain(&line.depends)) {
        let known = MEANINGS.iter().find(|(code, _)| *code == said.code);
        let mut names: Vec<&str> = said.params.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        assert_eq!(known.map(|(_, names)| *names), Some(names.as_slice()), "{}", said.code);
    }
}

/// All that a text goes through, with what must hold of any.
fn withstands(text: &str, place: usize) {
    let tree = Dockerfile::parse(text);
    assert_eq!(tree.to_string(), text);
    for found in &tree.diagnostics {
        assert!(text.get(found.range.clone()).is_some(), "{found:?} in {text:?}");
        let names: Vec<&str> = found.problem.params().iter().map(|(name, _)| *name).collect();
        assert!(PROBLEM_CODES.contains(&(found.problem.code(), &names)), "{found:?}");
    }
    let ignore = Ignore::parse(text).ok();
    let options = LintOptions { ignore: ignore.as_ref(), ..LintOptions::default() };
    for hint in lint(&tree, &options).hints {
        assert!(text.get(hint.range.clone()).is_some(), "{hint:?} in {text:?}");
        for pair in hint.edits.windows(2) {
            assert!(pair[0].range.end <= pair[1].range.start, "{hint:?} in {text:?}");
        }
        for edit in &hint.edits {
            assert!(text.get(edit.range.clone()).is_some(), "{hint:?} in {text:?}");
        }
        if !hint.edits.is_empty() {
            let mended = mended(text, &hint.edits);
            assert_eq!(Dockerfile::parse(&mended).to_string(), mended);
        }
    }
    let lines = explain(&tree);
    assert_eq!(lines.len(), tree.directives.len() + tree.instructions.len());
    assert_known(&lines);
    for found in complete(&tree, boundary(text, place)) {
        assert!(text.get(found.range.clone()).is_some(), "{found:?} in {text:?}");
    }
    let value = |name: &str| name.len().is_multiple_of(2).then(|| name.repeat(2));
    for line in text.lines().take(20) {
        let _ = expand(line, tree.escape, &value);
        if let Some(ignore) = &ignore {
            let _ = ignore.rule_for(line);
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    (0..5_usize, any::<u16>(), any::<u16>(), any::<u16>()).prop_map(|(kind, at, length, other)| {
        Change { kind, at: at.into(), length: length.into(), other: other.into() }
    })
}

#[test]
fn dockerfiles_of_others_bring_nothing_down() {
    for seed in seeds() {
        withstands(&seed, seed.len() / 2);
    }
}

#[test]
fn changed_dockerfiles_bring_nothing_down() {
    let seeds = seeds();
    proptest!(|(seed in any::<u16>(), place in any::<u16>(), changes in prop::collection::vec(change(), 1..8))| {
        withstands(&changed(&seeds, seed.into(), &changes), place.into());
    });
}

/// A stream of numbers that look random (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap()
    }
}

#[test]
fn a_long_run_brings_nothing_down() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let Some(seconds) = number("STRATA_FUZZ_SECONDS") else {
        println!("skipped: STRATA_FUZZ_SECONDS is not set");
        return;
    };
    let clock = std::time::UNIX_EPOCH.elapsed().map_or(1, |time| time.as_secs());
    let seed = number("STRATA_FUZZ_SEED").unwrap_or(clock).max(1);
    println!("seed {seed}");
    let (seeds, mut numbers) = (seeds(), Numbers(seed));
    let (start, mut count) = (Instant::now(), 0_u64);
    let mut slowest = (Duration::ZERO, String::new());
    while start.elapsed() < Duration::from_secs(seconds) {
        let changes: Vec<Change> = (0..numbers.next() % 12 + 1)
            .map(|_| Change {
                kind: numbers.next(),
                at: numbers.next(),
                length: numbers.next(),
                other: numbers.next(),
            })
            .collect();
        let made = changed(&seeds, numbers.next(), &changes);
        let (place, begun) = (numbers.next(), Instant::now());
        if let Err(panic) = std::panic::catch_unwind(|| withstands(&made, place)) {
            println!("the text was {made:?}");
            std::panic::resume_unwind(panic);
        }
        if begun.elapsed() > slowest.0 {
            slowest = (begun.elapsed(), made);
        }
        count += 1;
    }
    println!("{count} texts; the slowest took {:?}: {:?}", slowest.0, slowest.1);
}

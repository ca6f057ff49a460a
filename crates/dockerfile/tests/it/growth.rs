//! How the time grows with the size of a text: printed, for nothing that is measured here may fail a test.

use std::fmt::Write;
use std::time::{Duration, Instant};

use strata_dockerfile::{Dockerfile, Ignore, LintOptions, complete, explain, lint};

/// Texts of about so many bytes that a careless reader would go through again and again.
fn texts(bytes: usize) -> Vec<(&'static str, String)> {
    let repeated = |head: &str, part: &str| format!("{head}{}", part.repeat(bytes / part.len()));
    let numbered = |head: &str, part: &dyn Fn(usize) -> String| {
        let mut text = head.to_owned();
        for number in 0.. {
            if text.len() >= bytes {
                break;
            }
            text.write_str(&part(number)).unwrap();
        }
        text
    };
    vec![
        ("flags", repeated("FROM a\nCOPY ", "--link ")),
        ("words", repeated("FROM a\nCOPY ", "a ")),
        ("pairs", repeated("FROM a\nENV ", "a=b ")),
        ("here-documents", repeated("FROM a\nCOPY ", "<<A ")),
        ("continued lines", repeated("FROM a\nRUN a", " \\\n && b")),
        ("blank lines within", repeated("FROM a\nRUN a \\\n", "\n")),
        (
            "stages in a chain",
            numbered("FROM a AS s0\n", &|n| {
                format!("FROM s{n} AS s{}\nCMD $x{n}\nCOPY $y{n} .\n", n + 1)
            }),
        ),
        ("stages of one", repeated("FROM a AS s\nRUN b\nENV c=d\n", "FROM s\nCMD e\nWORKDIR f\n")),
        ("unknown variables", numbered("FROM scratch\nLABEL ", &|n| format!("a=$v{n}w "))),
        ("declared variables", numbered("FROM a\n", &|n| format!("ARG v{n}=$v{n}\n"))),
        (
            "values that double",
            numbered("ARG v0=aaaaaaaa\n", &|n| format!("ARG v{}=$v{n}$v{n}\n", n + 1))
                + "FROM $v9\n",
        ),
        (
            "images with patterns",
            repeated(
                "ARG a=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
                "FROM ${a//*a*a*a*b/c}\n",
            ),
        ),
        ("commands", repeated("FROM a\nRUN a", " && apk add b")),
        ("installations", repeated("FROM a\nRUN apt-get install", " a")),
        ("runs", repeated("FROM a\n", "RUN apt-get update\n")),
        ("substitutions", repeated("FROM a\nRUN a ", "$(")),
        ("quotes", repeated("FROM a\nRUN a ", "\"'")),
        ("braces", repeated("FROM a\nENV a=", "${a:-")),
        ("comments", repeated("FROM a\n", "# check=skip=CdInRun\n")),
        (
            "skipped rules",
            repeated("# check=skip=", "a,") + "\nFROM a\n" + &"CMD b\n".repeat(bytes / 12),
        ),
        ("commands to start", repeated("FROM a\n", "CMD b\n")),
        ("wrong names", repeated("FROM a\n", "RUNN b\n")),
        ("waiting instructions", repeated("FROM a\n", "ONBUILD RUN a | b\n")),
        ("mounts", repeated("FROM a\nRUN ", "--mount=type=cache,target=/a ")),
    ]
}

fn took(text: &str) -> Duration {
    let ignore = Ignore::parse("*.log\n").unwrap();
    let start = Instant::now();
    let tree = Dockerfile::parse(text);
    let options = LintOptions { ignore: Some(&ignore), ..LintOptions::default() };
    let hints = lint(&tree, &options).hints.len();
    let lines = explain(&tree).len();
    let proposals = complete(&tree, text.len()).len();
    assert!(hints + lines + proposals < usize::MAX);
    start.elapsed()
}

#[test]
fn the_time_that_a_text_takes_is_told() {
    let small = if std::env::var_os("STRATA_FUZZ_SECONDS").is_some() { 64 } else { 4 } * 1024;
    for ((name, once), (_, fourfold)) in texts(small).into_iter().zip(texts(small * 4)) {
        let (once, fourfold) = (took(&once), took(&fourfold));
        let factor = fourfold.as_secs_f64() / once.as_secs_f64().max(1e-9);
        println!("{name:<22} {once:>12.1?} {fourfold:>12.1?} for four times as much: {factor:.1}");
    }
}

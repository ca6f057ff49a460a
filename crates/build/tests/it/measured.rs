//! How long builds take that have little to do. Printed, never asserted: `cargo test -p strata-build --test build-it -- --ignored --nocapture`.

use std::time::Instant;

use strata_testkit::Layer;

use crate::host::{Site, Told};

/// Seconds of processor time that this process has used.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> =
        text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// Builds several times and prints each.
fn print(what: &str, rounds: usize, build: &dyn Fn()) {
    for round in 1..=rounds {
        let (began, used) = (Instant::now(), cpu());
        build();
        println!("{what} ({round}): {:?} wall, {:.2} s CPU", began.elapsed(), cpu() - used);
    }
}

#[test]
#[ignore = "it measures"]
fn a_cached_build_of_twelve_instructions() {
    let mut site = Site::new();
    for name in 0..300 {
        site.write(&format!("src/{name}.c"), "int x;");
    }
    site.does = Box::new(|step, _| {
        Ok(Some(Layer::new().file(step.args.last().unwrap().replace(' ', "-"), "1")))
    });
    let file = "FROM base\nARG A=1\nENV B=2\nWORKDIR /app\nCOPY src/1.c /app/\nRUN one\nRUN two\nCOPY src /app/src\n\
        RUN three\nUSER app\nEXPOSE 80\nCMD [\"x\"]\n";
    let named = || {
        let tags = vec![strata_spec::Reference::parse("localhost/measured:1").unwrap()];
        let options = strata_build::BuildOptions { tags, ..Default::default() };
        drop(site.build_with(file, options, &Told::default()).unwrap());
    };
    print("first", 1, &named);
    print("12 instructions, all cached", 5, &named);
}

#[test]
#[ignore = "it measures"]
fn a_context_of_fifty_thousand_files() {
    let site = Site::new();
    for folder in 0..500 {
        for name in 0..100 {
            site.write(
                &format!("f{folder}/{name}.js"),
                &format!("module.exports = {folder} * {name};\n").repeat(55),
            );
        }
    }
    std::thread::sleep(std::time::Duration::from_millis(100));
    let file = "FROM base\nCOPY . /src\n";
    print("50,000 files, first", 1, &|| drop(site.build(file).unwrap()));
    print("50,000 files, all cached", 5, &|| drop(site.build(file).unwrap()));
    site.write("f7/7.js", "changed");
    print("50,000 files, one changed", 1, &|| drop(site.build(file).unwrap()));
    print("50,000 files, cached again", 2, &|| drop(site.build(file).unwrap()));
}

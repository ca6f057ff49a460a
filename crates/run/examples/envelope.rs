//! What a run of `true` takes beyond the bare command: `envelope HELPER LAYER [ROUNDS]`, on each rung that holds.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[cfg(target_os = "linux")]
fn main() {
    use std::path::PathBuf;
    use std::process::Command;
    use std::time::Instant;

    use strata_run::{Mode, Network, RunSpec, Session, SessionOptions};

    let mut arguments = std::env::args().skip(1);
    let (Some(helper), Some(layer)) = (arguments.next(), arguments.next()) else {
        return println!(
            "envelope HELPER LAYER [ROUNDS]: a run of `true` in the layer, on each rung"
        );
    };
    let rounds: usize = arguments.next().map_or(50, |rounds| rounds.parse().unwrap());
    let median = |name: &str, once: &mut dyn FnMut()| {
        let mut times: Vec<_> = (0..rounds)
            .map(|_| {
                let begun = Instant::now();
                once();
                begun.elapsed()
            })
            .collect();
        times.sort_unstable();
        println!("{name}: {:?} in the middle, {:?} at most", times[rounds / 2], times[rounds - 1]);
    };
    let program = PathBuf::from(&layer).join("bin/true");
    median("bare", &mut || assert!(Command::new(&program).status().unwrap().success()));
    for mode in [Mode::Root, Mode::SubIds, Mode::SingleId] {
        let options = SessionOptions { helper: PathBuf::from(&helper), mode: Some(mode) };
        let begun = Instant::now();
        let session = match Session::start(&options) {
            Ok(session) => session,
            Err(error) => {
                println!("{mode:?}: {error}");
                continue;
            }
        };
        println!("{mode:?}: session in {:?}", begun.elapsed());
        for network in [Network::Host, Network::None] {
            let folder = std::env::temp_dir().join(format!("envelope-{}", std::process::id()));
            let (upper, work) = (folder.join("upper"), folder.join("work"));
            std::fs::create_dir_all(&upper).unwrap();
            std::fs::create_dir_all(&work).unwrap();
            let args = vec!["true".to_owned()];
            let mut spec = RunSpec::new(vec![PathBuf::from(&layer)], upper, work, args);
            spec.network = network;
            median(&format!("{mode:?}, network {network:?}"), &mut || {
                let exit = session.run(&spec, &mut |_| {}, &|| false).unwrap();
                assert_eq!(exit.code, 0);
            });
            session.remove(&folder).unwrap();
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("RUN needs Linux");
}

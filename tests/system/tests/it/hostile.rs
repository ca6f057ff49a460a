use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::site::{Site, output};

/// Memory that a pull and an export may take at their most, in MB, whatever is thrown at them.
const MAX_MB: &str = "64";
/// Bytes a second that a layer must come with.
const LEAST_RATE: &str = "20k";
/// Seconds that a case may take; the slowest ones are slow on purpose.
const LIMIT: &str = "90";

/// A registry that attacks and fails its clients; it ends with this value.
struct Hostile {
    server: Child,
    port: u16,
}

impl Hostile {
    fn start(folder: &Path) -> Self {
        let port = two_free_ports();
        let server = Command::new("python3")
            .arg(folder.join("registry.py"))
            .args(["--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let hostile = Self { server, port };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return hostile;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the hostile registry does not listen");
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// A port that is free together with the next one, which is the second origin.
fn two_free_ports() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let both = first.checked_add(1).is_some_and(|second| {
            TcpListener::bind(("127.0.0.1", first)).is_ok()
                && TcpListener::bind(("127.0.0.1", second)).is_ok()
        });
        if both {
            return first;
        }
    }
}

/// The folder with the hostile registry; it is no part of this repository.
fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("STRATA_SHARED").map_or_else(beside, PathBuf::from);
    let folder = shared.join("hostile");
    folder.join("run.py").is_file().then_some(folder)
}

#[test]
fn every_attack_of_the_hostile_registry_ends_as_it_should_also_when_what_came_is_written_out() {
    let Some(site) = Site::open() else { return };
    let Some(folder) = folder() else {
        println!("skipped: there is no hostile registry; STRATA_SHARED names its folder");
        return;
    };
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no `python3`");
        return;
    }
    let strata = site.strata(&[]).get_program().to_string_lossy().into_owned();
    let strata = format!("{strata} --lang en --quiet --store {{tmp}}/store");
    let image = "127.0.0.1:{port}/{repo}:latest";
    // `slow` goes on for ever, as it should, unless somebody has set how slow is too slow.
    let pull = format!("{strata} pull --least-rate {LEAST_RATE} {image}");
    let export = format!("{strata} export {image} / {{tmp}}/out");
    thread::scope(|scope| {
        let (site, folder) = (&site, &folder);
        let pulled = format!("exec {pull}");
        scope.spawn(move || run(site, folder, "pull", &pulled));
        let exported = format!("{pull} && exec {export}");
        scope.spawn(move || run(site, folder, "export", &exported));
    });
}

/// Runs a command over every case of a registry of its own.
fn run(site: &Site, folder: &Path, name: &str, command: &str) {
    let hostile = Hostile::start(folder);
    // A login for the registry's own origin, which no other origin may see.
    let docker = site.path(&format!("docker-{name}"));
    std::fs::create_dir_all(&docker).unwrap();
    let login = format!(r#"{{"auths":{{"127.0.0.1:{}":{{"auth":"bWU6cHc="}}}}}}"#, hostile.port);
    std::fs::write(docker.join("config.json"), login).unwrap();
    let report = site.path(&format!("hostile-{name}.json"));
    let mut runner = Command::new("python3");
    runner.arg(folder.join("run.py")).args(["--port", &hostile.port.to_string(), "--cmd", command]);
    runner.args(["--limit", LIMIT, "--max-mb", MAX_MB]).arg("--out").arg(&report);
    runner.env("DOCKER_CONFIG", &docker).env("STRATA_CONFIG_DIR", site.path("config"));
    let ended = output(runner.env("LC_ALL", "C.UTF-8"));
    let text = std::fs::read_to_string(&report).unwrap_or_default();
    let cases: Value = serde_json::from_str(&text).unwrap_or_default();
    let said = String::from_utf8_lossy(&ended.stdout);
    let cases = cases.as_array().unwrap_or_else(|| panic!("{name}: no report; {said}"));
    assert!(cases.len() > 60, "{name}: {said}");
    let wrong: Vec<&Value> = cases.iter().filter(|case| case["fine"] != true).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
}

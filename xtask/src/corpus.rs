//! Real-shaped images on a local registry, to measure with.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::error::TaskError;
use crate::process;
use crate::workspace::{Workspace, write_text};

/// A running `docker-registry` with the corpus in it; it ends with this value.
pub struct Corpus {
    server: Child,
    /// Where it listens, as `127.0.0.1:port`.
    pub address: String,
    folder: PathBuf,
    script: PathBuf,
}

impl Corpus {
    /// Starts the registry over what earlier runs have made.
    pub fn start(workspace: &Workspace) -> Result<Self, TaskError> {
        let script = shared(workspace).join("corpus").join("make-corpus.sh");
        let folder = workspace.output_folder("corpus")?;
        let address = free_address()?;
        let config = folder.join("registry.yml");
        let data = folder.join("registry");
        fs::create_dir_all(&data).map_err(|source| TaskError::File {
            doing: "create folder",
            path: data.clone(),
            source,
        })?;
        write_text(
            &config,
            &format!(
                "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: {:?}}}}}\nhttp: {{addr: {address}}}\n",
                data.display().to_string()
            ),
        )?;
        let server = Command::new("docker-registry")
            .arg("serve")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| TaskError::Start { program: "docker-registry".to_owned(), source })?;
        let corpus = Self { server, address, folder, script };
        corpus.wait()?;
        Ok(corpus)
    }

    /// Makes an image, named as `py:gz`, unless it is there; returns its full reference.
    pub fn image(&self, name: &str) -> Result<String, TaskError> {
        let reference = format!("{}/corpus/{name}", self.address);
        let mut there = Command::new("skopeo");
        there.args(["inspect", "--raw", "--tls-verify=false"]).arg(format!("docker://{reference}"));
        if process::succeeds(&mut there) {
            return Ok(reference);
        }
        if !self.script.is_file() {
            return Err(TaskError::Missing {
                what: format!(
                    "the script that makes the corpus is not at `{}`",
                    self.script.display()
                ),
                remedy: "set STRATA_SHARED to the folder that holds corpus/make-corpus.sh"
                    .to_owned(),
            });
        }
        let family = name.split(':').next().unwrap_or(name).trim_end_matches("120");
        let family = if family == "debian" { "base" } else { family };
        println!("The image {name} is not there yet; making it takes some minutes.");
        let mut make = Command::new("bash");
        make.arg(&self.script).env("CORPUS_WORK", self.folder.join("work"));
        make.env("CORPUS_REGISTRY", &self.address).env("CORPUS_ONLY", family);
        process::run(&mut make)?;
        Ok(reference)
    }

    fn wait(&self) -> Result<(), TaskError> {
        for _ in 0..100 {
            if std::net::TcpStream::connect(&self.address).is_ok() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(TaskError::Output {
            command: "docker-registry".to_owned(),
            expected: "a listening registry",
            found: "none within five seconds".to_owned(),
        })
    }
}

impl Drop for Corpus {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// The folder with material that is not part of the repository.
fn shared(workspace: &Workspace) -> PathBuf {
    std::env::var_os("STRATA_SHARED")
        .map_or_else(|| workspace.root.join("..").join("shared"), PathBuf::from)
}

fn free_address() -> Result<String, TaskError> {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    address.map(|address| address.to_string()).map_err(|source| TaskError::File {
        doing: "find a free port on",
        path: PathBuf::from("127.0.0.1"),
        source,
    })
}

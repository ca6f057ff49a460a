use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A running `docker-registry`; it ends with this value.
pub struct Registry {
    server: Child,
    /// `127.0.0.1:port`
    pub address: String,
}

impl Registry {
    /// Starts one on a free port, with its data in this folder.
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, "")
    }

    /// The same with more lines in its configuration.
    pub fn start_with(folder: &Path, more: &str) -> Self {
        // Another program may take the port between the asking and the starting.
        for _ in 0..5 {
            let address =
                TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
            let config = folder.join("registry.yml");
            let data = folder.join("registry");
            let text = format!(
                "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: {:?}}}}}\nhttp: {{addr: {address}}}\n{more}",
                data.display().to_string()
            );
            std::fs::write(&config, text).unwrap();
            let mut server = Command::new("docker-registry")
                .arg("serve")
                .arg(&config)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            if answers(&mut server, &address) {
                return Self { server, address };
            }
            server.kill().ok();
            server.wait().ok();
        }
        panic!("docker-registry did not start");
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

fn answers(server: &mut Child, address: &str) -> bool {
    for _ in 0..200 {
        if server.try_wait().unwrap().is_some() {
            return false;
        }
        if TcpStream::connect(address).is_ok() {
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}

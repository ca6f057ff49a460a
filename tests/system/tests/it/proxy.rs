use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Passes connections on to a registry and counts what comes back.
pub struct Proxy {
    /// `127.0.0.1:port`
    pub address: String,
    answered: Arc<AtomicU64>,
}

impl Proxy {
    /// Before this address; each connection brings at most this many bytes a second, if a number is given.
    pub fn before(upstream: &str, bytes_per_second: Option<u64>) -> Self {
        Self::start(upstream, Way { bytes_per_second, cut_after: u64::MAX })
    }

    /// Before this address; each connection ends after it has brought so many bytes.
    pub fn cutting(upstream: &str, cut_after: u64) -> Self {
        Self::start(upstream, Way { bytes_per_second: None, cut_after })
    }

    fn start(upstream: &str, way: Way) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let answered = Arc::new(AtomicU64::new(0));
        let (upstream, counter) = (upstream.to_owned(), Arc::clone(&answered));
        // The threads end with the process: the tests of a binary are few.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(&upstream) else { continue };
                join(client, server, Arc::clone(&counter), way);
            }
        });
        Self { address, answered }
    }

    /// How many bytes have come back since the last time this was asked.
    pub fn take_answered(&self) -> u64 {
        self.answered.swap(0, Ordering::SeqCst)
    }
}

/// How a connection is.
#[derive(Clone, Copy)]
struct Way {
    bytes_per_second: Option<u64>,
    /// It ends after so many bytes.
    cut_after: u64,
}

fn join(client: TcpStream, server: TcpStream, counter: Arc<AtomicU64>, way: Way) {
    let (asking, asked) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || pass(asking, asked, u64::MAX, |_| {}));
    thread::spawn(move || {
        pass(server, client, way.cut_after, |bytes| {
            counter.fetch_add(bytes, Ordering::SeqCst);
            if let Some(rate) = way.bytes_per_second {
                thread::sleep(Duration::from_micros(bytes * 1_000_000 / rate));
            }
        });
    });
}

fn pass(mut from: TcpStream, mut to: TcpStream, most: u64, mut seen: impl FnMut(u64)) {
    let mut buffer = vec![0; 16 * 1024];
    let mut left = most;
    while let Ok(length) = from.read(&mut buffer) {
        let length = length.min(usize::try_from(left).unwrap_or(usize::MAX));
        left -= length as u64;
        if length == 0 || to.write_all(&buffer[..length]).is_err() {
            break;
        }
        seen(length as u64);
    }
    to.shutdown(Shutdown::Both).ok();
    from.shutdown(Shutdown::Both).ok();
}

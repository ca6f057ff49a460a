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
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let answered = Arc::new(AtomicU64::new(0));
        let (upstream, counter) = (upstream.to_owned(), Arc::clone(&answered));
        // The threads end with the process: the tests of a binary are few.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(&upstream) else { continue };
                join(client, server, Arc::clone(&counter), bytes_per_second);
            }
        });
        Self { address, answered }
    }

    /// How many bytes have come back since the last time this was asked.
    pub fn take_answered(&self) -> u64 {
        self.answered.swap(0, Ordering::SeqCst)
    }
}

fn join(
    client: TcpStream,
    server: TcpStream,
    counter: Arc<AtomicU64>,
    bytes_per_second: Option<u64>,
) {
    let (asking, asked) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || pass(asking, asked, |_| {}));
    thread::spawn(move || {
        pass(server, client, |bytes| {
            counter.fetch_add(bytes, Ordering::SeqCst);
            if let Some(rate) = bytes_per_second {
                thread::sleep(Duration::from_micros(bytes * 1_000_000 / rate));
            }
        });
    });
}

fn pass(mut from: TcpStream, mut to: TcpStream, mut seen: impl FnMut(u64)) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length) = from.read(&mut buffer) {
        if length == 0 || to.write_all(&buffer[..length]).is_err() {
            break;
        }
        seen(length as u64);
    }
    to.shutdown(Shutdown::Both).ok();
    from.shutdown(Shutdown::Both).ok();
}

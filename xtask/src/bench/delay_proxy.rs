//! A proxy that lets every byte travel for a while, as from a registry far away. It has no other limit.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::TaskError;

/// Bytes read at once.
const PIECE: usize = 64 * 1024;
/// Pieces on their way, each way: far more than a fast line holds in 20 ms.
const PIECES: usize = 1024;

/// Listens on a free port and passes everything on to `target`, `delay` later, each way. A new connection's first bytes
/// wait for one round trip more, as those of a real one wait for its handshake. Returns where it listens; it lives as
/// long as this process.
pub fn start(target: &str, delay: Duration) -> Result<String, TaskError> {
    let failed = |source| TaskError::File {
        doing: "listen on a free port of",
        path: PathBuf::from("127.0.0.1"),
        source,
    };
    let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let target = target.to_owned();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            if let Ok(server) = TcpStream::connect(&target) {
                connect(&client, &server, delay);
            }
        }
    });
    Ok(address.to_string())
}

/// Starts the threads of one connection. If its ends cannot be shared, it is closed.
fn connect(client: &TcpStream, server: &TcpStream, delay: Duration) {
    for (from, to, first) in [(client, server, delay * 3), (server, client, delay)] {
        let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) else { return };
        to.set_nodelay(true).ok();
        let (pieces, travelling) = sync_channel(PIECES);
        thread::spawn(move || take(from, &pieces, first, delay));
        thread::spawn(move || give(to, &travelling));
    }
}

/// Bytes, and when they arrive.
type Travelling = (Instant, Vec<u8>);

fn take(mut from: TcpStream, pieces: &SyncSender<Travelling>, first: Duration, delay: Duration) {
    let mut delay_now = first;
    loop {
        let mut piece = vec![0; PIECE];
        let read = from.read(&mut piece).unwrap_or(0);
        piece.truncate(read);
        // Nothing read is the end, which travels as long as all else.
        if pieces.send((Instant::now() + delay_now, piece)).is_err() || read == 0 {
            return;
        }
        delay_now = delay;
    }
}

fn give(mut to: TcpStream, travelling: &Receiver<Travelling>) {
    for (arrives, piece) in travelling {
        thread::sleep(arrives.saturating_duration_since(Instant::now()));
        if piece.is_empty() || to.write_all(&piece).is_err() {
            break;
        }
    }
    // The other end may be gone already.
    to.shutdown(Shutdown::Write).ok();
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn bytes_arrive_whole_and_in_order_in_both_directions() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = server.local_addr().unwrap().to_string();
        let address = start(&target, Duration::from_millis(15)).unwrap();
        let mut client = TcpStream::connect(&address).unwrap();
        let sent: Vec<u8> = (0..300_000_u32).map(|at| at.to_le_bytes()[1]).collect();
        let echo = thread::spawn(move || {
            let (mut there, _) = server.accept().unwrap();
            let mut came = Vec::new();
            there.read_to_end(&mut came).unwrap();
            there.write_all(&came).unwrap();
        });
        client.write_all(&sent).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let mut back = Vec::new();
        client.read_to_end(&mut back).unwrap();
        assert!(back == sent);
        echo.join().unwrap();
    }
}

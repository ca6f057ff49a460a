//! HTTP/2, where a server offers it: a server of a dozen lines that speaks nothing else.

use std::fs;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use strata_remote::{Client, ClientOptions};
use strata_testkit::{TestCa, TlsServer, TlsStream};

use crate::server::options;

/// What a client says first (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Types of frames.
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
/// `:status: 200` in the static table (RFC 7541, Appendix A), as an indexed field.
const STATUS_200: u8 = 0x88;
/// The last frame of headers and of the stream.
const END: u8 = 0x4 | 0x1;
const ACK: u8 = 0x1;

fn frame(kind: u8, flags: u8, stream: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let head = [length[1], length[2], length[3], kind, flags];
    [&head[..], &stream, payload].concat()
}

/// Answers every request with 200 and nothing; counts them.
fn serve(stream: &mut TlsStream, answered: &AtomicUsize) -> std::io::Result<()> {
    if stream.conn.alpn_protocol() != Some(b"h2") {
        return Ok(());
    }
    let mut preface = vec![0; PREFACE.len()];
    stream.read_exact(&mut preface)?;
    if preface != PREFACE {
        return Ok(());
    }
    stream.write_all(&frame(SETTINGS, 0, [0; 4], &[]))?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        stream.read_exact(&mut payload)?;
        let on = [head[5], head[6], head[7], head[8]];
        match (head[3], head[4] & ACK != 0) {
            (SETTINGS, false) => stream.write_all(&frame(SETTINGS, ACK, [0; 4], &[]))?,
            (PING, false) => stream.write_all(&frame(PING, ACK, [0; 4], &payload))?,
            (HEADERS, _) => {
                answered.fetch_add(1, Ordering::Relaxed);
                stream.write_all(&frame(HEADERS, END, on, &[STATUS_200]))?;
            }
            _ => {}
        }
        stream.flush()?;
    }
}

#[tokio::test]
async fn a_server_that_offers_http2_is_spoken_to_in_it() {
    let authority = TestCa::new("ours");
    let pair = authority.server(&["localhost", "127.0.0.1"]);
    let (connections, answered) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = (Arc::clone(&connections), Arc::clone(&answered));
    let server = TlsServer::start("127.0.0.1", &pair, &["h2", "http/1.1"], None, move |stream| {
        counted.0.fetch_add(1, Ordering::Relaxed);
        // The client goes away in its own time.
        let _ = serve(stream, &counted.1);
    });
    let registry = server.address.to_string();
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join(&registry);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("ca.crt"), authority.pem()).unwrap();
    let client = Client::new(ClientOptions {
        tls: vec![registry.clone()],
        certs_dirs: vec![place.path().to_owned()],
        ..options()
    })
    .unwrap();
    for _ in 0..3 {
        assert_eq!(client.ping(&registry).await.unwrap().http_version, "HTTP/2.0");
    }
    // One connection serves them all.
    let counts = (connections.load(Ordering::Relaxed), answered.load(Ordering::Relaxed));
    assert_eq!(counts, (1, 3));
}

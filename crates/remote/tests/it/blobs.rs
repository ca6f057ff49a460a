//! Blobs: from where, how many bytes, and what a broken connection costs.

use std::sync::Arc;
use std::time::Duration;

use strata_remote::{BlobStream, Client, ClientOptions, RemoteError};
use strata_spec::MediaType;

use crate::images::{blob, layer};
use crate::server::{After, Asked, Reply, Server, client, options};

const SIZE: u32 = 300_000;
const CUT: usize = 100_000;

async fn rest(stream: &mut BlobStream) -> Result<Vec<u8>, RemoteError> {
    let mut all = Vec::new();
    while let Some(chunk) = stream.next().await? {
        all.extend_from_slice(&chunk);
    }
    Ok(all)
}

async fn fetch(client: &Client, server: &Server, from: u64) -> Result<(u64, Vec<u8>), RemoteError> {
    let descriptor = layer(&blob(SIZE));
    let mut stream = client.fetch_blob(&server.reference("app:1"), &descriptor, from).await?;
    let start = stream.start();
    Ok((start, rest(&mut stream).await?))
}

fn blob_server(answer: impl Fn(&Asked, &[u8]) -> Reply + Send + Sync + 'static) -> Server {
    let bytes = Arc::new(blob(SIZE));
    Server::start(move |asked| answer(asked, &bytes))
}

#[tokio::test]
async fn a_blob_comes_whole_or_from_an_offset() {
    let server = blob_server(|asked, blob| Reply::part(blob, asked));
    assert_eq!(fetch(&client(), &server, 0).await.unwrap(), (0, blob(SIZE)));
    let (start, bytes) = fetch(&client(), &server, 250_000).await.unwrap();
    assert_eq!((start, &bytes[..]), (250_000, &blob(SIZE)[250_000..]));
    let at_end = fetch(&client(), &server, u64::from(SIZE)).await.unwrap();
    assert_eq!(at_end, (u64::from(SIZE), Vec::new()));
}

#[tokio::test]
async fn an_empty_blob_is_asked_for_and_ends() {
    let server = Server::start(|_| Reply::ok(""));
    let mut stream = client().fetch_blob(&server.reference("app"), &layer(b""), 0).await.unwrap();
    assert_eq!(rest(&mut stream).await.unwrap(), Vec::<u8>::new());
}

#[tokio::test]
async fn a_cut_connection_is_replaced_from_where_it_broke() {
    let server = blob_server(|asked, blob| Reply::part(blob, asked).cut(CUT));
    assert_eq!(fetch(&client(), &server, 0).await.unwrap(), (0, blob(SIZE)));
    let ranges: Vec<_> = server.asked().iter().map(Asked::from).collect();
    assert_eq!(ranges, [None, Some(CUT), Some(2 * CUT)]);
}

#[tokio::test]
async fn a_registry_that_ignores_ranges_starts_at_the_beginning() {
    let server = blob_server(|_, blob| Reply::ok(blob));
    assert_eq!(fetch(&client(), &server, 5000).await.unwrap(), (0, blob(SIZE)));
}

#[tokio::test]
async fn bytes_that_were_given_are_never_given_twice() {
    for refusal in [200, 206, 416] {
        let server = blob_server(move |asked, blob| match (asked.earlier, asked.from()) {
            (0, _) => Reply::ok(blob).cut(CUT),
            (_, Some(_)) if refusal == 416 => Reply::new(416, ""),
            // A part, but not the one that was asked for.
            (_, Some(from)) if refusal == 206 => Reply::new(206, &blob[from - 10..]).with(
                "Content-Range",
                &format!("bytes {}-{}/{}", from - 10, blob.len() - 1, blob.len()),
            ),
            _ => Reply::ok(blob),
        });
        assert_eq!(fetch(&client(), &server, 0).await.unwrap(), (0, blob(SIZE)), "{refusal}");
    }
}

#[tokio::test]
async fn a_blob_that_always_breaks_at_the_same_place_is_given_up() {
    let server = blob_server(|_, blob| Reply::ok(blob).cut(CUT));
    let error = fetch(&client(), &server, 0).await.unwrap_err();
    let RemoteError::Interrupted { received, .. } = error else { panic!("{error}") };
    assert_eq!(received, CUT as u64);
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn a_small_step_each_time_is_no_progress() {
    let server = blob_server(|asked, blob| Reply::part(blob, asked).cut(100));
    let error = fetch(&client(), &server, 0).await.unwrap_err();
    assert!(matches!(error, RemoteError::Interrupted { .. }), "{error}");
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn more_bytes_than_announced_are_refused() {
    let server = blob_server(|_, blob| Reply::ok([blob, b"more"].concat()).length(None));
    let error = fetch(&client(), &server, 0).await.unwrap_err();
    let RemoteError::SizeMismatch { expected, found, .. } = error else { panic!("{error}") };
    assert_eq!((expected, found), (u64::from(SIZE), u64::from(SIZE) + 1));
}

#[tokio::test]
async fn another_length_than_announced_is_refused_at_once() {
    for length in [0, 10, SIZE as usize - 1, SIZE as usize + 1, 1 << 50] {
        let server = blob_server(move |_, blob| Reply::ok(blob).length(Some(length)));
        let error = fetch(&client(), &server, 0).await.unwrap_err();
        assert!(matches!(error, RemoteError::SizeMismatch { .. }), "{length}: {error}");
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_descriptor_of_four_exabytes_reserves_nothing() {
    let server = blob_server(|_, blob| Reply::ok(blob));
    let mut descriptor = layer(&blob(SIZE));
    descriptor.size = 1 << 62;
    let error = client().fetch_blob(&server.reference("app"), &descriptor, 0).await.err().unwrap();
    assert!(matches!(error, RemoteError::SizeMismatch { .. }), "{error}");
}

#[tokio::test]
async fn a_quiet_connection_is_replaced() {
    let server = blob_server(|asked, blob| match asked.earlier {
        0 => Reply::ok(blob).cut(CUT).after(After::Hang),
        _ => Reply::part(blob, asked),
    });
    assert_eq!(fetch(&client(), &server, 0).await.unwrap(), (0, blob(SIZE)));
}

#[tokio::test]
async fn a_registry_that_stays_quiet_is_given_up() {
    let server = blob_server(|asked, blob| {
        let kept = if asked.earlier == 0 { CUT } else { 0 };
        Reply::part(blob, asked).cut(kept).after(After::Hang)
    });
    let quick = ClientOptions { idle_timeout: Duration::from_millis(600), ..options() };
    let error = fetch(&Client::new(quick).unwrap(), &server, 0).await.unwrap_err();
    let RemoteError::Stalled { received, .. } = error else { panic!("{error}") };
    assert_eq!(received, CUT as u64);
}

#[tokio::test]
async fn a_trickle_is_given_up() {
    let server = blob_server(|_, blob| Reply::ok(blob).after(After::Trickle));
    let quick = ClientOptions {
        idle_timeout: Duration::from_millis(600),
        least_rate: 100_000,
        ..options()
    };
    let error = fetch(&Client::new(quick).unwrap(), &server, 0).await.unwrap_err();
    assert!(matches!(error, RemoteError::TooSlow { least: 100_000, .. }), "{error}");
}

#[tokio::test]
async fn a_blob_that_is_not_there_is_not_asked_for_again() {
    let server = Server::start(|_| Reply::error(404, "BLOB_UNKNOWN", "blob unknown"));
    let mut descriptor = layer(&blob(9));
    let reference = server.reference("app");
    let error = client().fetch_blob(&reference, &descriptor, 0).await.err().unwrap();
    assert!(matches!(error, RemoteError::BlobUnknown { .. }), "{error}");
    descriptor.media_type = MediaType::DockerForeignLayer;
    descriptor.urls = vec!["https://elsewhere.example/layer".to_owned()];
    let error = client().fetch_blob(&reference, &descriptor, 0).await.err().unwrap();
    let RemoteError::ForeignLayer { urls, .. } = error else { panic!("{error}") };
    assert_eq!(urls, descriptor.urls);
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn what_is_packed_on_the_way_is_not_unpacked() {
    let server = blob_server(|_, blob| Reply::ok(blob).with("Content-Encoding", "gzip"));
    assert_eq!(fetch(&client(), &server, 0).await.unwrap(), (0, blob(SIZE)));
}

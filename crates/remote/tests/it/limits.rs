//! How much at once: bytes a second over all blobs, and blobs from one host.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use strata_remote::{Bandwidth, BlobStream, Client, ClientOptions};
use tokio::time::timeout;

use crate::images::{blob, layer};
use crate::server::{After, Reply, Server, options};

const SIZE: u32 = 200_000;
/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_secs(20);
/// Long enough that what comes without being held back has come.
const SHORT: Duration = Duration::from_millis(300);

fn blobs() -> Server {
    let content = blob(SIZE);
    Server::start(move |asked| Reply::part(&content, asked))
}

async fn open(client: &Client, server: &Server) -> BlobStream {
    client.fetch_blob(&server.reference("app:1"), &layer(&blob(SIZE)), 0).await.unwrap()
}

async fn read(mut stream: BlobStream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(chunk) = stream.next().await.unwrap() {
        all.extend_from_slice(&chunk);
    }
    all
}

#[tokio::test]
async fn two_blobs_share_a_limit_which_can_be_lifted_while_they_come() {
    let (server, bandwidth) = (blobs(), Bandwidth::default());
    // At this rate the first chunk alone takes longer than the test.
    bandwidth.set(1);
    let options = ClientOptions { bandwidth: bandwidth.clone(), ..options() };
    // Two clients with one limit.
    let (one, two) = (Client::new(options.clone()).unwrap(), Client::new(options).unwrap());
    let mut reading = [
        tokio::spawn(read(open(&one, &server).await)),
        tokio::spawn(read(open(&two, &server).await)),
    ];
    for blob in &mut reading {
        assert!(timeout(SHORT, blob).await.is_err(), "it was not held back");
    }
    bandwidth.set(0);
    for reading in reading {
        assert_eq!(timeout(LONG, reading).await.unwrap().unwrap(), blob(SIZE));
    }
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn what_is_held_back_on_purpose_is_neither_stalled_nor_too_slow() {
    let server = blobs();
    let bandwidth = Bandwidth::default();
    // All of it in about four seconds: many times the longest quiet, and slower than the least rate.
    bandwidth.set(u64::from(SIZE) / 4);
    let options = ClientOptions {
        bandwidth,
        idle_timeout: Duration::from_millis(900),
        least_rate: u64::from(SIZE) * 100,
        ..options()
    };
    let client = Client::new(options).unwrap();
    assert_eq!(read(open(&client, &server).await).await, blob(SIZE));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn slow_goes_on_for_as_long_as_it_takes() {
    // Several times the longest quiet, a byte at a time.
    let server = Server::start(|_| Reply::ok(blob(150)).after(After::Trickle));
    let options = ClientOptions {
        idle_timeout: Duration::from_millis(900),
        least_rate: ClientOptions::default().least_rate,
        ..options()
    };
    let client = Client::new(options).unwrap();
    let reference = server.reference("app:1");
    let stream = client.fetch_blob(&reference, &layer(&blob(150)), 0).await.unwrap();
    assert_eq!(read(stream).await, blob(150));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_slow_connection_is_replaced_once_before_it_is_given_up() {
    let content = Arc::new(blob(SIZE));
    let served = Arc::clone(&content);
    let server = Server::start(move |asked| match asked.from() {
        None => Reply::ok(served.as_slice()).after(After::Trickle),
        Some(_) => Reply::part(&served, asked),
    });
    let options = ClientOptions {
        idle_timeout: Duration::from_millis(800),
        least_rate: 100_000,
        ..options()
    };
    let client = Client::new(options).unwrap();
    assert_eq!(read(open(&client, &server).await).await, *content);
    assert_eq!(server.asked().len(), 2);
}

/// Counts how many of its answers are under way.
#[derive(Default)]
struct Busy {
    now: AtomicUsize,
    most: AtomicUsize,
}

#[tokio::test]
async fn one_host_gives_a_few_blobs_at_once_to_all_pulls_together() {
    let busy = Arc::new(Busy::default());
    let counted = Arc::clone(&busy);
    let server = Server::start(move |_| {
        let now = counted.now.fetch_add(1, Ordering::SeqCst) + 1;
        counted.most.fetch_max(now, Ordering::SeqCst);
        // Long enough for others to come, if they may.
        for _ in 0..40 {
            std::thread::sleep(Duration::from_millis(50));
            if counted.most.load(Ordering::SeqCst) > 1 {
                break;
            }
        }
        counted.now.fetch_sub(1, Ordering::SeqCst);
        Reply::ok(blob(9))
    });
    let client = Client::new(ClientOptions { blobs_per_host: 2, ..options() }).unwrap();
    let pulls = (0..8).map(|at| {
        let (client, reference) = (client.clone(), server.reference(&format!("app{at}:1")));
        tokio::spawn(async move {
            read(client.fetch_blob(&reference, &layer(&blob(9)), 0).await.unwrap()).await
        })
    });
    for pull in pulls.collect::<Vec<_>>() {
        assert_eq!(pull.await.unwrap(), blob(9));
    }
    assert_eq!((server.asked().len(), busy.most.load(Ordering::SeqCst)), (8, 2));
}

#[tokio::test]
async fn a_blob_that_is_let_go_leaves_its_turn_to_the_next() {
    let server = blobs();
    let client = Client::new(ClientOptions { blobs_per_host: 1, ..options() }).unwrap();
    let first = open(&client, &server).await;
    assert!(timeout(SHORT, open(&client, &server)).await.is_err(), "it did not wait");
    // Another host has turns of its own.
    let other = blobs();
    timeout(LONG, open(&client, &other)).await.unwrap();
    drop(first);
    timeout(LONG, open(&client, &server)).await.unwrap();
}

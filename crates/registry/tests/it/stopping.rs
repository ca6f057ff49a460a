use strata_registry::{Fault, Faults};

use crate::site::Site;

/// Stops a server in the middle of an answer; says whether nobody listens at its address afterwards.
async fn is_silent_after_a_stop() -> bool {
    let (site, image) =
        Site::failing(Faults::none().always("/blobs/", Fault::Stall { after: 1000 })).await;
    let path = format!("/v2/app/blobs/{}", image.layers[0].0);
    let mut stalled = site.get(&path).await;
    let mut received = 0;
    while received < 1000 {
        received += stalled.chunk().await.unwrap().unwrap().len();
    }
    let address = site.server.address();
    site.server.stop().await;
    assert!(stalled.chunk().await.is_err());
    std::net::TcpStream::connect(address).is_err()
}

#[tokio::test]
async fn a_stop_ends_also_what_would_never_end() {
    // A freed port may be another test's at once; not every time.
    for _ in 0..5 {
        if is_silent_after_a_stop().await {
            return;
        }
    }
    panic!("it still listens");
}

#[tokio::test]
async fn to_drop_a_server_stops_it() {
    let (site, image) =
        Site::failing(Faults::none().always("/blobs/", Fault::Stall { after: 0 })).await;
    let path = format!("/v2/app/blobs/{}", image.layers[0].0);
    let mut stalled = site.get(&path).await;
    drop(site);
    assert!(stalled.chunk().await.is_err());
}

#[tokio::test]
async fn a_client_that_goes_away_in_the_middle_can_go_on() {
    let site = Site::open().await;
    let begun = site.write(reqwest::Method::POST, "/v2/app/blobs/uploads/").send().await.unwrap();
    let upload = crate::site::header(&begun, "location").to_owned();
    // A body that announces ten bytes, brings four, and breaks.
    let head = format!(
        "PATCH {upload} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Length: 10\r\n\r\n1234",
        crate::site::TOKEN
    );
    let mut connection = std::net::TcpStream::connect(site.server.address()).unwrap();
    std::io::Write::write_all(&mut connection, head.as_bytes()).unwrap();
    drop(connection);
    loop {
        let state = site.write(reqwest::Method::GET, &upload).send().await.unwrap();
        if crate::site::header(&state, "range") == "0-3" {
            break;
        }
        tokio::task::yield_now().await;
    }
    let digest = strata_spec::Digest::sha256_of(b"1234567890");
    let rest =
        || site.write(reqwest::Method::PUT, &format!("{upload}?digest={digest}")).body("567890");
    // The broken request may still hold the upload for a moment.
    while rest().send().await.unwrap().status() != 201 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        site.get(&format!("/v2/app/blobs/{digest}")).await.text().await.unwrap(),
        "1234567890"
    );
}

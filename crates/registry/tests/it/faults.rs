use reqwest::Method;
use strata_registry::{Fault, Faults};

use crate::site::{Site, header, json, refusal, refused};

/// Reads a body as far as it comes.
async fn read(mut response: reqwest::Response) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return (body, true),
            Err(_) => return (body, false),
        }
    }
}

#[tokio::test]
async fn a_blob_is_cut_as_often_as_the_script_says() {
    let (site, image) =
        Site::failing(Faults::none().times(1, "GET /blobs/", Fault::Cut { after: 150_000 })).await;
    let (digest, bytes) = &image.blobs[0];
    let path = format!("/v2/app/blobs/{digest}");
    assert_eq!(read(site.get(&path).await).await, (bytes[..150_000].to_vec(), false));
    assert_eq!(read(site.get(&path).await).await, (bytes.clone(), true));
    assert_eq!(site.server.log().iter().rev().nth(1).unwrap().bytes, 150_000);
}

#[tokio::test]
async fn a_byte_is_wrong_where_the_script_says_also_in_a_part() {
    let (site, image) =
        Site::failing(Faults::none().always("/blobs/", Fault::Flip { at: 200_000 })).await;
    let (digest, bytes) = &image.blobs[0];
    let path = format!("/v2/app/blobs/{digest}");
    let mut expected = bytes.clone();
    expected[200_000] ^= 0xff;
    assert_eq!(site.get(&path).await.bytes().await.unwrap(), expected);
    let part = site.ask(Method::GET, &path).header("range", "bytes=199999-200001");
    let part = part.send().await.unwrap().bytes().await.unwrap();
    assert_eq!(part, expected[199_999..=200_001]);
}

#[tokio::test]
async fn a_part_is_not_given_where_the_script_ignores_ranges() {
    let (site, image) = Site::failing(Faults::none().always("/blobs/", Fault::IgnoreRange)).await;
    let path = format!("/v2/app/blobs/{}", image.layers[0].0);
    let whole = site.ask(Method::GET, &path).header("range", "bytes=10-").send().await.unwrap();
    assert_eq!(whole.status(), 200);
}

#[tokio::test]
async fn a_status_comes_as_often_as_the_script_says() {
    let busy = Fault::Status { status: 429, retry_after: Some(7) };
    let broken = Fault::Status { status: 503, retry_after: None };
    let faults = Faults::none().times(2, "/manifests/", busy).always("/tags/", broken);
    let (site, _) = Site::failing(faults).await;
    for _ in 0..2 {
        let answer = site.get("/v2/app/manifests/1.0").await;
        assert_eq!(header(&answer, "retry-after"), "7");
        assert_eq!(refusal(answer).await, refused(429, "TOOMANYREQUESTS"));
    }
    assert_eq!(site.get("/v2/app/manifests/1.0").await.status(), 200);
    assert_eq!(refusal(site.get("/v2/app/tags/list").await).await, refused(503, "UNAVAILABLE"));
}

#[tokio::test]
async fn a_password_is_wanted_where_the_script_says() {
    let (username, password) = ("ada".to_owned(), "secret".to_owned());
    let (site, _) =
        Site::failing(Faults::none().always("/v2/", Fault::BasicLogin { username, password }))
            .await;
    let path = "/v2/app/manifests/1.0";
    let nobody = site.get(path).await;
    assert!(header(&nobody, "www-authenticate").starts_with("Basic realm="));
    assert_eq!(refusal(nobody).await, refused(401, "UNAUTHORIZED"));
    let with = |password| site.ask(Method::GET, path).basic_auth("ada", Some(password)).send();
    assert_eq!(with("guess").await.unwrap().status(), 401);
    assert_eq!(with("secret").await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_token_is_wanted_and_given_where_the_script_says() {
    let (username, password) = ("ada".to_owned(), "secret".to_owned());
    let (site, _) =
        Site::failing(Faults::none().always("/v2/", Fault::TokenLogin { username, password }))
            .await;
    let path = "/v2/app/manifests/1.0";
    let nobody = site.get(path).await;
    let realm = format!("http://{}/token", site.server.address());
    let challenge =
        format!("Bearer realm=\"{realm}\",service=\"strata\",scope=\"repository:app:pull\"");
    assert_eq!(header(&nobody, "www-authenticate"), challenge);
    assert_eq!(nobody.status(), 401);
    assert_eq!(site.get("/token").await.status(), 401);
    let given =
        site.ask(Method::GET, &realm).basic_auth("ada", Some("secret")).send().await.unwrap();
    let token = json(given).await["token"].as_str().unwrap().to_owned();
    let with = |token: &str| site.ask(Method::GET, path).bearer_auth(token).send();
    assert_eq!(with("guess").await.unwrap().status(), 401);
    assert_eq!(with(&token).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_blob_is_elsewhere_where_the_script_says() {
    let to = "http://127.0.0.1:9".to_owned();
    let (site, image) =
        Site::failing(Faults::none().always("GET /blobs/", Fault::Redirect { to })).await;
    let path = format!("/v2/app/blobs/{}", image.layers[0].0);
    let answer = site.get(&path).await;
    assert_eq!(answer.status(), 307);
    assert_eq!(header(&answer, "location"), format!("http://127.0.0.1:9{path}"));
    assert_eq!(site.head(&path).await.status(), 200);
}

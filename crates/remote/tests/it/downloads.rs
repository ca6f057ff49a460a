//! Files from the net: whole, bounded, without a login.

use strata_remote::{DownloadError, RemoteError};

use crate::server::{Reply, Server, client_with, password};

#[tokio::test]
async fn a_file_comes_through_a_redirect_with_its_date_and_name_and_no_login() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/latest" => Reply::redirect("/files/tool-1.tar?token=1"),
        _ => Reply::ok("bytes")
            .with("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")
            .with("Content-Disposition", "attachment; filename=\"../../etc/tool.tar\""),
    });
    let client = client_with(password("me", "pw"));
    let mut came = Vec::new();
    let mut each = |bytes: &[u8]| {
        came.extend_from_slice(bytes);
        Ok(())
    };
    let done = client.download(&server.url("/latest"), 100, &mut each).await.unwrap();
    assert_eq!(
        (done.modified, done.name.as_deref(), done.bytes),
        (Some(784_111_777), Some("tool.tar"), 5)
    );
    assert_eq!(came, b"bytes");
    assert!(server.asked().iter().all(|asked| asked.header("authorization").is_none()));
}

#[tokio::test]
async fn what_is_too_large_missing_or_no_http_is_refused() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/large" => Reply::ok("x".repeat(1000)),
        "/file" => Reply::redirect("file:///etc/passwd"),
        "/loop" => Reply::redirect("/loop"),
        _ => Reply::new(404, "no"),
    });
    let client = client_with(password("me", "pw"));
    let get = async |path: &str| client.download(path, 100, &mut |_| Ok(())).await.unwrap_err();
    let large = get(&server.url("/large")).await;
    assert!(matches!(large, DownloadError::Remote(RemoteError::TooLarge { limit_bytes: 100, .. })));
    let missing = get(&server.url("/nothing")).await;
    assert!(matches!(missing, DownloadError::Remote(RemoteError::Unexpected { status: 404, .. })));
    let file = get(&server.url("/file")).await;
    assert!(matches!(file, DownloadError::Remote(RemoteError::RedirectRefused { .. })));
    assert!(matches!(get(&server.url("/loop")).await, DownloadError::Remote(_)));
    assert_eq!(server.asked().iter().filter(|asked| asked.target == "/loop").count(), 6);
    for url in ["file:///etc/passwd", "ftp://example.com/x", "nonsense"] {
        assert!(matches!(get(url).await, DownloadError::Remote(RemoteError::RegistryName { .. })));
    }
    let full = |_: &[u8]| Err(std::io::Error::other("full"));
    let full = client.download(&server.url("/large"), 5000, &mut { full }).await.unwrap_err();
    assert!(matches!(full, DownloadError::Write(_)));
}

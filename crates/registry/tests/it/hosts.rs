use reqwest::Method;
use strata_registry::{RegistryError, Server, ServerOptions};
use strata_store::Store;

use crate::site::{Site, refusal, refused};

#[tokio::test]
async fn a_name_that_points_here_but_is_not_ours_is_refused() {
    let options = ServerOptions { hosts: vec!["desk.lan".to_owned()], ..ServerOptions::default() };
    let site = Site::with(options).await;
    let named = |host: &'static str| site.ask(Method::GET, "/v2/").header("host", host).send();
    for strange in ["evil.example", "evil.example:5150", "localhost.evil.example", ""] {
        let answer = named(strange).await.unwrap();
        assert_eq!(refusal(answer).await, refused(421, "DENIED"), "{strange}");
    }
    for known in ["localhost:1", "127.0.0.1", "[::1]:5150", "desk.lan"] {
        assert_eq!(named(known).await.unwrap().status(), 200, "{known}");
    }
}

#[tokio::test]
async fn the_next_address_is_used_where_one_is_taken() {
    let site = Site::open().await;
    let taken = site.server.address();
    let free = ServerOptions::default().bind[0];
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let options = |bind| ServerOptions { bind, ..ServerOptions::default() };
    let server = Server::start(store.clone(), options(vec![taken, free])).await.unwrap();
    assert_ne!(server.address(), taken);
    let error = Server::start(store.clone(), options(vec![taken])).await.unwrap_err();
    assert!(matches!(error, RegistryError::Bind { address, .. } if address == taken), "{error}");
    let error = Server::start(store.clone(), options(Vec::new())).await.unwrap_err();
    assert!(matches!(error, RegistryError::NoAddress), "{error}");
    let registry = "not a registry".to_owned();
    let options = ServerOptions { registry, ..ServerOptions::default() };
    let error = Server::start(store, options).await.unwrap_err();
    assert!(matches!(error, RegistryError::Name { .. }), "{error}");
}

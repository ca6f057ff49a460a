//! Signing in, and to whom.

use std::sync::Arc;

use strata_remote::{Client, ClientOptions, Credentials, Login, RemoteError, Secret, TrustedRealm};

use crate::images::{manifest, served};
use crate::server::{Always, Asked, Reply, Server, client, client_with, options, password};

/// Refuses whoever shows nothing.
fn challenge(field: &str) -> Reply {
    Reply::error(401, "UNAUTHORIZED", "authentication required").with("WWW-Authenticate", field)
}

/// A registry with a token service of its own; `token` makes its answer.
fn registry(token: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |asked| {
        let host = asked.header("host").unwrap_or_default();
        if asked.target.starts_with("/token") {
            return token(asked);
        }
        match asked.header("authorization") {
            Some("Bearer tok") => served(&manifest("a")),
            _ => challenge(&format!(
                "Negotiate, Bearer realm=\"http://{host}/token?x=1\",service=\"the registry\",\
                 scope=\"repository:app:pull,push repository:victim:*\""
            )),
        }
    })
}

fn tokens(server: &Server) -> Vec<Asked> {
    server.asked().into_iter().filter(|asked| asked.target.starts_with("/token")).collect()
}

fn logins_at(server: &Server) -> usize {
    server.asked().iter().filter(|asked| asked.header("authorization").is_some()).count()
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_for_pulling_only() {
    let server = registry(|_| Reply::ok(r#"{"access_token": "tok", "expires_in": 300}"#));
    let client = client();
    for _ in 0..3 {
        client.fetch_manifest(&server.reference("app:1")).await.unwrap();
    }
    let tokens = tokens(&server);
    assert_eq!(tokens.len(), 1);
    assert_eq!(
        tokens[0].target,
        "/token?x=1&service=the+registry&scope=repository%3Aapp%3Apull&client_id=strata"
    );
    assert_eq!(tokens[0].header("authorization"), None);
    client.fetch_manifest(&server.reference("other:1")).await.unwrap();
    assert_eq!(server.asked().len(), 4 + 1 + 3);
}

#[tokio::test]
async fn a_password_is_exchanged_for_a_token() {
    let server = registry(|asked| match asked.header("authorization") {
        Some("Basic bWU6cDp3") => Reply::ok(r#"{"token": "tok"}"#),
        _ => Reply::error(401, "UNAUTHORIZED", "wrong password"),
    });
    let right = client_with(password("me", "p:w"));
    assert!(right.fetch_manifest(&server.reference("app:1")).await.is_ok());
    let wrong = client_with(password("me", "other"));
    let error = wrong.fetch_manifest(&server.reference("app:1")).await.unwrap_err();
    let RemoteError::Unauthorized { tried_login, words, .. } = error else { panic!("{error}") };
    assert_eq!((tried_login, words.text()), (true, Some("wrong password")));
}

#[tokio::test]
async fn an_identity_token_is_posted() {
    let server = registry(|asked| match (asked.method.as_str(), asked.body.as_str()) {
        ("POST", body) if body.contains("grant_type=refresh_token&refresh_token=a%2Bb") => {
            Reply::ok(r#"{"access_token": "tok"}"#)
        }
        _ => Reply::new(400, ""),
    });
    let client = client_with(Arc::new(Always(Login::IdentityToken(Secret::new("a+b")))));
    assert!(client.fetch_manifest(&server.reference("app:1")).await.is_ok());
    assert!(tokens(&server)[0].target.ends_with("?x=1"));
}

#[tokio::test]
async fn basic_is_used_where_it_is_offered() {
    let server = Server::start(|asked| match asked.header("authorization") {
        Some("Basic bWU6cHc=") => served(&manifest("a")),
        _ => challenge("Negotiate, basic realm=x"),
    });
    let reference = server.reference("app:1");
    let client = client_with(password("me", "pw"));
    client.fetch_manifest(&reference).await.unwrap();
    client.fetch_manifest(&reference).await.unwrap();
    assert_eq!(server.asked().len(), 3);
    let nobody = crate::server::client().fetch_manifest(&reference).await.unwrap_err();
    assert!(matches!(nobody, RemoteError::Unauthorized { tried_login: false, .. }), "{nobody}");
    let wrong = client_with(password("me", "no")).fetch_manifest(&reference).await.unwrap_err();
    assert!(matches!(wrong, RemoteError::Unauthorized { tried_login: true, .. }), "{wrong}");
}

#[tokio::test]
async fn a_password_does_not_go_to_another_origin() {
    let thief = Server::start(|_| Reply::ok(r#"{"token": "tok"}"#));
    let realm = thief.url("/token");
    let server = Server::start(move |asked| match asked.header("authorization") {
        Some("Bearer tok") => served(&manifest("a")),
        _ => challenge(&format!("Bearer realm=\"{realm}\"")),
    });
    let reference = server.reference("app:1");
    let error = client_with(password("me", "pw")).fetch_manifest(&reference).await.unwrap_err();
    let RemoteError::RealmRefused { host, .. } = error else { panic!("{error}") };
    assert_eq!(host, thief.address.to_string());
    assert_eq!(thief.asked().len(), 0);
    // Without a password there is nothing to steal.
    assert!(client().fetch_manifest(&reference).await.is_ok());
    assert_eq!(logins_at(&thief), 0);
}

#[tokio::test]
async fn the_users_leave_does_not_open_plain_http() {
    let thief = Server::start(|_| Reply::ok(r#"{"token": "tok"}"#));
    let realm = thief.url("/token");
    let server = Server::start(move |_| challenge(&format!("Bearer realm=\"{realm}\"")));
    let client = Client::new(ClientOptions {
        credentials: password("me", "pw"),
        trusted_realms: vec![TrustedRealm {
            registry: server.address.to_string(),
            host: thief.address.to_string(),
        }],
        ..options()
    });
    let error = client.unwrap().ping(&server.address.to_string()).await.unwrap_err();
    assert!(matches!(error, RemoteError::RealmRefused { .. }), "{error}");
    assert_eq!(thief.asked().len(), 0);
}

#[tokio::test]
async fn a_realm_that_is_no_service_is_refused() {
    for realm in ["file:///etc/hostname", "http://10.255.255.1/t", "https://10.255.255.1/t", ""] {
        let field = format!("Bearer realm=\"{realm}\"");
        let server = Server::start(move |_| challenge(&field));
        let error = client().fetch_manifest(&server.reference("app")).await.unwrap_err();
        assert!(matches!(error, RemoteError::RealmRefused { .. }), "{realm}: {error}");
    }
}

#[tokio::test]
async fn a_token_service_that_sends_elsewhere_is_refused() {
    let thief = Server::start(|_| Reply::ok(r#"{"token": "tok"}"#));
    let target = thief.url("/token");
    let server = registry(move |_| Reply::redirect(&target));
    let client = client_with(password("me", "pw"));
    let error = client.fetch_manifest(&server.reference("app:1")).await.unwrap_err();
    assert!(matches!(error, RemoteError::RedirectRefused { .. }), "{error}");
    assert_eq!(thief.asked().len(), 0);
}

#[tokio::test]
async fn a_token_that_cannot_be_used_is_refused() {
    for body in [
        r#"{"token": "tok\r\nX-Injected: 1"}"#,
        r#"{"token": ""}"#,
        "{}",
        "[]",
        "<html>log in</html>",
        r#"{"token": 7}"#,
    ] {
        let server = registry(move |_| Reply::ok(body));
        let error = client().fetch_manifest(&server.reference("app:1")).await.unwrap_err();
        assert!(matches!(error, RemoteError::TokenInvalid { .. }), "{body}: {error}");
    }
    let server = registry(|_| Reply::ok(vec![b'a'; 2 << 20]));
    let error = client().fetch_manifest(&server.reference("app:1")).await.unwrap_err();
    assert!(matches!(error, RemoteError::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn a_token_that_has_run_out_serves_one_request() {
    let server = registry(|_| {
        let past = r#"{"token": "tok", "expires_in": -5, "issued_at": "1970-01-01T00:00:00Z"}"#;
        Reply::ok(past).with("Date", "Thu, 01 Jan 1970 00:00:00 GMT")
    });
    let client = client();
    for _ in 0..2 {
        client.fetch_manifest(&server.reference("app:1")).await.unwrap();
    }
    assert_eq!(tokens(&server).len(), 2);
}

#[tokio::test]
async fn a_token_that_is_refused_later_is_replaced() {
    let server = Server::start(|asked| {
        let host = asked.header("host").unwrap_or_default();
        let first = format!("Bearer realm=\"http://{host}/token\"");
        match (asked.target.as_str(), asked.header("authorization")) {
            ("/token?scope=repository%3Aapp%3Apull&client_id=strata", _) => {
                Reply::ok(format!(r#"{{"token": "tok{}"}}"#, asked.earlier))
            }
            ("/v2/app/manifests/1", Some("Bearer tok0"))
            | ("/v2/app/manifests/2", Some("Bearer tok1")) => served(&manifest("a")),
            _ => challenge(&first),
        }
    });
    let client = client();
    client.fetch_manifest(&server.reference("app:1")).await.unwrap();
    client.fetch_manifest(&server.reference("app:2")).await.unwrap();
}

#[tokio::test]
async fn a_registry_that_never_lets_in_is_left() {
    let server = Server::start(|asked| {
        let host = asked.header("host").unwrap_or_default();
        match asked.target.starts_with("/token") {
            true => Reply::ok(r#"{"token": "tok"}"#),
            false => challenge(&format!("Bearer realm=\"http://{host}/token\"")),
        }
    });
    let error = client().fetch_manifest(&server.reference("app:1")).await.unwrap_err();
    assert!(matches!(error, RemoteError::Unauthorized { tried_login: false, .. }), "{error}");
    assert_eq!(server.asked().len(), 3);
    let error =
        client_with(password("a", "b")).ping(&server.address.to_string()).await.unwrap_err();
    assert!(matches!(error, RemoteError::Unauthorized { tried_login: true, .. }), "{error}");
}

#[tokio::test]
async fn a_login_that_cannot_be_read_ends_the_request() {
    struct Broken;
    impl Credentials for Broken {
        fn lookup(&self, registry: &str) -> Result<Option<Login>, RemoteError> {
            Err(RemoteError::LoginInvalid { registry: registry.to_owned(), reason: "test" })
        }
    }
    let server = registry(|_| Reply::ok(r#"{"token": "tok"}"#));
    let client = client_with(Arc::new(Broken));
    let error = client.fetch_manifest(&server.reference("app:1")).await.unwrap_err();
    assert!(matches!(error, RemoteError::LoginInvalid { .. }), "{error}");
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_service_that_knows_no_oauth_gets_the_identity_token_as_a_password() {
    for status in [404, 405] {
        let server = registry(move |asked| match asked.method.as_str() {
            "POST" => Reply::new(status, ""),
            // `<token>:a+b`
            _ if asked.header("authorization") == Some("Basic PHRva2VuPjphK2I=") => {
                Reply::ok(r#"{"token": "tok"}"#)
            }
            _ => Reply::new(401, ""),
        });
        let client = client_with(Arc::new(Always(Login::IdentityToken(Secret::new("a+b")))));
        client.fetch_manifest(&server.reference("app:1")).await.unwrap();
        let asked = tokens(&server);
        assert_eq!(asked.len(), 2);
        assert!(!asked[1].target.contains("refresh_token"), "{}", asked[1].target);
    }
}

#[tokio::test]
async fn of_several_services_the_one_is_asked_that_may_be() {
    let thief = Server::start(|_| Reply::ok(r#"{"token": "tok"}"#));
    let realm = thief.url("/token");
    let server = Server::start(move |asked| {
        let host = asked.header("host").unwrap_or_default();
        match (asked.target.starts_with("/token"), asked.header("authorization")) {
            (true, _) => Reply::ok(r#"{"token": "tok"}"#),
            (_, Some("Bearer tok")) => served(&manifest("a")),
            _ => challenge(&format!("Bearer realm=\"{realm}\""))
                .with("WWW-Authenticate", &format!("Bearer realm=\"http://{host}/token\"")),
        }
    });
    let client = client_with(password("me", "pw"));
    client.fetch_manifest(&server.reference("app:1")).await.unwrap();
    assert_eq!((thief.asked().len(), tokens(&server).len()), (0, 1));
}

#[tokio::test]
async fn basic_at_the_registry_itself_is_better_than_a_service_elsewhere() {
    let thief = Server::start(|_| Reply::ok(r#"{"token": "tok"}"#));
    let realm = thief.url("/token");
    let server = Server::start(move |asked| match asked.header("authorization") {
        Some("Basic bWU6cHc=") => served(&manifest("a")),
        _ => challenge(&format!("Bearer realm=\"{realm}\", Basic realm=\"x\"")),
    });
    let client = client_with(password("me", "pw"));
    client.fetch_manifest(&server.reference("app:1")).await.unwrap();
    assert_eq!(thief.asked().len(), 0);
}

#[tokio::test]
async fn a_repository_may_have_a_login_of_its_own() {
    struct Parts;
    impl Credentials for Parts {
        fn lookup(&self, _registry: &str) -> Result<Option<Login>, RemoteError> {
            Ok(None)
        }

        fn lookup_repository(
            &self,
            _registry: &str,
            repository: &str,
        ) -> Result<Option<Login>, RemoteError> {
            let password = Secret::new(repository);
            Ok(Some(Login::Password { username: "me".to_owned(), password }))
        }
    }
    let server = Server::start(|asked| match asked.header("authorization") {
        Some(_) => served(&manifest("a")),
        None => challenge("Basic realm=x"),
    });
    let client = client_with(Arc::new(Parts));
    for repository in ["a/b:1", "c:1", "a/b:2"] {
        client.fetch_manifest(&server.reference(repository)).await.unwrap();
    }
    let asked = server.asked();
    let shown: Vec<_> = asked.iter().filter_map(|asked| asked.header("authorization")).collect();
    assert_eq!(shown, ["Basic bWU6YS9i", "Basic bWU6Yw==", "Basic bWU6YS9i"]);
}

//! One request from its first line to its last byte.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_RANGE, LOCATION, RANGE, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::login::{self, SCRIPTED_TOKEN};
use crate::refusal::{Code, Refusal};
use crate::reply::{Reply, VERSION};
use crate::route::Route;
use crate::sending::sending;
use crate::shared::Shared;
use crate::{Fault, blobs, host, lists, manifests, upload_requests};

/// Where the token service of a scripted login is.
const TOKEN_PATH: &str = "/token";

/// Answers any request.
pub(crate) async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let entry = shared.log.open(&request);
    let faults = shared.faults_of(request.method(), request.uri());
    let (head, body) = request.into_parts();
    let is_head = head.method == Method::HEAD;
    let answered = tokio::select! {
        () = shared.stop.cancelled() => {
            Err(Refusal::new(Code::Unavailable, "the registry is being switched off"))
        }
        answered = respond(&shared, head, body, &faults) => answered,
    };
    let (mut head, body) = answered.unwrap_or_else(IntoResponse::into_response).into_parts();
    head.headers.insert(VERSION, HeaderValue::from_static("registry/2.0"));
    // What an image holds is data: no browser may take it for a page or script of this address.
    head.headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    entry.status.store(head.status.as_u16(), Ordering::Relaxed);
    if is_head {
        return Response::from_parts(head, Body::empty());
    }
    let at = head.headers.get(CONTENT_RANGE).and_then(first_byte).unwrap_or_default();
    let body = sending(body, at, &faults, entry, shared.stop.clone());
    Response::from_parts(head, body)
}

/// Who asks, and whether they may; then what they ask for.
async fn respond(
    shared: &Arc<Shared>,
    mut head: Parts,
    body: Body,
    faults: &[Fault],
) -> Result<Response, Refusal> {
    if !host::is_accepted(&head, &shared.hosts) {
        return Err(Refusal::new(Code::Denied, "this registry does not go by that name")
            .status(StatusCode::MISDIRECTED_REQUEST));
    }
    let path = head.uri.path().to_owned();
    if path == TOKEN_PATH
        && let Some((username, password)) = shared.token_login()
    {
        login::check_password(&head.headers, &username, &password)?;
        return Ok(
            Reply::new(StatusCode::OK).json(&json!({ "token": SCRIPTED_TOKEN, "expires_in": 300 }))
        );
    }
    let route = Route::parse(&path);
    for fault in faults {
        if let Some(failed) = fail(fault, &mut head, route)? {
            return Ok(failed);
        }
    }
    let Some(route) = route else {
        return Err(
            Refusal::new(Code::Unsupported, "there is nothing here").status(StatusCode::NOT_FOUND)
        );
    };
    // The script's login stands in place of the writer's: both travel in one header.
    let reads = matches!(head.method, Method::GET | Method::HEAD);
    if !reads || matches!(route, Route::Uploads { .. } | Route::Upload { .. }) {
        login::check_writer(shared, &head.headers)?;
    }
    serve(shared, &head, body, route).await
}

/// What a fault makes of a request before it is served.
fn fail(
    fault: &Fault,
    head: &mut Parts,
    route: Option<Route<'_>>,
) -> Result<Option<Response>, Refusal> {
    match fault {
        Fault::Status { status, retry_after } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::IM_A_TEAPOT);
            let code = match status {
                StatusCode::TOO_MANY_REQUESTS => Code::TooManyRequests,
                _ => Code::Unavailable,
            };
            let refusal = Refusal::new(code, "failing by the script").status(status);
            Err(match retry_after {
                Some(seconds) => refusal.with(RETRY_AFTER, seconds.to_string()),
                None => refusal,
            })
        }
        Fault::BasicLogin { username, password } => {
            login::check_password(&head.headers, username, password)?;
            Ok(None)
        }
        Fault::TokenLogin { .. } => {
            let name = match route {
                Some(
                    Route::Manifest { name, .. }
                    | Route::Blob { name, .. }
                    | Route::Tags { name }
                    | Route::Uploads { name }
                    | Route::Upload { name, .. },
                ) => name,
                _ => "",
            };
            login::check_token(&head.headers, name)?;
            Ok(None)
        }
        Fault::Redirect { to } => {
            let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
            let to = format!("{to}{path}");
            Ok(Some(Reply::new(StatusCode::TEMPORARY_REDIRECT).with(LOCATION, to).empty()))
        }
        Fault::IgnoreRange => {
            head.headers.remove(RANGE);
            Ok(None)
        }
        Fault::Cut { .. } | Fault::Stall { .. } | Fault::Flip { .. } => Ok(None),
    }
}

async fn serve(
    shared: &Arc<Shared>,
    head: &Parts,
    body: Body,
    route: Route<'_>,
) -> Result<Response, Refusal> {
    let reads = matches!(head.method, Method::GET | Method::HEAD);
    match (route, &head.method) {
        (Route::Base, _) if reads => {
            login::check_shown(shared, &head.headers)?;
            let mut reply = Reply::new(StatusCode::OK);
            if shared.write_token.is_some() {
                // Reading needs no login, but showing one makes a difference (RFC 9110, 11.6.1).
                reply = reply.with(WWW_AUTHENTICATE, login::CHALLENGE);
            }
            Ok(reply.json(&json!({})))
        }
        (Route::Catalog, _) if reads => lists::catalog(shared, &head.uri).await,
        (Route::Tags { name }, _) if reads => lists::tags(shared, name, &head.uri).await,
        (Route::Manifest { name, target }, _) if reads => {
            manifests::read(shared, name, target).await
        }
        (Route::Manifest { name, target }, &Method::PUT) => {
            manifests::put(shared, name, target, &head.headers, body).await
        }
        (Route::Blob { name, digest }, _) if reads => {
            blobs::read(shared, name, digest, &head.headers).await
        }
        (Route::Uploads { name }, &Method::POST) => {
            upload_requests::start(shared, name, head, body).await
        }
        (Route::Upload { name, id }, &Method::PATCH) => {
            upload_requests::append(shared, name, id, head, body).await
        }
        (Route::Upload { name, id }, &Method::PUT) => {
            upload_requests::finish(shared, name, id, head, body).await
        }
        (Route::Upload { name, id }, &Method::GET) => upload_requests::status(shared, name, id),
        (Route::Upload { name, id }, &Method::DELETE) => upload_requests::cancel(shared, name, id),
        _ => Err(Refusal::new(Code::Unsupported, "this registry does not do that")),
    }
}

/// The first byte of `bytes 3-9/10`.
fn first_byte(range: &HeaderValue) -> Option<u64> {
    range.to_str().ok()?.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}

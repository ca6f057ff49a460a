//! The answers of Docker Hub made to order.

use std::cmp::Reverse;
use std::net::SocketAddr;

use serde_json::{Value, json};
use strata_spec::Digest;

use crate::hub::{HubAsked, HubFixture, HubRepositoryFixture, HubTagFixture, PullLimit};

/// The longest page that the service gives.
const LONGEST_PAGE: usize = 100;
/// The page it gives where no length is named.
const USUAL_PAGE: usize = 10;
/// How many requests to the web API one may send a minute, as it says itself.
const API_LIMIT: u32 = 180;

/// An answer to a request.
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Value,
}

impl Answer {
    fn new(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    fn with(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}

/// What the service answers to a request.
pub(crate) fn answer(asked: &HubAsked, address: SocketAddr, fixture: &mut HubFixture) -> Answer {
    let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    if let Some(seconds) = fixture.busy_seconds {
        let body = json!({"detail": "Rate limit exceeded", "error": false});
        return Answer::new(429, body)
            .with("Retry-After", &seconds)
            .with("X-RateLimit-Limit", &API_LIMIT)
            .with("X-RateLimit-Remaining", &0);
    }
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match *parts {
        ["v2"] => Answer::new(200, json!({})),
        ["v2", "search", "repositories"] => {
            let (wanted, found) =
                (field(query, "query").unwrap_or_default(), &fixture.repositories);
            let found = found.iter().filter(|entry| entry.name.contains(&wanted)).map(found_entry);
            page(address, path, query, found.collect()).with("X-RateLimit-Limit", &API_LIMIT)
        }
        ["v2", "namespaces", namespace, "repositories", name, "tags"] => {
            let name = format!("{namespace}/{name}");
            let Some(entry) = fixture.repositories.iter().find(|entry| entry.name == name) else {
                return Answer::new(404, json!({"message": "object not found", "errinfo": {}}));
            };
            page(address, path, query, tag_entries(entry, query))
                .with("X-RateLimit-Limit", &API_LIMIT)
        }
        ["v2", .., "manifests", _] => pulled(asked, fixture.pulls.as_mut()),
        ["v2", .., "blobs", _] => Answer::new(200, json!({})),
        _ => Answer::new(404, json!({"message": "page not found"})),
    }
}

/// The registry's answer to a request for a manifest: to GET it is a pull, to HEAD it is not.
fn pulled(asked: &HubAsked, pulls: Option<&mut PullLimit>) -> Answer {
    let config = Digest::sha256_of(b"{}").to_string();
    let body = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": 2},
        "layers": [],
    });
    let digest = Digest::sha256_of(body.to_string().as_bytes());
    let answer = Answer::new(200, body)
        .with("Content-Type", &"application/vnd.oci.image.manifest.v1+json")
        .with("Docker-Content-Digest", &digest);
    let Some(pulls) = pulls else { return answer };
    let answer = match (asked.method.as_str(), pulls.remaining) {
        ("GET", 0) => {
            let message = "You have reached your unauthenticated pull rate limit. \
                https://www.docker.com/increase-rate-limit";
            let entry = json!({"code": "TOOMANYREQUESTS", "message": message});
            Answer::new(429, json!({ "errors": [entry] }))
        }
        ("GET", _) => {
            pulls.remaining -= 1;
            answer
        }
        _ => answer,
    };
    let window = pulls.window_seconds;
    answer
        .with("RateLimit-Limit", &format!("{};w={window}", pulls.limit))
        .with("RateLimit-Remaining", &format!("{};w={window}", pulls.remaining))
        .with("Docker-RateLimit-Source", &pulls.source)
}

fn page(address: SocketAddr, path: &str, query: &str, entries: Vec<Value>) -> Answer {
    let number = |name| field(query, name).and_then(|text| text.parse::<usize>().ok());
    let size = number("page_size").unwrap_or(USUAL_PAGE).clamp(1, LONGEST_PAGE);
    let page = number("page").unwrap_or(1).max(1);
    let fields: Vec<&str> =
        query.split('&').filter(|field| !field.is_empty() && !field.starts_with("page")).collect();
    let link = |page: usize| {
        let fields: String = fields.iter().map(|field| format!("{field}&")).collect();
        format!("http://{address}{path}?{fields}page={page}&page_size={size}")
    };
    let next = (page * size < entries.len()).then(|| link(page + 1));
    let previous = (page > 1).then(|| link(page - 1));
    let count = entries.len();
    let results: Vec<Value> = entries.into_iter().skip((page - 1) * size).take(size).collect();
    let body = json!({"count": count, "next": next, "previous": previous, "results": results});
    Answer::new(200, body)
}

fn found_entry(entry: &HubRepositoryFixture) -> Value {
    let official = entry.name.strip_prefix("library/");
    json!({
        "repo_name": official.unwrap_or(&entry.name),
        "short_description": entry.description,
        "star_count": entry.stars,
        "pull_count": entry.pulls,
        "repo_owner": "",
        "is_automated": false,
        "is_official": official.is_some(),
    })
}

fn tag_entries(entry: &HubRepositoryFixture, query: &str) -> Vec<Value> {
    let mut tags: Vec<&HubTagFixture> = entry.tags.iter().collect();
    if field(query, "ordering").as_deref() == Some("last_updated") {
        tags.sort_by_key(|tag| Reverse(&tag.last_updated));
    }
    tags.into_iter().map(tag_entry).collect()
}

fn tag_entry(tag: &HubTagFixture) -> Value {
    let image = |(platform, size): &(String, u64)| {
        let mut parts = platform.split('/');
        let (os, architecture, variant) = (parts.next(), parts.next(), parts.next());
        json!({
            "architecture": architecture,
            "features": "",
            "variant": variant,
            "digest": Digest::sha256_of(format!("{} {platform}", tag.content).as_bytes()).to_string(),
            "os": os,
            "os_features": "",
            "os_version": null,
            "size": size,
            "status": "active",
            "last_pulled": null,
            "last_pushed": tag.last_updated,
        })
    };
    json!({
        "creator": 1,
        "id": 1,
        "images": tag.images.iter().map(image).collect::<Vec<_>>(),
        "last_updated": tag.last_updated,
        "last_updater": 1,
        "last_updater_username": "someone",
        "name": tag.name,
        "repository": 1,
        "full_size": tag.images.first().map_or(0, |(_, size)| *size),
        "v2": true,
        "tag_status": "active",
        "tag_last_pulled": null,
        "tag_last_pushed": tag.last_updated,
        "media_type": "application/vnd.oci.image.index.v1+json",
        "content_type": "image",
        "digest": Digest::sha256_of(tag.content.as_bytes()).to_string(),
    })
}

/// The value of a field of a query, with its escapes undone.
fn field(query: &str, name: &str) -> Option<String> {
    let mut fields = query.split('&').filter_map(|field| field.split_once('='));
    let (_, value) = fields.find(|(key, _)| *key == name)?;
    let mut bytes = value.bytes();
    let mut text = Vec::new();
    while let Some(byte) = bytes.next() {
        text.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(text).ok()
}

#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn what_was_left_out_is_filled_in() {
    for (typed, full, familiar) in [
        ("nginx", "docker.io/library/nginx", "nginx"),
        ("nginx:1.27", "docker.io/library/nginx:1.27", "nginx:1.27"),
        ("bitnami/redis", "docker.io/bitnami/redis", "bitnami/redis"),
        ("docker.io/nginx", "docker.io/library/nginx", "nginx"),
        ("index.docker.io/a/b", "docker.io/a/b", "a/b"),
        ("localhost/x", "localhost/x", "localhost/x"),
        (
            "localhost:5150/practice/hello:1.0",
            "localhost:5150/practice/hello:1.0",
            "localhost:5150/practice/hello:1.0",
        ),
        ("ghcr.io/a/b/c", "ghcr.io/a/b/c", "ghcr.io/a/b/c"),
        ("[::1]:5000/a", "[::1]:5000/a", "[::1]:5000/a"),
    ] {
        let reference = Reference::parse(typed).unwrap();
        assert_eq!(reference.to_string(), full);
        assert_eq!(reference.familiar(), familiar);
        assert_eq!(Reference::parse(full).unwrap(), reference);
        assert_eq!(Reference::parse(familiar).unwrap(), reference);
    }
}

#[test]
fn the_tag_latest_is_added_only_where_nothing_else_decides() {
    let digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let with = |text: &str| Reference::parse(text).unwrap().with_default_tag().familiar();
    assert_eq!(with("nginx"), "nginx:latest");
    assert_eq!(with("nginx:1"), "nginx:1");
    assert_eq!(with(&format!("nginx@{digest}")), format!("nginx@{digest}"));
}

#[test]
fn each_mistake_has_its_own_answer() {
    let wrong = |text: &str| Reference::parse(text).unwrap_err();
    assert!(matches!(wrong(""), ReferenceError::Empty));
    assert!(matches!(wrong("Nginx"), ReferenceError::UpperCase { .. }));
    assert!(matches!(wrong("ghcr.io/Foo/bar"), ReferenceError::UpperCase { .. }));
    assert!(matches!(wrong("nginx:"), ReferenceError::Tag { .. }));
    assert!(matches!(wrong("nginx:a b"), ReferenceError::Tag { .. }));
    assert!(matches!(wrong("nginx@sha256:12"), ReferenceError::Digest { .. }));
    assert!(matches!(wrong("nginx; rm -rf /"), ReferenceError::Format { .. }));
    assert!(matches!(wrong(" nginx"), ReferenceError::Format { .. }));
    assert!(matches!(wrong("https://nginx"), ReferenceError::Format { .. }));
    assert!(matches!(wrong(&"a".repeat(64)), ReferenceError::Identifier { .. }));
    assert!(matches!(wrong(&format!("x/{}", "a".repeat(300))), ReferenceError::TooLong { .. }));
}

use strata_app::api::{
    DockerfileComplete, DockerfileExplain, DockerfileLint, ErrorCode, LintRuleRead,
};
use strata_testkit::{Image, Layer, Packing};

use crate::registry::{Registry, architecture};
use crate::site::Site;

async fn rules(site: &Site, text: &str, file: Option<String>) -> Vec<String> {
    let asked = DockerfileLint { text: text.to_owned(), file };
    let linted = site.app.dockerfile_lint(asked).await.unwrap();
    linted.hints.into_iter().map(|hint| hint.rule).collect()
}

#[tokio::test]
async fn what_the_store_knows_of_the_base_counts() {
    let (registry, site) = (Registry::start().await, Site::open());
    let image = Image::new()
        .platform("linux", architecture())
        .config(serde_json::json!({ "Env": ["APP_HOME=/app"], "WorkingDir": "/app" }))
        .layer(Layer::new().file("a", "a").tar(), Packing::Plain, "RUN make a")
        .build();
    let reference = registry.push("test/base", "1", &image).await;
    let text = format!("FROM {reference}\nCOPY $APP_HOME $APP_HOMES ./\n");
    assert_eq!(rules(&site, &text, None).await, ["CopyWithoutWorkdir"], "nothing is known yet");
    site.pull(&reference).await;
    assert_eq!(rules(&site, &text, None).await, ["UndefinedVar"]);
}

#[tokio::test]
async fn the_ignore_file_beside_a_dockerfile_is_read() {
    let site = Site::open();
    let file = site.folder.path().join("Dockerfile");
    std::fs::write(site.folder.path().join(".dockerignore"), "notes\n").unwrap();
    let file = Some(file.to_str().unwrap().to_owned());
    let text = "FROM scratch\nCOPY notes /notes\n";
    assert_eq!(rules(&site, text, None).await, Vec::<String>::new());
    assert_eq!(rules(&site, text, file.clone()).await, ["CopyIgnoredFile"]);
    std::fs::write(site.folder.path().join("Dockerfile.dockerignore"), "\n").unwrap();
    assert_eq!(rules(&site, text, file).await, Vec::<String>::new(), "the file's own wins");
}

#[tokio::test]
async fn places_are_counted_as_the_window_counts() {
    let site = Site::open();
    let text = "# 🦀\nFROM scratch AS b\nCOPY --from= x y".to_owned();
    let at = text.find("= x").unwrap() - 2 + 1;
    let asked = DockerfileComplete { text: format!("{text}\n"), at };
    // No stage lies above the only one.
    assert_eq!(site.app.dockerfile_complete(asked).await.unwrap(), []);
    let asked = DockerfileComplete { text: "# 🦀\nFR".to_owned(), at: 7 };
    let found = site.app.dockerfile_complete(asked).await.unwrap();
    assert_eq!((found[0].text.as_str(), found[0].span.start, found[0].span.end), ("FROM", 5, 7));
    let lines = site.app.dockerfile_explain(DockerfileExplain { text }).await.unwrap();
    assert_eq!((lines[0].span.start, lines[0].span.line), (5, 2));
    assert_eq!(lines[0].instruction.as_deref(), Some("FROM"));
}

#[tokio::test]
async fn what_cannot_be_looked_at_is_refused() {
    let site = Site::open();
    let text = " ".repeat(2 * 1024 * 1024);
    let asked = DockerfileLint { text, file: None };
    assert_eq!(site.app.dockerfile_lint(asked).await.unwrap_err().code, ErrorCode::TooLarge);
    let unknown = LintRuleRead { id: "DL0000".to_owned() };
    assert_eq!(site.app.lint_rule(&unknown).unwrap_err().code, ErrorCode::RuleUnknown);
    let gone = site.folder.path().join("gone");
    assert_eq!(site.app.dockerfile_text(&gone).unwrap_err().code, ErrorCode::FileUnread);
    std::fs::write(&gone, [0xff, 0xfe]).unwrap();
    assert_eq!(site.app.dockerfile_text(&gone).unwrap_err().code, ErrorCode::FileUnread);
}

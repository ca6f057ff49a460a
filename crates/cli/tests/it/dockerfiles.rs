use crate::site::Site;

fn with(text: &str) -> (Site, String) {
    let site = Site::open();
    let path = site.path("Dockerfile");
    std::fs::write(&path, text).unwrap();
    (site, path.to_str().unwrap().to_owned())
}

#[test]
fn what_is_wrong_is_shown_with_its_line_a_caret_and_the_name_that_was_meant() {
    let (site, file) = with("FROM alpine:3.20\nRUM make\nCOPY --form=x a /b\n");
    let ended = site.run(&["lint", &file]);
    assert_eq!(ended.code, Some(1), "{}", ended.said);
    let printed = String::from_utf8(ended.printed).unwrap();
    let expected = format!(
        "error: No instruction is called “RUM”.\n --> {file}:2:1\n  |\n2 | RUM make\n  | ^^^\n  = help: Did you mean RUN?\n\nerror: COPY takes no flag --form.\n --> {file}:3:6\n  |\n3 | COPY --form=x a /b\n  |      ^^^^^^^^\n  = help: Did you mean --from?\n\n"
    );
    assert_eq!(printed, expected);
    assert_eq!(ended.said, format!("{file}: 2 errors, 0 hints\n"));
}

#[test]
fn a_hint_is_no_failure_and_shows_what_would_mend_it() {
    let (site, file) = with("FROM alpine:3.20 as a\n");
    let ended = site.run(&["lint", &file]);
    assert_eq!(ended.code, Some(0), "{}", ended.said);
    let printed = String::from_utf8(ended.printed).unwrap();
    let expected = format!(
        "style[FromAsCasing]: “as” and “FROM” are written in different cases of letters.\n --> {file}:1:18\n  |\n1 | FROM alpine:3.20 as a\n  |                  ^^\n  = help: Write AS in the case of FROM.\n  - FROM alpine:3.20 as a\n  + FROM alpine:3.20 AS a\n\n"
    );
    assert_eq!(printed, expected);
    assert!(
        ended.said.contains("0 errors, 1 hint\n") && ended.said.contains("1 of them"),
        "{}",
        ended.said
    );
    let korean = site.run(&["lint", &file, "--lang", "ko"]);
    assert!(String::from_utf8(korean.printed).unwrap().starts_with("스타일[FromAsCasing]: "));
}

#[test]
fn exit_codes_tell_hints_errors_and_wrong_usage_apart() {
    let cases: [(&str, i32); 5] = [
        ("FROM scratch\nCOPY a /b\n", 0),
        ("FROM alpine\n", 0),
        ("# check=error=true\nFROM scratch as a\n", 1),
        ("# check=error=true\nFROM alpine\n", 0),
        ("", 1),
    ];
    for (text, code) in cases {
        let (site, file) = with(text);
        assert_eq!(site.run(&["lint", &file, "--quiet"]).code, Some(code), "{text}");
    }
    let site = Site::open();
    assert_eq!(site.run(&["lint"]).code, Some(2));
    assert_eq!(site.run(&["explain"]).code, Some(2));
    let gone = site.run(&["lint", "no-such-file"]);
    assert_eq!(gone.code, Some(1));
    assert!(gone.said.starts_with("strata: no-such-file cannot be read"), "{}", gone.said);
}

#[test]
fn json_has_places_values_and_edits() {
    let (site, file) = with("# 층\nFROM scratch AS a\nCOPY a.log /b\ncopy c /d\n");
    std::fs::write(site.path(".dockerignore"), "*.log\n").unwrap();
    let document = site.document(&["lint", &file, "--json"]);
    assert_eq!(document["hints"][0]["rule"], "CopyIgnoredFile");
    assert_eq!(document["hints"][0]["params"]["line"], "1");
    assert_eq!(document["hints"][1]["edits"][0]["text"], "COPY");
    assert_eq!(document["hints"][1]["span"]["line"], 4);
    assert_eq!(document["hints"][1]["span"]["start"], 36);
    assert!(document["ignoreFile"]["path"].as_str().unwrap().ends_with(".dockerignore"));
    std::fs::write(site.path("Dockerfile.dockerignore"), "ok\n[a-\n").unwrap();
    let ended = site.run(&["lint", &file]);
    assert!(ended.said.contains("line 2 cannot be read"), "{}", ended.said);
}

#[test]
fn rules_are_listed_and_each_has_a_page() {
    let site = Site::open();
    let list = site.prints(&["lint", "--rules"]);
    assert_eq!(list.lines().count(), 40);
    let page = site.prints(&["lint", "--rule", "dl3009"]);
    assert!(
        page.starts_with("AptListsLeft: ") && page.contains("rm -rf /var/lib/apt/lists"),
        "{page}"
    );
    assert_eq!(site.run(&["lint", "--rule", "DL0000"]).code, Some(1));
}

#[test]
fn each_line_is_put_into_words_in_both_languages() {
    let (site, file) =
        with("FROM debian:12\nRUN apt-get update \\\n && apt-get install -y curl\nUSER 1000\n");
    let said = site.prints(&["explain", &file]);
    let expected = "   1 | FROM debian:12\n       Starts from the image debian:12: all that it holds lies below what follows.\n       Brings the layers of the image below.\n";
    assert!(said.starts_with(expected), "{said}");
    assert!(said.contains("Installs packages of Debian or Ubuntu: curl\n"), "{said}");
    assert!(said.contains("   4 | USER 1000\n"), "{said}");
    let korean = site.prints(&["explain", &file, "--lang", "ko"]);
    assert!(korean.contains("Debian 또는 Ubuntu 패키지를 설치합니다: curl"), "{korean}");
    let document = site.document(&["explain", &file, "--json"]);
    assert_eq!(document[1]["says"][1]["code"], "run.aptInstall");
    assert_eq!(document[1]["layer"], "files");
}

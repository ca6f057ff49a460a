#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use super::*;

fn in_path(path: &str, content: &[u8]) -> Vec<(String, Severity)> {
    let found =
        in_file(&EntryPath::from(path), &mut Cursor::new(content), content.len() as u64, true)
            .unwrap();
    found.into_iter().map(|secret| (secret.rule, secret.severity)).collect()
}

fn one(path: &str, content: &str) -> Option<(String, Severity)> {
    let mut found = in_path(path, content.as_bytes());
    assert!(found.len() <= 1, "{found:?}");
    found.pop()
}

/// Pieced together, so that no search takes this file for what it tests.
fn key() -> String {
    let body = "MIIEowIBAAKCAQEAv1Qm9n8rXk2Lw7Zs5TtYb3Hc6DdPq0\nQk4Vn8tXy2Lw7Zs5TtYb3Hc6DdPq0Rk\n";
    ["-----BEGIN RSA PRIV", "ATE KEY-----\n", body, "-----END RSA PRIV", "ATE KEY-----\n"].concat()
}

#[test]
fn tokens_are_found_by_their_form() {
    let tail = "Zq8Rk3Lw7Zs5TtYb3Hc6DdPq0Xn2Vm4Wp9Ab1CdEf6Gh8Jk";
    let cases = [
        ("AKIA", "Q2W3E4R5T6Y7U4I5", "aws-access-key", Severity::Likely),
        ("ghp_", &tail[..36], "github-token", Severity::Certain),
        ("glpat-", &tail[..20], "gitlab-token", Severity::Certain),
        ("xoxb-", "123487650912-Zq8Rk3Lw7Zs5", "slack-token", Severity::Certain),
        ("sk_live_", &tail[..24], "stripe-key", Severity::Certain),
        ("npm_", &tail[..36], "npm-token", Severity::Certain),
        ("AIza", &tail[..35], "google-api-key", Severity::Likely),
        (
            "eyJ",
            "hbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.Zq8Rk3Lw7Zs5TtYb3Hc6",
            "jwt",
            Severity::Likely,
        ),
    ];
    for (start, rest, rule, severity) in cases {
        let text = format!("x = \"{start}{rest}\"\n");
        assert_eq!(one("opt/tool/notes.css", &text), Some((rule.to_owned(), severity)), "{text}");
        // The same inside a longer word is something else.
        assert_eq!(one("opt/tool/notes.css", &format!("abc{start}{rest}")), None);
    }
}

#[test]
fn what_documentation_shows_is_no_secret() {
    for text in [
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "postgres://user:password@localhost/db",
        "password: changeme",
        "token: ${TOKEN}",
        "api_key=<your key>",
        "PASSWORD_FILE=/run/secrets/db_password",
        "password = os.environ['X']",
        "if token == other_token:",
        "secret: none",
        "GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568",
    ] {
        assert_eq!(one("app/settings.conf", text), None, "{text}");
    }
}

#[test]
fn a_private_key_is_certain_except_where_tests_keep_theirs() {
    assert_eq!(one("app/server.key", &key()), Some(("private-key".to_owned(), Severity::Certain)));
    let quiet = "usr/local/lib/python3.12/test/certdata/keycert.pem";
    assert_eq!(one(quiet, &key()), Some(("private-key".to_owned(), Severity::Possible)));
    let library = "usr/lib/python3/site-packages/x/ca.key";
    assert_eq!(one(library, &key()), Some(("private-key".to_owned(), Severity::Likely)));
    assert_eq!(one("usr/share/doc/x/key.pem", &key()), None);
    assert_eq!(one("app/x.py", "HEADER = '-----BEGIN RSA PRIVATE KEY-----'\n"), None);
}

#[test]
fn assignments_count_in_settings_and_not_in_libraries() {
    let text = "db:\n  password: \"Tr0ub4dor&3\"\n";
    assert_eq!(one("app/config.yml", text), Some(("assignment".to_owned(), Severity::Possible)));
    assert_eq!(one("usr/lib/python3/dist-packages/x.py", text), None);
    let found =
        in_text(&Place::Environment { name: "DB_PASSWORD".to_owned() }, "DB_PASSWORD=Tr0ub4dor&3");
    assert_eq!(found[0].severity, Severity::Likely);
    assert_eq!((found[0].offset, found[0].length_bytes), (12, 11));
}

#[test]
fn a_password_that_is_handed_over_with_its_name_is_found() {
    let found = Some(("named-value".to_owned(), Severity::Possible));
    assert_eq!(one("app/wp.php", "define('DB_PASSWORD', 'S3cureP4ss!');\n"), found);
    assert_eq!(one("app/db.php", "'pw' => env(\"DB_PASSWORD\",\"k9Lm2xQ7\")\n"), found);
    for text in [
        "define('DB_PASSWORD', 'password_here');",
        "define('DB_PASSWORD', $password);",
        "f('token', 'name')",
        "['password', 'k9Lm2xQ7']",
    ] {
        assert_eq!(one("app/wp.php", text), None, "{text}");
    }
}

#[test]
fn short_passwords_count_where_they_are_given_to_the_image() {
    let place = Place::History { step: 1 };
    for text in [
        "A_PASSWORD=hunter2",
        "D_PASSWORD=p4x9",
        "MYSQL_PASSWORD=root1",
        "DB_PASS=zx81kk",
        "ENV X_PASSWORD=hunter2",
        "DB_PWD=k9Lm",
    ] {
        let found = in_text(&place, text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(
            (found[0].rule.as_str(), found[0].severity),
            ("short-password", Severity::Likely)
        );
        let start = text.find('=').unwrap() + 1;
        assert_eq!(found[0].offset, start as u64, "{text}");
    }
    for text in [
        "PASSWORD_FILE=/run/x1",
        "OLDPWD=/srv1",
        "COMPASS=north1",
        "PASSWORD_MIN_LENGTH=1234",
        "PASSWORD=$X1",
        "POSTGRES_PASSWORD=postgres",
        "MAX_PASS_COUNT=1000",
        "PASS=test",
    ] {
        assert_eq!(in_text(&place, text), [], "{text}");
    }
    assert_eq!(one("app/settings.conf", "DB_PASS=zx81kk"), None);
}

#[test]
fn names_of_files_tell_what_to_look_for() {
    let cases = [
        ("srv/.netrc", "machine example.com login me password k9Lm2xQ\n", "netrc"),
        (
            "x/.docker/config.json",
            "{\"auths\":{\"r\":{\"auth\":\"bWU6azlMbTJ4UQ==\"}}}",
            "docker-login",
        ),
        ("x/.env", "DEBUG=1\nSTRIPE_KEY=k9Lm\n", "env-file"),
        ("x/.pgpass", "db:5432:app:me:k9Lm2xQ\n", "postgres-passwords"),
        ("etc/shadow", "root:$6$saltsalt$k9Lm2xQabcdefk9Lm2xQ:19000:0:99999:7:::\n", "shadow-hash"),
        (
            "run/secrets/kubernetes.io/serviceaccount/token",
            "eyJhbGciOiJSUzI1NiJ9.k9Lm2xQabcdef",
            "service-account-token",
        ),
        ("x/.pypirc", "[pypi]\nusername = me\npassword = k9Lm2xQ\n", "python-index-login"),
    ];
    for (path, content, rule) in cases {
        assert_eq!(one(path, content).map(|(rule, _)| rule).as_deref(), Some(rule), "{path}");
    }
    for (path, content) in [
        ("etc/shadow", "root:*:19000:0:99999:7:::\n"),
        ("x/.npmrc", "_authToken=${NPM_TOKEN}\n"),
        ("x/.env", "DEBUG=1\n"),
    ] {
        assert_eq!(one(path, content), None, "{path}");
    }
    let found =
        in_file(&EntryPath::from("srv/app.jks"), &mut Cursor::new(b"\xfe\xed"), 2, false).unwrap();
    assert_eq!((found[0].rule.as_str(), found[0].line), ("key-store", None));
}

#[test]
fn a_secret_has_its_line_and_place_also_where_two_windows_meet() {
    for before in
        [WINDOW - 20, WINDOW - 1, WINDOW, WINDOW + 1, WINDOW + OVERLAP - 700, 2 * WINDOW + 5]
    {
        let mut text = "0123456789\n".repeat(before / 11).into_bytes();
        let (line, offset) = (before / 11 + 1, text.len());
        text.extend(key().as_bytes());
        text.extend(b"tail\n".repeat(10_000));
        let found =
            in_file(&EntryPath::from("a.key"), &mut Cursor::new(&text), text.len() as u64, true)
                .unwrap();
        assert_eq!(found.len(), 1, "{before}");
        assert_eq!((found[0].line, found[0].offset), (Some(line as u64), offset as u64));
        assert_eq!(found[0].length_bytes, key().trim_end().len() as u64);
    }
}

#[test]
fn what_stands_inside_a_key_is_a_part_of_it() {
    let text = key().replace("Qk4Vn8", &["/AKIA", "Q2W3E4R5T6Y7U4I5", "/"].concat());
    assert_eq!(one("app/server.key", &text), Some(("private-key".to_owned(), Severity::Certain)));
}

#[test]
fn there_is_an_end_to_what_one_file_gives() {
    let token = ["ghp_", "Zq8Rk3Lw7Zs5TtYb3Hc6DdPq0Xn2Vm4Wp9Ab", "\n"].concat();
    assert_eq!(in_path("app/tokens.txt", token.repeat(1_000).as_bytes()).len(), MOST_SECRETS);
}

#[test]
fn each_rule_compiles_and_has_a_name_of_its_own() {
    assert!(SEARCH.patterns.iter().all(Option::is_some));
    assert_eq!(
        SEARCH.contents.iter().flatten().count(),
        NAME_RULES.iter().filter(|rule| rule.content.is_some()).count()
    );
    assert!(SEARCH.tokens.is_some() && SEARCH.all.is_some());
    let names: std::collections::BTreeSet<&str> =
        super::super::rules().map(|rule| rule.id).collect();
    assert_eq!(names.len(), super::super::rules().count());
}

proptest::proptest! {
    #[test]
    fn any_bytes_do_no_harm(bytes: Vec<u8>, path in "[a-z./_]{0,30}") {
        let _ = in_file(&EntryPath::from(path.as_str()), &mut Cursor::new(&bytes), bytes.len() as u64, true);
    }

    #[test]
    fn words_in_any_order_do_no_harm(words in proptest::collection::vec(0_usize..9, 0..200)) {
        const WORDS: [&str; 9] = ["-----BEGIN ", "PRIVATE KEY-----", "\\n", "://a:b@", "eyJ", "password", "=", "ghp_", "\"AAAA"];
        let text: String = words.iter().map(|word| WORDS[*word]).collect();
        let found = in_text(&Place::History { step: 0 }, &text);
        for secret in found {
            proptest::prop_assert!(secret.offset + secret.length_bytes <= text.len() as u64);
        }
    }
}

use strata_inspect::secrets::{Place, Severity, in_config};
use strata_spec::ImageConfig;

fn config(config: &serde_json::Value, history: &[&str]) -> ImageConfig {
    let history: Vec<_> =
        history.iter().map(|line| serde_json::json!({ "created_by": line })).collect();
    let document = serde_json::json!({
        "architecture": "amd64",
        "os": "linux",
        "rootfs": { "type": "layers", "diff_ids": [] },
        "config": config,
        "history": history,
    });
    ImageConfig::parse(serde_json::to_vec(&document).unwrap()).unwrap()
}

#[test]
fn secrets_in_settings_and_history_are_found_at_their_place() {
    let token = ["glpat-", "Zq8Rk3Lw7Zs5TtYb3Hc6"].concat();
    let settings = serde_json::json!({
        "Env": ["PATH=/usr/bin", "DB_PASSWORD=k9Lm2xQ!Zt", "DB_URL=postgres://app:k9Lm2xQ@db/app"],
        "Labels": { "maintainer": "someone", "deploy.token": token },
    });
    let history = [
        "/bin/sh -c #(nop) ADD file:0123456789abcdef in /",
        "RUN |1 API_SECRET=k9Lm2xQ1Zt77 /bin/sh -c curl -fsS -u deploy:k9Lm2xQ8 https://example.com/x",
    ];
    let found = in_config(&config(&settings, &history));
    let places: Vec<(&str, Place)> =
        found.iter().map(|secret| (secret.rule.as_str(), secret.place.clone())).collect();
    let environment = |name: &str| Place::Environment { name: name.to_owned() };
    assert_eq!(
        places,
        [
            ("assignment", environment("DB_PASSWORD")),
            ("login-in-address", environment("DB_URL")),
            ("gitlab-token", Place::Label { name: "deploy.token".to_owned() }),
            ("assignment", Place::History { step: 1 }),
            ("curl-login", Place::History { step: 1 }),
        ]
    );
    assert!(found.iter().all(|secret| secret.severity >= Severity::Likely));
    assert!(found.iter().all(|secret| !secret.masked.contains("k9Lm2xQ")));
}

#[test]
fn what_official_images_set_is_no_secret() {
    let settings = serde_json::json!({
        "Env": [
            "PATH=/usr/local/sbin:/usr/local/bin",
            "GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305",
            "PYTHON_SHA256=c909157bb25ec114e5869124cc2a9c4a4d4c1e957ca4ff553f1edc692101154e",
            "NODE_VERSION=22.11.0",
            "PGDATA=/var/lib/postgresql/data",
            "POSTGRES_PASSWORD_FILE=/run/secrets/password",
        ],
        "Cmd": ["postgres"],
    });
    let history = [
        "RUN /bin/sh -c set -eux; curl -fsSL https://example.com/a.tar.xz -o a; echo \"$SHA *a\" | sha256sum -c # buildkit",
        "RUN /bin/sh -c for key in C0D6248439F1D5604AAFFB4021D900FFDB233756 ; do gpg --recv-keys \"$key\" ; done",
        "COPY --from=build /token /token",
    ];
    assert_eq!(in_config(&config(&settings, &history)), []);
}

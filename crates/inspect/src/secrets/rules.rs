//! The rules that find secrets in text, as data.

use super::Severity::{self, Certain, Likely, Possible};
use super::names::NAME_RULES;

/// How a match is looked at before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// A token of a fixed form: it must not be made up.
    Token,
    /// A PEM block: a key must follow its first line.
    PrivateKey,
    /// A value after a name: it must be no stand-in.
    Value,
    /// A value after a name that may mean anything: it must be as mixed as a password, too, and counts in settings only.
    MixedValue,
    /// A short value after a name that means a password: it counts only where a person gave it to the image itself, in
    /// the environment and the history.
    GivenValue,
}

/// A rule over text. What is searched first are the words that a match starts with; the pattern is then tried at that
/// place only, so that the time it takes grows with the text and no faster.
#[derive(Debug)]
pub(super) struct TextRule {
    pub(super) id: &'static str,
    pub(super) finds: &'static str,
    pub(super) severity: Severity,
    /// How each match starts.
    pub(super) starts: &'static [&'static str],
    /// Large and small letters are the same in `starts`.
    pub(super) any_case: bool,
    /// What stands from there on. The secret is the first group, or all of it.
    pub(super) pattern: &'static str,
    /// No letter, digit, `_` or `-` may stand before it.
    pub(super) needs_edge: bool,
    pub(super) check: Check,
}

/// What a rule finds, for who shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleFacts {
    /// Its name, as [`super::Secret::rule`] has it.
    pub id: &'static str,
    /// What it finds, in a few English words.
    pub finds: &'static str,
    /// How sure a finding is, where nothing around it speaks against it.
    pub severity: Severity,
}

/// All rules: over text, then over names of files.
pub fn rules() -> impl Iterator<Item = RuleFacts> {
    let text = TEXT_RULES.iter().map(|rule| RuleFacts {
        id: rule.id,
        finds: rule.finds,
        severity: rule.severity,
    });
    let names = NAME_RULES.iter().map(|rule| RuleFacts {
        id: rule.id,
        finds: rule.finds,
        severity: rule.severity,
    });
    text.chain(names)
}

/// A token that starts with words of its own.
const fn token(
    id: &'static str,
    finds: &'static str,
    severity: Severity,
    starts: &'static [&'static str],
    pattern: &'static str,
) -> TextRule {
    TextRule {
        id,
        finds,
        severity,
        starts,
        any_case: false,
        pattern,
        needs_edge: true,
        check: Check::Token,
    }
}

/// A value behind a name.
const fn value(
    id: &'static str,
    finds: &'static str,
    severity: Severity,
    starts: &'static [&'static str],
    pattern: &'static str,
) -> TextRule {
    TextRule {
        id,
        finds,
        severity,
        starts,
        any_case: true,
        pattern,
        needs_edge: false,
        check: Check::Value,
    }
}

/// The rules, the most special first: of two that find the same, the first counts.
pub(super) const TEXT_RULES: &[TextRule] = &[
    TextRule {
        id: "private-key",
        finds: "a private key",
        severity: Certain,
        starts: &["-----BEGIN "],
        any_case: false,
        pattern: r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----",
        needs_edge: false,
        check: Check::PrivateKey,
    },
    token(
        "aws-access-key",
        "the ID of an AWS access key",
        Likely,
        &["AKIA", "ASIA", "ABIA", "ACCA"],
        r"A[A-Z]{3}[A-Z2-7]{16}",
    ),
    value(
        "aws-secret-key",
        "an AWS secret access key",
        Certain,
        &["aws_secret_access_key", "aws_secret_key", "secretaccesskey"],
        r#"[A-Za-z_]{5,30}["']?\s{0,4}[=:]\s{0,4}["']?([A-Za-z0-9/+]{40})"#,
    ),
    token(
        "github-token",
        "a GitHub token",
        Certain,
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        r"gh[pousr]_[A-Za-z0-9]{36,251}",
    ),
    token(
        "github-fine-token",
        "a fine-grained GitHub token",
        Certain,
        &["github_pat_"],
        r"github_pat_[A-Za-z0-9_]{60,251}",
    ),
    token(
        "gitlab-token",
        "a GitLab token",
        Certain,
        &["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "glft-"],
        r"gl[a-z]{2,4}-[A-Za-z0-9_.-]{20,128}",
    ),
    token(
        "slack-token",
        "a Slack token",
        Certain,
        &["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-"],
        r"xox[baprs]-[0-9]{6,14}-[A-Za-z0-9-]{10,250}",
    ),
    token(
        "slack-app-token",
        "a Slack app token",
        Certain,
        &["xapp-"],
        r"xapp-[0-9]-[A-Z0-9]{8,14}-[0-9]{8,14}-[a-f0-9]{32,128}",
    ),
    TextRule {
        needs_edge: false,
        ..token(
            "slack-webhook",
            "the address of a Slack webhook",
            Likely,
            &["hooks.slack.com/services/"],
            r"hooks\.slack\.com/services/(T[A-Z0-9]{6,14}/B[A-Z0-9]{6,14}/[A-Za-z0-9]{20,40})",
        )
    },
    token(
        "stripe-key",
        "a Stripe key",
        Certain,
        &["sk_live_", "rk_live_"],
        r"[sr]k_live_[A-Za-z0-9]{20,247}",
    ),
    token(
        "stripe-test-key",
        "a Stripe key for tests",
        Possible,
        &["sk_test_", "rk_test_"],
        r"[sr]k_test_[A-Za-z0-9]{20,247}",
    ),
    token("npm-token", "an npm token", Certain, &["npm_"], r"npm_[A-Za-z0-9]{36}"),
    TextRule {
        needs_edge: false,
        any_case: false,
        ..value(
            "npm-registry-login",
            "a login of an npm registry",
            Certain,
            &["_authToken"],
            r#"_authToken[ ]?=[ ]?["']?([A-Za-z0-9._~+/=-]{16,512})"#,
        )
    },
    token("pypi-token", "a PyPI token", Certain, &["pypi-AgE"], r"pypi-AgE[A-Za-z0-9_-]{50,500}"),
    token("google-api-key", "a Google API key", Likely, &["AIza"], r"AIza[0-9A-Za-z_-]{35}"),
    token(
        "google-client-secret",
        "a Google OAuth client secret",
        Certain,
        &["GOCSPX-"],
        r"GOCSPX-[A-Za-z0-9_-]{28}",
    ),
    token(
        "google-access-token",
        "a Google access token",
        Likely,
        &["ya29."],
        r"ya29\.[A-Za-z0-9_-]{30,1000}",
    ),
    TextRule {
        any_case: false,
        ..value(
            "google-service-account",
            "a key of a Google service account",
            Certain,
            &["\"private_key_id\""],
            r#""private_key_id"\s{0,4}:\s{0,4}"([0-9a-f]{40})""#,
        )
    },
    TextRule {
        any_case: false,
        ..value(
            "azure-storage-key",
            "a key of an Azure storage account",
            Certain,
            &["AccountKey="],
            r"AccountKey=([A-Za-z0-9+/]{86}==)",
        )
    },
    token(
        "docker-hub-token",
        "a Docker Hub token",
        Certain,
        &["dckr_pat_", "dckr_oat_"],
        r"dckr_[po]at_[A-Za-z0-9_-]{27,64}",
    ),
    token(
        "sendgrid-key",
        "a SendGrid key",
        Certain,
        &["SG."],
        r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
    ),
    token(
        "openai-key",
        "a key of OpenAI",
        Certain,
        &["sk-proj-", "sk-svcacct-"],
        r"sk-[a-z]{4,8}-[A-Za-z0-9_-]{20,250}",
    ),
    token(
        "anthropic-key",
        "a key of Anthropic",
        Certain,
        &["sk-ant-"],
        r"sk-ant-[A-Za-z0-9_-]{20,250}",
    ),
    token("hugging-face-token", "a Hugging Face token", Certain, &["hf_"], r"hf_[A-Za-z0-9]{34}"),
    token(
        "digitalocean-token",
        "a DigitalOcean token",
        Certain,
        &["dop_v1_", "doo_v1_"],
        r"do[po]_v1_[a-f0-9]{64}",
    ),
    token(
        "shopify-token",
        "a Shopify token",
        Certain,
        &["shpat_", "shpss_", "shpca_"],
        r"shp(?:at|ss|ca)_[a-fA-F0-9]{32}",
    ),
    token("rubygems-token", "a RubyGems token", Certain, &["rubygems_"], r"rubygems_[a-f0-9]{48}"),
    token(
        "vault-token",
        "a HashiCorp Vault token",
        Likely,
        &["hvs.", "hvb."],
        r"hv[sb]\.[A-Za-z0-9_-]{24,250}",
    ),
    token(
        "age-key",
        "an age secret key",
        Certain,
        &["AGE-SECRET-KEY-1"],
        r"AGE-SECRET-KEY-1[0-9A-Z]{58}",
    ),
    token(
        "jwt",
        "a signed token (JWT)",
        Likely,
        &["eyJ"],
        r"eyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,3000}\.[A-Za-z0-9_-]{16,1000}",
    ),
    TextRule {
        ..value(
            "login-in-address",
            "an address with a password in it",
            Likely,
            &["://"],
            r#"://[^\s/:@"'<>{}$%]{1,64}:([^\s/@"'<>{}$]{3,128})@[A-Za-z0-9\[]"#,
        )
    },
    TextRule {
        ..value(
            "authorization-header",
            "a header that signs in",
            Likely,
            &["authorization"],
            r#"(?i:authorization)["']?\s{0,4}[:=]\s{0,4}["']?(?i:basic|bearer|token)\s{1,4}([A-Za-z0-9+/=._~-]{16,1000})"#,
        )
    },
    TextRule {
        any_case: false,
        ..value(
            "curl-login",
            "a login on a command line",
            Likely,
            &["curl "],
            r#"curl [^\n|;&]{0,200}?(?:-u|--user)[ =]["']?[^\s:"'$]{1,64}:([^\s"'$]{4,128})"#,
        )
    },
    TextRule {
        check: Check::MixedValue,
        ..value(
            "assignment",
            "a password, token or key given to a name",
            Possible,
            &[
                "password",
                "passwd",
                "passphrase",
                "secret",
                "token",
                "api_key",
                "apikey",
                "api-key",
                "access_key",
                "accesskey",
                "private_key",
                "auth_key",
                "encryption_key",
            ],
            r#"(?i:password|passwd|passphrase|secret|token|api[_-]?key|access_?key|private_key|auth_key|encryption_key)(?i:[_.-][A-Z0-9]{1,20}){0,2}["']?[ \t]{0,4}(?:=>|:=|[=:])[ \t]{0,4}["']?([^\s"'`,;<>{}()\[\]$\\]{8,256})"#,
        )
    },
    TextRule {
        check: Check::MixedValue,
        ..value(
            "named-value",
            "a password, token or key handed over with its name",
            Possible,
            &[
                "password",
                "passwd",
                "passphrase",
                "secret",
                "token",
                "api_key",
                "apikey",
                "auth_key",
            ],
            r#"(?i:password|passwd|passphrase|secret|token|api_?key|auth_key)(?i:[_.-][A-Z0-9]{1,20}){0,2}["'][ \t]{0,4},[ \t]{0,4}["']([^\s"'`<>{}\[\]$\\]{6,256})["'][ \t]{0,4}\)"#,
        )
    },
    TextRule {
        check: Check::GivenValue,
        ..value(
            "short-password",
            "a short password given to the image",
            Likely,
            &["password", "passwd", "passphrase", "pass", "pwd"],
            r#"(?i:password|passwd|passphrase|pass|pwd)(?:_?[0-9]{1,3})?["']?[ \t]{0,4}(?:=|:[ \t])[ \t]{0,4}["']?([^\s"'`,;<>{}()\[\]$\\]{4,256})"#,
        )
    },
];

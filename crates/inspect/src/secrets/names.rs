//! The rules that find secrets by the names of files, as data.

use super::Severity::{self, Certain, Likely, Possible};
use crate::entry_path::last_part;

/// A rule over the path of a file, and what must stand in it.
#[derive(Debug)]
pub(crate) struct NameRule {
    pub(super) id: &'static str,
    pub(super) finds: &'static str,
    pub(super) severity: Severity,
    /// Whole names of files.
    names: &'static [&'static str],
    /// Ends of paths: of names, or whole parts from a `/` on.
    endings: &'static [&'static str],
    /// What must stand in it, with the secret as the first group; nothing: the file itself is the secret.
    pub(super) content: Option<&'static str>,
}

/// Ends of names of files that show how another file is to be filled in.
const PATTERNS: &[&[u8]] =
    &[b".example", b".sample", b".template", b".dist", b".tpl", b".defaults"];

impl NameRule {
    /// The rule for a file; `path` has no `/` or `./` at its start.
    pub(crate) fn of(path: &[u8]) -> Option<&'static Self> {
        let name = last_part(path);
        if PATTERNS.iter().any(|ending| name.ends_with(ending)) {
            return None;
        }
        NAME_RULES.iter().find(|rule| rule.fits(path, name))
    }

    fn fits(&self, path: &[u8], name: &[u8]) -> bool {
        self.names.iter().any(|known| known.as_bytes() == name)
            || self.endings.iter().any(|ending| {
                let ending = ending.as_bytes();
                match ending.strip_prefix(b"/") {
                    Some(whole) => path.ends_with(ending) || path == whole,
                    None => name.ends_with(ending),
                }
            })
            || self.id == "env-file" && name.starts_with(b".env.")
    }
}

const fn file(
    id: &'static str,
    finds: &'static str,
    severity: Severity,
    names: &'static [&'static str],
    endings: &'static [&'static str],
    content: &'static str,
) -> NameRule {
    NameRule { id, finds, severity, names, endings, content: Some(content) }
}

pub(super) const NAME_RULES: &[NameRule] = &[
    file(
        "env-file",
        "an .env file with passwords or keys",
        Likely,
        &[".env"],
        &[".env"],
        r#"(?m-u)^[ \t]*(?:export[ \t]+)?[A-Z0-9_]*(?:KEY|SECRET|TOKEN|PASS|PASSWORD|PWD|CREDENTIALS?|DSN)[A-Z0-9_]*[ \t]*=[ \t]*["']?([^\s"'#]{4,})"#,
    ),
    file(
        "npm-login",
        "a login in .npmrc",
        Certain,
        &[".npmrc"],
        &[],
        r#"_(?:authToken|password|auth)[ ]*=[ ]*["']?([^\s"'$]{8,})"#,
    ),
    file(
        "python-index-login",
        "a login in .pypirc",
        Certain,
        &[".pypirc"],
        &[],
        r"(?m-u)^[ \t]*password[ \t]*[=:][ \t]*(\S{4,})",
    ),
    file(
        "netrc",
        "a login in .netrc",
        Certain,
        &[".netrc", "_netrc"],
        &[],
        r"(?-u)password\s+(\S{3,})",
    ),
    file(
        "docker-login",
        "logins of container registries",
        Certain,
        &[".dockercfg"],
        &["/.docker/config.json", "/containers/auth.json"],
        r#"(?-u)"(?:auth|identitytoken|registrytoken)"\s*:\s*"([^"]{8,})""#,
    ),
    file(
        "git-credentials",
        "logins of git",
        Certain,
        &[".git-credentials"],
        &[],
        r"(?-u)://[^\s:/@]+:([^\s@/]{3,})@",
    ),
    file(
        "aws-credentials",
        "keys of AWS",
        Certain,
        &[],
        &["/.aws/credentials"],
        r"(?-u)aws_secret_access_key\s*=\s*(\S{16,})",
    ),
    file(
        "kubeconfig",
        "a login of a Kubernetes cluster",
        Certain,
        &["kubeconfig"],
        &["/.kube/config", ".kubeconfig", "/etc/kubernetes/admin.conf"],
        r#"(?-u)(?:client-key-data|token|password)\s*:\s*["']?([^\s"']{8,})"#,
    ),
    file(
        "google-login",
        "a login of Google Cloud",
        Certain,
        &["application_default_credentials.json"],
        &[],
        r#"(?-u)"refresh_token"\s*:\s*"([^"]{20,})""#,
    ),
    file(
        "azure-login",
        "a login of Azure",
        Likely,
        &["msal_token_cache.json"],
        &["/.azure/accessTokens.json"],
        r#"(?-u)"(?:refreshToken|accessToken|secret)"\s*:\s*"([^"]{20,})""#,
    ),
    file(
        "password-hashes",
        "hashes of web server passwords",
        Likely,
        &[".htpasswd", "htpasswd"],
        &[".htpasswd"],
        r"(?m-u)^[^:\s]{1,64}:(\$(?:apr1|2[aby]|5|6)\$\S{20,}|\{SHA\}\S{20,})",
    ),
    file(
        "shadow-hash",
        "the hash of a login password",
        Likely,
        &[],
        &["/etc/shadow", "/etc/shadow-"],
        r"(?m-u)^[a-z_][a-z0-9_-]*:(\$[a-z0-9]{1,6}\$[^:\s]{20,}):",
    ),
    file(
        "postgres-passwords",
        "passwords in .pgpass",
        Certain,
        &[".pgpass"],
        &[],
        r"(?m-u)^[^:#\s]+:[^:\s]*:[^:\s]*:[^:\s]*:(\S{3,})",
    ),
    file(
        "mysql-password",
        "a password in .my.cnf",
        Certain,
        &[".my.cnf"],
        &[],
        r#"(?m-u)^[ \t]*password[ \t]*=[ \t]*["']?([^\s"']{3,})"#,
    ),
    file(
        "terraform-state",
        "secrets in the state of Terraform",
        Likely,
        &[],
        &[".tfstate", ".tfstate.backup"],
        r#"(?-u)"(?:[a-z_]*password|[a-z_]*secret|[a-z_]*token|private_key[a-z_]*|[a-z_]*access_key)"\s*:\s*"([^"]{6,})""#,
    ),
    file("vault-login", "a token of Vault", Certain, &[".vault-token"], &[], r"(?-u)(\S{20,})"),
    file(
        "service-account-token",
        "the token of a Kubernetes service account",
        Certain,
        &[],
        &["/kubernetes.io/serviceaccount/token"],
        r"(?-u)(\S{20,})",
    ),
    file(
        "github-login",
        "a login of GitHub's command",
        Certain,
        &[],
        &["/gh/hosts.yml"],
        r"(?-u)oauth_token:\s*(\S{20,})",
    ),
    file(
        "rubygems-login",
        "a login of RubyGems",
        Certain,
        &[],
        &["/.gem/credentials"],
        r"(?-u):\s*(\S{20,})",
    ),
    file(
        "cargo-login",
        "a login of a crate registry",
        Certain,
        &[],
        &["/.cargo/credentials.toml", "/.cargo/credentials"],
        r#"(?-u)token\s*=\s*"([^"]{16,})""#,
    ),
    file(
        "maven-login",
        "a login in Maven's settings",
        Likely,
        &[],
        &["/.m2/settings.xml"],
        r"(?-u)<(?:password|passphrase)>([^<$\s]{3,})<",
    ),
    file(
        "storage-login",
        "a login of a storage tool",
        Certain,
        &[".s3cfg", "rclone.conf"],
        &[],
        r"(?m-u)^[ \t]*(?:secret_key|secret_access_key|pass|token)[ \t]*=[ \t]*(\S{8,})",
    ),
    file(
        "wordpress-password",
        "the database password of WordPress",
        Likely,
        &["wp-config.php"],
        &[],
        r#"(?-u)DB_PASSWORD['"]\s*,\s*['"]([^'"]{3,})"#,
    ),
    file(
        "putty-key",
        "a private key of PuTTY",
        Certain,
        &[],
        &[".ppk"],
        r"(?-u)Private-Lines:\s*\d+\r?\n([A-Za-z0-9+/=]{16,})",
    ),
    NameRule {
        id: "key-store",
        finds: "a store of keys",
        severity: Possible,
        names: &[],
        endings: &[".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".bks"],
        content: None,
    },
    NameRule {
        id: "typed-commands",
        finds: "commands that were typed while the image was made",
        severity: Possible,
        names: &[
            ".bash_history",
            ".zsh_history",
            ".ash_history",
            ".psql_history",
            ".mysql_history",
            ".python_history",
        ],
        endings: &[],
        content: None,
    },
    NameRule {
        id: "cloud-login-database",
        finds: "the logins of Google Cloud's command",
        severity: Likely,
        names: &[],
        endings: &["/gcloud/credentials.db", "/gcloud/access_tokens.db"],
        content: None,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_their_whole_parts() {
        let cases = [
            ("app/.env", Some("env-file")),
            ("app/.env.production", Some("env-file")),
            ("app/.env.example", None),
            ("app/environment", None),
            (".docker/config.json", Some("docker-login")),
            ("x/.docker/config.json", Some("docker-login")),
            ("x.docker/config.json", None),
            ("etc/shadow", Some("shadow-hash")),
            ("my/notes-on-etc/shadow", None),
            ("srv/terraform.tfstate", Some("terraform-state")),
            ("srv/app.jks", Some("key-store")),
        ];
        for (path, expected) in cases {
            assert_eq!(NameRule::of(path.as_bytes()).map(|rule| rule.id), expected, "{path}");
        }
    }
}

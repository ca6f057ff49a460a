//! Why a step most likely failed, from what it said and how it ended.

use std::sync::LazyLock;

use regex::Regex;

use crate::api::LikelyCause;

/// How many of the last lines of output are looked at.
pub(crate) const LINES_LOOKED_AT: usize = 200;
/// How many causes are told at most.
const MOST: usize = 3;

/// What is known of a step that failed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Failed<'a> {
    /// The code that its command ended with; none if it did not come to that.
    pub exit: Option<i32>,
    /// The last lines that it wrote, the newest last.
    pub output: &'a [String],
    /// The instruction's text.
    pub text: &'a str,
    /// Whether its command had no network.
    pub without_network: bool,
}

/// A sign of a cause in a line of output. The first group, if there is one, is what the sentence names.
struct Sign {
    code: &'static str,
    pattern: &'static str,
}

const fn sign(code: &'static str, pattern: &'static str) -> Sign {
    Sign { code, pattern }
}

/// From the most telling to the least: the first that is found in any line comes first.
const SIGNS: &[Sign] = &[
    sign("diskFull", r"(?i)no space left on device|ENOSPC|disk quota exceeded"),
    sign(
        "windowsLineEnds",
        r"(?:\\r|\r|\^M): (?:not found|command not found|bad interpreter)|env: .(\S+?)(?:\\r|\r)",
    ),
    sign("wrongArchitecture", r"(?i)exec format error|cannot execute binary file"),
    sign("outOfMemory", r"(?i)out of memory|cannot allocate memory|^Killed$|signal: killed"),
    sign("aptNeedsYes", r"(?i)do you want to continue\? \[y/n\] abort"),
    sign("aptUnknown", r"E: Unable to locate package (\S+)"),
    sign("aptUnknown", r"E: Package '([^']+)' has no installation candidate"),
    sign("aptOldLists", r"E: Failed to fetch \S*?/([^/\s]+\.deb) +404"),
    sign("apkUnknown", r"^ +([\w.+-]+) \(no such package\):"),
    sign("pipUnknown", r"(?i)no matching distribution found for ([^\s(]+)"),
    sign(
        "npmNoLock",
        r"(?i)npm ci.{0,60}(?:existing|without).{0,40}(?:package-lock|lockfile)|`npm ci` can only install",
    ),
    sign("npmUnknown", r"(?i)npm (?:err!|error) 404 +'([^']+)'"),
    sign("npmUnknown", r"(?i)npm (?:err!|error) 404 not found"),
    sign(
        "certificate",
        r"(?i)certificate.verify.failed|unable to get local issuer|self.signed certificate|certificate is not trusted|ssl certificate problem",
    ),
    sign(
        "hashMismatch",
        r"(?i)hash sum mismatch|do not match the hashes|integrity checksum failed|EINTEGRITY",
    ),
    sign("dns", r"(?i)(?:could not resolve(?: host)?|temporary failure resolving):? '?([\w.-]+\w)"),
    sign(
        "dns",
        r"(?i)name or service not known|name resolution|getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ?([\w.-]*)|bad address '([\w.-]+)'",
    ),
    sign(
        "network",
        r"(?i)network is unreachable|connection timed out|connection refused|ETIMEDOUT|ECONNREFUSED|no route to host",
    ),
    sign(
        "compilerMissing",
        r"(?i)(?:unable to execute|command) '([\w+.-]*(?:gcc|g\+\+|cc|clang))' ?(?:failed|:)|(?:^|[/ :])(gcc|g\+\+|cc|make|cmake): (?:command )?not found|linker `(cc)` not found",
    ),
    sign(
        "headerMissing",
        r"fatal error: '?([^\s':]+\.h(?:pp)?)'?:? (?:No such file|file not found)",
    ),
    sign("moduleMissing", r"(?:No module named|Cannot find module) '([^']+)'"),
    sign(
        "noExtraIds",
        r"(?i)setgroups\b.*(?:not permitted|invalid)|seteuid \d+ failed|cannot set groups|chown: .*invalid argument",
    ),
    sign("readOnly", r"(?i)read-only file system"),
    sign("commandNotFound", r"(?i)(?:^|: )([\w./+-]+): (?:command )?not found$"),
    sign("commandNotFound", r#"(?i)exec: "?([^":]+)"?: (?:executable file )?not found"#),
    sign(
        "permission",
        r"(?i)'?([/\w.+-]*)'?: permission denied|EACCES|operation not permitted|are you root\?",
    ),
    sign("fileMissing", r"(?i)no such file or directory: '([^']+)'"),
    sign(
        "fileMissing",
        r"(?i)(?:cannot (?:open|stat|access)|can't open):? '?([\w./+-]+)'?: no such file",
    ),
    sign("fileMissing", r"(?i)([\w./+-]+)'?: no such file or directory"),
];

/// The patterns, read once. One that is wrong would be left out; a test reads them all.
static PATTERNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    let read = |sign: &Sign| Some((sign.code, Regex::new(sign.pattern).ok()?));
    SIGNS.iter().filter_map(read).collect()
});

/// The likeliest causes, the likeliest first; at most three, each code once.
pub(crate) fn likely(failed: Failed<'_>) -> Vec<LikelyCause> {
    let mut found: Vec<LikelyCause> = Vec::new();
    let mut add = |code: &str, subject: String| {
        if found.len() < MOST && found.iter().all(|known| known.code != code) {
            found.push(LikelyCause { code: code.to_owned(), subject });
        }
    };
    let from = failed.output.len().saturating_sub(LINES_LOOKED_AT);
    let lines = &failed.output[from..];
    for (code, pattern) in PATTERNS.iter() {
        let Some(groups) = lines.iter().rev().find_map(|line| pattern.captures(line)) else {
            continue;
        };
        let subject = groups.iter().skip(1).flatten().next();
        let subject = subject.map_or_else(String::new, |group| group.as_str().to_owned());
        match *code {
            // No lists were fetched in this very step: the usual reason.
            "aptUnknown" if !failed.text.contains("update") => add("aptNoLists", subject),
            "dns" | "network" if failed.without_network => add("networkOff", String::new()),
            // Their sentences name something; these do not.
            "dns" if subject.is_empty() => add("dnsSome", subject),
            "permission" if subject.is_empty() => add("permissionSome", subject),
            "npmUnknown" if subject.is_empty() => add("npmUnknownSome", subject),
            code => add(code, subject),
        }
    }
    match failed.exit {
        Some(137) => add("outOfMemory", String::new()),
        Some(127) => add("commandNotFound", command(failed.text)),
        Some(126) => add("permission", command(failed.text)),
        _ => {}
    }
    found
}

/// The first word of an instruction's command, as far as that can be told without a shell.
fn command(text: &str) -> String {
    let words = text.split_whitespace().skip(1);
    let word = words.filter(|word| !word.starts_with("--")).find(|word| *word != "\\");
    word.unwrap_or(text).trim_matches(['[', ']', '"', ',']).to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn first(output: &[&str], exit: i32, text: &str) -> (String, String) {
        let output: Vec<String> = output.iter().map(ToString::to_string).collect();
        let failed = Failed { exit: Some(exit), output: &output, text, without_network: false };
        let cause = likely(failed).into_iter().next().unwrap();
        (cause.code, cause.subject)
    }

    #[test]
    fn every_pattern_is_one() {
        for sign in SIGNS {
            Regex::new(sign.pattern).unwrap();
        }
        assert_eq!(PATTERNS.len(), SIGNS.len());
    }

    /// Lines as the programs write them, and what is told of them.
    #[test]
    fn common_failures_are_known_by_what_they_say() {
        let cases: &[(&[&str], i32, &str, &str, &str)] = &[
            (
                &["/bin/sh: 1: pyhton: not found"],
                127,
                "RUN pyhton app.py",
                "commandNotFound",
                "pyhton",
            ),
            (
                &["/bin/sh: line 1: foo: command not found"],
                127,
                "RUN foo",
                "commandNotFound",
                "foo",
            ),
            (&["sh: curl: not found"], 127, "RUN curl x", "commandNotFound", "curl"),
            (
                &["E: Unable to locate package nginx"],
                100,
                "RUN apt-get install -y nginx",
                "aptNoLists",
                "nginx",
            ),
            (
                &["E: Unable to locate package ngnix"],
                100,
                "RUN apt-get update && apt-get install -y ngnix",
                "aptUnknown",
                "ngnix",
            ),
            (
                &["Do you want to continue? [Y/n] Abort."],
                1,
                "RUN apt-get install curl",
                "aptNeedsYes",
                "",
            ),
            (
                &[
                    "E: Failed to fetch http://deb.debian.org/debian/pool/main/c/curl/curl_7.88_amd64.deb  404  Not Found [IP: 1.2.3.4 80]",
                ],
                100,
                "RUN apt-get install -y curl",
                "aptOldLists",
                "curl_7.88_amd64.deb",
            ),
            (
                &["ERROR: No matching distribution found for flaskk==3.0"],
                1,
                "RUN pip install flaskk==3.0",
                "pipUnknown",
                "flaskk==3.0",
            ),
            (
                &[
                    "ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'requirements.txt'",
                ],
                1,
                "RUN pip install -r requirements.txt",
                "fileMissing",
                "requirements.txt",
            ),
            (
                &["npm error 404  'left-padd@^1.0.0' is not in this registry."],
                1,
                "RUN npm ci",
                "npmUnknown",
                "left-padd@^1.0.0",
            ),
            (
                &[
                    "npm error The `npm ci` command can only install with an existing package-lock.json or",
                ],
                1,
                "RUN npm ci",
                "npmNoLock",
                "",
            ),
            (
                &["curl: (6) Could not resolve host: example.invalid"],
                6,
                "RUN curl https://example.invalid",
                "dns",
                "example.invalid",
            ),
            (
                &["  Temporary failure resolving 'deb.debian.org'"],
                100,
                "RUN apt-get update",
                "dns",
                "deb.debian.org",
            ),
            (
                &["wget: bad address 'example.invalid'"],
                1,
                "RUN wget http://example.invalid",
                "dns",
                "example.invalid",
            ),
            (&["connect: Network is unreachable"], 2, "RUN ping x", "network", ""),
            (
                &["cp: cannot stat 'dist/app.js': No such file or directory"],
                1,
                "RUN cp dist/app.js /",
                "fileMissing",
                "dist/app.js",
            ),
            (
                &["/bin/sh: 1: cannot open data.txt: No such file"],
                2,
                "RUN cat < data.txt",
                "fileMissing",
                "data.txt",
            ),
            (
                &["touch: cannot touch '/etc/x': Permission denied"],
                1,
                "RUN touch /etc/x",
                "permission",
                "/etc/x",
            ),
            (&["tar: out: Cannot write: No space left on device"], 2, "RUN tar x", "diskFull", ""),
            (
                &["/bin/sh: 1: /app/tool: Exec format error"],
                2,
                "RUN /app/tool",
                "wrongArchitecture",
                "",
            ),
            (
                &[
                    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed",
                ],
                1,
                "RUN pip install x",
                "certificate",
                "",
            ),
            (
                &["ModuleNotFoundError: No module named 'flask'"],
                1,
                "RUN python app.py",
                "moduleMissing",
                "flask",
            ),
            (
                &["Error: Cannot find module 'express'"],
                1,
                "RUN node app.js",
                "moduleMissing",
                "express",
            ),
            (
                &["error: command 'gcc' failed: No such file or directory"],
                1,
                "RUN pip install x",
                "compilerMissing",
                "gcc",
            ),
            (
                &["src/x.c:1:10: fatal error: Python.h: No such file or directory"],
                1,
                "RUN make",
                "headerMissing",
                "Python.h",
            ),
            (&["error: linker `cc` not found"], 101, "RUN cargo build", "compilerMissing", "cc"),
            (
                &["env: ‘bash\\r’: No such file or directory"],
                127,
                "RUN ./x.sh",
                "windowsLineEnds",
                "bash",
            ),
            (
                &["E: Failed to fetch x  Hash Sum mismatch"],
                100,
                "RUN apt-get update",
                "hashMismatch",
                "",
            ),
            (&["touch: /x: Read-only file system"], 1, "RUN touch /x", "readOnly", ""),
            (
                &["E: setgroups 0 failed - setgroups (1: Operation not permitted)"],
                100,
                "RUN apt-get update",
                "noExtraIds",
                "",
            ),
            (&["Killed"], 137, "RUN make -j64", "outOfMemory", ""),
            (
                &[
                    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
                ],
                134,
                "RUN npm run build",
                "outOfMemory",
                "",
            ),
            (&[], 127, "RUN --network=none [\"x\", \"y\"]", "commandNotFound", "x"),
            (&["getaddrinfo EAI_AGAIN"], 1, "RUN npm ci", "dnsSome", ""),
        ];
        for (output, exit, text, code, subject) in cases {
            let found = first(output, *exit, text);
            assert_eq!(found, ((*code).to_owned(), (*subject).to_owned()), "{output:?}");
        }
    }

    #[test]
    fn the_likeliest_comes_first_each_once_and_success_says_nothing() {
        let output: Vec<String> = ["a: not found", "b: not found", "No space left on device"]
            .map(ToString::to_string)
            .into();
        let failed =
            Failed { exit: Some(127), output: &output, text: "RUN a", without_network: false };
        let codes: Vec<String> = likely(failed).into_iter().map(|cause| cause.code).collect();
        assert_eq!(codes, ["diskFull", "commandNotFound"]);
        assert_eq!(likely(Failed::default()), []);
        let said = ["Could not resolve host: a.b".to_owned()];
        let off =
            Failed { exit: Some(6), output: &said, text: "RUN curl a.b", without_network: true };
        assert_eq!(likely(off)[0].code, "networkOff");
    }
}

//! One line of a history, taken apart.

use crate::Keyword;

/// The mark of BuildKit at the end of a line.
const BUILDKIT: &str = "# buildkit";
/// What the classic builder puts before instructions that run nothing.
const NO_OPERATION: &str = "#(nop)";

/// The shell that commands run in unless a Dockerfile says otherwise.
pub(crate) const USUAL_SHELL: [&str; 2] = ["/bin/sh", "-c"];

/// What a line of a history says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Recorded<'a> {
    /// A command that ran, with the shell that it ran in (none for a command without) and the build arguments' values.
    Run { shell: Vec<&'a str>, command: &'a str, arguments: Vec<&'a str> },
    /// Another instruction and what stands after it.
    Other { name: &'a str, rest: &'a str },
    /// Something that no Dockerfile has: another tool's words, or none.
    Foreign(&'a str),
}

/// The instruction of a history's line as a Dockerfile has it, on one line.
///
/// The classic builder writes `/bin/sh -c #(nop) CMD […]` for settings and `/bin/sh -c …` for RUN, with build arguments
/// before it as `|2 A=1 B=2 /bin/sh -c …`; BuildKit writes `RUN /bin/sh -c … # buildkit`.
#[must_use]
pub fn instruction(created_by: &str, has_layer: bool) -> String {
    let (name, rest) = match recorded(created_by, has_layer) {
        Recorded::Run { command, .. } => ("RUN", command),
        Recorded::Other { name, rest } => (name, rest),
        Recorded::Foreign(text) => ("", text),
    };
    // Builders record continuation lines with their white space.
    let words: Vec<&str> = name.split_whitespace().chain(rest.split_whitespace()).collect();
    words.join(" ")
}

/// Takes a line apart.
pub(crate) fn recorded(line: &str, has_layer: bool) -> Recorded<'_> {
    let (line, is_buildkit) = match line.trim().strip_suffix(BUILDKIT) {
        Some(line) => (line.trim_end(), true),
        None => (line.trim(), false),
    };
    if let Some((_, rest)) = line.split_once(NO_OPERATION) {
        let rest = rest.trim();
        return named(rest).unwrap_or(Recorded::Foreign(rest));
    }
    if let Some(rest) = line.strip_prefix("RUN ") {
        return match run(rest.trim_start()) {
            // BuildKit writes the shell down; others only what was typed.
            Recorded::Foreign(command) if !is_buildkit => Recorded::Run {
                shell: USUAL_SHELL.to_vec(),
                command: command.trim(),
                arguments: Vec::new(),
            },
            Recorded::Foreign(command) => {
                let (arguments, command) = arguments(command);
                Recorded::Run { shell: Vec::new(), command: command.trim(), arguments }
            }
            found => found,
        };
    }
    if let Some(other) = named(line) {
        return other;
    }
    let (_, rest) = arguments(line);
    if has_layer && shell(rest).is_some() {
        return run(line);
    }
    Recorded::Foreign(line)
}

fn named(line: &str) -> Option<Recorded<'_>> {
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let is_known = Keyword::parse(name).is_some_and(|keyword| keyword.name() == name);
    is_known.then(|| Recorded::Other { name, rest: rest.trim() })
}

/// A command with a shell before it.
fn run(line: &str) -> Recorded<'_> {
    let (arguments, rest) = arguments(line);
    match shell(rest) {
        Some((shell, command)) => Recorded::Run { shell, command: command.trim(), arguments },
        None => Recorded::Foreign(line),
    }
}

/// `|2 A=b C=d rest`: the build arguments that a command saw. Values with spaces cannot be told from what follows; they
/// end at the shell.
fn arguments(line: &str) -> (Vec<&str>, &str) {
    let Some((count, mut rest)) = line.strip_prefix('|').and_then(|rest| rest.split_once(' '))
    else {
        return (Vec::new(), line);
    };
    let Ok(count) = count.parse::<usize>() else { return (Vec::new(), line) };
    let mut found = Vec::new();
    while found.len() < count {
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        let is_last = found.len() + 1 == count;
        match rest.find(" /bin/").filter(|_| is_last) {
            Some(at) => {
                found.push(&rest[..at]);
                rest = &rest[at + 1..];
            }
            None => {
                found.push(word);
                rest = after;
            }
        }
        if rest.is_empty() {
            break;
        }
    }
    (found, rest)
}

/// The shell that a line begins with, up to its `-c` (`-Command`, `/S /C`), and the command after it.
fn shell(line: &str) -> Option<(Vec<&str>, &str)> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    let (program, after) = rest.split_once(' ')?;
    let name = program.rsplit(['/', '\\']).next()?.trim_end_matches(".exe");
    let end = match name {
        "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" => "-c",
        "cmd" => "/C",
        "powershell" | "pwsh" => "-Command",
        _ => return None,
    };
    words.push(program);
    rest = after.trim_start();
    // Options come before the command; a shell has a handful of them.
    for _ in 0..8 {
        let (word, after) = rest.split_once(' ')?;
        words.push(word);
        rest = after.trim_start();
        if word.eq_ignore_ascii_case(end)
            || (end == "-c" && word.starts_with('-') && word.ends_with('c'))
        {
            return Some((words, rest));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran<'a>(shell: &[&'a str], command: &'a str, arguments: &[&'a str]) -> Recorded<'a> {
        Recorded::Run { shell: shell.to_vec(), command, arguments: arguments.to_vec() }
    }

    #[test]
    fn lines_of_all_builders_are_taken_apart() {
        let sh = ["/bin/sh", "-c"];
        let other = |name, rest| Recorded::Other { name, rest };
        for (line, has_layer, expected) in [
            ("/bin/sh -c #(nop)  CMD [\"bash\"]", false, other("CMD", "[\"bash\"]")),
            ("/bin/sh -c #(nop) ADD file:4b03b in / ", true, other("ADD", "file:4b03b in /")),
            ("/bin/sh -c apt-get update", true, ran(&sh, "apt-get update", &[])),
            ("RUN /bin/sh -c make # buildkit", true, ran(&sh, "make", &[])),
            ("RUN |1 A=b /bin/sh -c make # buildkit", true, ran(&sh, "make", &["A=b"])),
            ("|2 A=b C=d e /bin/sh -c make", true, ran(&sh, "make", &["A=b", "C=d e"])),
            (
                "/bin/bash -o pipefail -c a | b",
                true,
                ran(&["/bin/bash", "-o", "pipefail", "-c"], "a | b", &[]),
            ),
            ("RUN /app/tool --all # buildkit", true, ran(&[], "/app/tool --all", &[])),
            ("RUN echo hello > /x", true, ran(&sh, "echo hello > /x", &[])),
            ("COPY . /app # buildkit", true, other("COPY", ". /app")),
            ("WORKDIR /app", false, other("WORKDIR", "/app")),
            ("bazel build ...", true, Recorded::Foreign("bazel build ...")),
            ("apko", true, Recorded::Foreign("apko")),
            ("", true, Recorded::Foreign("")),
            ("/bin/sh", false, Recorded::Foreign("/bin/sh")),
        ] {
            assert_eq!(recorded(line, has_layer), expected, "{line}");
        }
    }
}

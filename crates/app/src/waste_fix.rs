//! What would keep bytes from being buried, as an instruction that can be copied.

use crate::api::{Burial, BuriedPath, StratumKind, WasteFix};

/// What made a layer.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// What kind of instruction.
    pub kind: StratumKind,
    /// As a Dockerfile has it; may be empty.
    pub line: String,
}

/// What would help where the layer `by` (from 0) hides these paths, the largest first, of `layer`; and the instruction as
/// it would then be.
pub(crate) fn fix(
    steps: &[Step],
    layer: usize,
    by: usize,
    paths: &[BuriedPath],
) -> (WasteFix, Option<String>) {
    let unknown = Step { kind: StratumKind::Other, line: String::new() };
    let made = steps.get(layer).unwrap_or(&unknown);
    let hid = steps.get(by).unwrap_or(&unknown);
    let is_deleted = paths.first().is_some_and(|path| path.how == Burial::Deleted);
    if made.kind == StratumKind::Base {
        return (WasteFix::Base, None);
    }
    let run = made.line.strip_prefix("RUN ");
    if let (true, Some(command)) = (is_deleted, run) {
        return fix_of_deleted(command, &hid.line, paths);
    }
    let is_copied = |line: &str| line.starts_with("COPY ") || line.starts_with("ADD ");
    if is_copied(&made.line) && is_deleted {
        return (WasteFix::CopyLess, None);
    }
    if is_copied(&made.line) {
        if let Some(option) = hid.line.strip_prefix("RUN ").and_then(owner_or_mode) {
            return (WasteFix::CopyWithOwner, with_option(&made.line, &option));
        }
        if is_copied(&hid.line) {
            return (WasteFix::CopyOnce, None);
        }
    }
    (WasteFix::ChangeWhereMade, None)
}

fn fix_of_deleted(command: &str, hiding: &str, paths: &[BuriedPath]) -> (WasteFix, Option<String>) {
    let most = paths.iter().map(|path| path.bytes).sum::<u64>() / 2;
    let mostly = |fits: &dyn Fn(&str) -> bool| {
        paths.iter().filter(|path| fits(&path.path)).map(|path| path.bytes).sum::<u64>() > most
    };
    // Nothing can be put behind a script that ends with a word of its own.
    let is_one_line = !command.contains("<<") && !command.contains('\n');
    let line = |command: &str| is_one_line.then(|| format!("RUN {command}"));
    if mostly(&|path| path.starts_with("var/lib/apt/lists") || path.starts_with("var/cache/apt"))
        && command.contains("apt")
    {
        let fixed = format!("{command} && rm -rf /var/lib/apt/lists/* /var/cache/apt/*");
        return (WasteFix::AptLists, line(&fixed));
    }
    if mostly(&|path| path.contains(".cache/pip")) && command.contains("pip") {
        let fixed = command.replacen("pip install", "pip install --no-cache-dir", 1);
        return (WasteFix::PipCache, (fixed != command).then(|| format!("RUN {fixed}")));
    }
    let node = [".npm/_cacache", ".npm", ".cache/yarn", ".yarn/cache", ".local/share/pnpm"];
    if let Some(cache) = node.iter().find(|cache| mostly(&|path| path.contains(*cache))) {
        let folder = if cache.starts_with(".npm") { ".npm" } else { cache };
        let fixed = format!("--mount=type=cache,target=/root/{folder} {command}");
        return (WasteFix::NodeCache, line(&fixed));
    }
    let removal = hiding.strip_prefix("RUN ").and_then(|removal| removal_of(removal, paths));
    let fixed = removal.and_then(|removal| line(&format!("{command} && {removal}")));
    (WasteFix::SameInstruction, fixed)
}

/// The part of a command that does nothing but delete by which these paths go, so that it does the same from any folder.
/// Of a command that does more nothing is known: it may need what it deletes, or what came later.
fn removal_of(command: &str, paths: &[BuriedPath]) -> Option<String> {
    if command.contains(['|', '`', '$', '"', '\'', '\\', '\n', '(', '{', '<', '>', '#']) {
        return None;
    }
    let mut removed: Vec<String> = Vec::new();
    for part in command.split([';', '&']).map(str::trim).filter(|part| !part.is_empty()) {
        let mut words = part.split_whitespace();
        if words.next() != Some("rm") {
            return None;
        }
        let named = words.filter(|word| !word.starts_with('-'));
        removed.extend(named.filter_map(|word| removed_by(word, paths)));
    }
    removed.dedup();
    (!removed.is_empty()).then(|| format!("rm -rf {}", removed.join(" ")))
}

/// A word of `rm`, from the root on, if one of these paths goes by it.
fn removed_by(word: &str, paths: &[BuriedPath]) -> Option<String> {
    let plain = word.trim_end_matches('/').trim_start_matches("./");
    let glob = plain.find(['*', '?', '[']);
    let Some(absolute) = plain.strip_prefix('/') else {
        // Which folder it was in is not known, but where the path is.
        let is_it = |path: &str| path == plain || path.ends_with(&format!("/{plain}"));
        let path = paths.iter().find(|path| glob.is_none() && is_it(&path.path))?;
        return Some(format!("/{}", path.path));
    };
    let is_below = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let goes = |path: &BuriedPath| match glob {
        Some(end) => {
            let tail = plain.rsplit(['*', '?', ']']).next().unwrap_or_default();
            path.path.starts_with(&plain[1..end]) && path.path.ends_with(tail)
        }
        None => is_below(&path.path, absolute) || is_below(absolute, &path.path),
    };
    paths.iter().any(goes).then(|| plain.to_owned())
}

/// The option of COPY that makes a chown or chmod needless.
fn owner_or_mode(command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let option = match *words.first()? {
        "chown" => "--chown",
        "chmod" => "--chmod",
        _ => return None,
    };
    let value = words.iter().skip(1).find(|word| !word.starts_with('-'))?;
    // More than one command: what else it does would be lost.
    let is_alone = !words.iter().any(|word| word.contains(['&', ';', '|']));
    is_alone.then(|| format!("{option}={value}"))
}

fn with_option(line: &str, option: &str) -> Option<String> {
    let (verb, rest) = line.split_once(' ')?;
    Some(format!("{verb} {option} {rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(line: &str) -> Step {
        let kind = match line.split(' ').next() {
            Some("RUN") => StratumKind::Run,
            Some("COPY" | "ADD") => StratumKind::Copy,
            Some("FROM") => StratumKind::Base,
            _ => StratumKind::Other,
        };
        Step { kind, line: line.to_owned() }
    }

    fn path(path: &str, how: Burial) -> BuriedPath {
        BuriedPath { path: path.to_owned(), is_folder: true, how, bytes: 10, files: 1 }
    }

    fn fixed(made: &str, hid: &str, buried: &str, how: Burial) -> (WasteFix, Option<String>) {
        fix(&[step(made), step(hid)], 0, 1, &[path(buried, how)])
    }

    #[test]
    fn each_habit_has_its_remedy() {
        use Burial::{Deleted, Overwritten};
        for (made, hid, buried, how, kind, line) in [
            (
                "RUN apt-get update && apt-get install -y curl",
                "RUN rm -rf /var/lib/apt/lists",
                "var/lib/apt/lists",
                Deleted,
                WasteFix::AptLists,
                Some(
                    "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/* /var/cache/apt/*",
                ),
            ),
            (
                "RUN pip install -r requirements.txt",
                "RUN rm -rf /root/.cache",
                "root/.cache/pip",
                Deleted,
                WasteFix::PipCache,
                Some("RUN pip install --no-cache-dir -r requirements.txt"),
            ),
            (
                "RUN npm ci",
                "RUN rm -rf /root/.npm",
                "root/.npm",
                Deleted,
                WasteFix::NodeCache,
                Some("RUN --mount=type=cache,target=/root/.npm npm ci"),
            ),
            (
                "RUN make",
                "RUN rm -rf /src",
                "src",
                Deleted,
                WasteFix::SameInstruction,
                Some("RUN make && rm -rf /src"),
            ),
            (
                "COPY . /app",
                "RUN chown -R 1000:1000 /app",
                "app/big",
                Overwritten,
                WasteFix::CopyWithOwner,
                Some("COPY --chown=1000:1000 . /app"),
            ),
            (
                "COPY . /app",
                "RUN chmod 755 /app && make",
                "app",
                Overwritten,
                WasteFix::ChangeWhereMade,
                None,
            ),
            ("COPY . /app", "RUN rm -rf /app/docs", "app/docs", Deleted, WasteFix::CopyLess, None),
            ("ADD a.tgz /", "COPY b /", "a", Deleted, WasteFix::CopyLess, None),
            (
                "RUN npm run build",
                "RUN rm -rf dist /other && rm -f /srv/*.map",
                "srv/dist",
                Deleted,
                WasteFix::SameInstruction,
                Some("RUN npm run build && rm -rf /srv/dist"),
            ),
            // What else it does may need what came between.
            (
                "RUN npm ci",
                "RUN npm run build && rm -rf src/pages",
                "srv/src/pages",
                Deleted,
                WasteFix::SameInstruction,
                None,
            ),
            (
                "RUN <<EOF make EOF",
                "RUN rm -rf /src",
                "src",
                Deleted,
                WasteFix::SameInstruction,
                None,
            ),
            ("COPY a /app", "COPY b /app", "app/x", Overwritten, WasteFix::CopyOnce, None),
            ("FROM debian", "RUN apt-get upgrade", "usr/lib/x", Overwritten, WasteFix::Base, None),
            (
                "RUN make",
                "RUN strip /usr/bin/x",
                "usr/bin/x",
                Overwritten,
                WasteFix::ChangeWhereMade,
                None,
            ),
        ] {
            assert_eq!(
                fixed(made, hid, buried, how),
                (kind, line.map(str::to_owned)),
                "{made}; {hid}"
            );
        }
    }
}

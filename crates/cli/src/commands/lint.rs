//! `strata lint`

use std::collections::BTreeMap;
use std::io::Write;

use strata_app::api::{
    DockerfileLint, DockerfileLinted, DockerfileProblem, LintHint, LintRulePage, LintRuleRead,
    LintSeverity, TextSpan,
};
use strata_app::words::Words;

use crate::arguments::Lint;
use crate::excerpt::{difference, excerpt};
use crate::failure::Failure;
use crate::output;
use crate::paint::Paint;
use crate::session::Session;
use crate::visible::visible;

/// So many findings are printed; `--json` has all.
const MOST_FINDINGS: usize = 500;

/// Tells what is wrong with a Dockerfile and what could be better; fails if something is wrong.
pub async fn lint(session: &Session, wanted: &Lint) -> Result<(), Failure> {
    if wanted.rules {
        return rules(session);
    }
    if let Some(id) = &wanted.rule {
        return rule(session, &session.app.lint_rule(&LintRuleRead { id: id.clone() })?);
    }
    let Some(file) = &wanted.file else { return Ok(()) };
    let text = session.app.dockerfile_text(file)?;
    let name = file.display().to_string();
    let path = (name != "-").then(|| name.clone());
    let asked = DockerfileLint { text: text.clone(), file: path };
    let linted = session.app.dockerfile_lint(asked).await?;
    if session.json {
        output::document(&linted)?;
    } else {
        let teller = Teller {
            words: session.words,
            file: &name,
            text: &text,
            lines: text.split('\n').collect(),
            paint: Paint::for_stdout(),
        };
        let mut out = output::results();
        write!(out, "{}", teller.all(&linted))?;
        out.flush()?;
        sum(session, &name, &linted);
    }
    if linted.diagnostics.is_empty() && !linted.fails { Ok(()) } else { Err(Failure::Told) }
}

fn sum(session: &Session, file: &str, linted: &DockerfileLinted) {
    if let Some(ignore) = &linted.ignore_file
        && let Some(line) = ignore.wrong_line
    {
        let line = line.to_string();
        session.say("cli.lint.ignoreWrong", &[("path", &ignore.path), ("line", &line)]);
    }
    let (errors, hints) = (linted.diagnostics.len(), linted.hints.len());
    if errors + hints == 0 {
        return session.say("cli.lint.none", &[("file", file)]);
    }
    let count = |key: &str, count: usize| session.words.text(key, &[("count", &count.to_string())]);
    let (errors, hints) = (count("cli.lint.errors", errors), count("cli.lint.hints", hints));
    session.say("cli.lint.sum", &[("file", file), ("errors", &errors), ("hints", &hints)]);
    let fixable = linted.hints.iter().filter(|hint| !hint.edits.is_empty()).count();
    if fixable > 0 {
        session.say("cli.lint.fixable", &[("count", &fixable.to_string())]);
    }
    if linted.fails {
        session.say("cli.lint.fails", &[]);
    }
}

struct Teller<'a> {
    words: Words,
    file: &'a str,
    text: &'a str,
    lines: Vec<&'a str>,
    paint: Paint,
}

impl Teller<'_> {
    fn all(&self, linted: &DockerfileLinted) -> String {
        let problems = linted.diagnostics.iter().map(|problem| self.problem(problem));
        let hints = linted.hints.iter().map(|hint| self.hint(hint));
        let mut told: String = problems.chain(hints).take(MOST_FINDINGS).collect();
        let count = linted.diagnostics.len() + linted.hints.len();
        if let Some(more) = count.checked_sub(MOST_FINDINGS).filter(|&more| more > 0) {
            let more = self.words.text("cli.lint.more", &[("count", &more.to_string())]);
            told.push_str(&format!("{more}\n"));
        }
        told
    }

    fn excerpt(&self, span: &TextSpan) -> String {
        let line = self.lines.get(span.line.saturating_sub(1)).copied().unwrap_or_default();
        excerpt(self.file, line, span, self.paint)
    }

    fn problem(&self, problem: &DockerfileProblem) -> String {
        let severity = self.paint.red(&self.words.text("lint.severity.error", &[]));
        let key = format!("dockerfile.problem.{}", problem.code);
        let what = self.filled(&key, &problem.params);
        let shown = self.excerpt(&problem.span);
        let help = problem.suggestion.as_ref().map(|name| {
            self.help(problem.span.line, &self.words.text("lint.meant", &[("name", name)]))
        });
        format!("{severity}: {what}\n{shown}{}\n", help.unwrap_or_default())
    }

    fn hint(&self, hint: &LintHint) -> String {
        let severity = self.paint.bold(&self.words.text(severity_key(hint.severity), &[]));
        let names: Vec<&str> =
            [&hint.rule].into_iter().chain(&hint.numbers).map(String::as_str).collect();
        let what = self.filled(&format!("lint.{}.message", hint.rule), &hint.params);
        let shown = self.excerpt(&hint.span);
        let meant =
            hint.suggestion.as_ref().map(|name| self.words.text("lint.meant", &[("name", name)]));
        let todo =
            meant.unwrap_or_else(|| self.words.text(&format!("lint.{}.fix", hint.rule), &[]));
        let help = self.help(hint.span.line, &todo);
        let room = " ".repeat(hint.span.line.to_string().len());
        let change = if hint.edits.is_empty() {
            String::new()
        } else {
            difference(self.text, &strata_app::mended(self.text, &hint.edits), &room)
        };
        format!("{severity}[{}]: {what}\n{shown}{help}{change}\n", names.join(", "))
    }

    fn help(&self, line: usize, text: &str) -> String {
        let room = " ".repeat(line.to_string().len());
        let help = self.words.text("cli.lint.help", &[]);
        format!("{room} = {}: {}\n", self.paint.bold(&help), visible(text))
    }

    fn filled(&self, key: &str, params: &BTreeMap<String, String>) -> String {
        let params: Vec<(&str, &str)> =
            params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        visible(&self.words.text(key, &params))
    }
}

fn severity_key(severity: LintSeverity) -> &'static str {
    match severity {
        LintSeverity::Warning => "lint.severity.warning",
        LintSeverity::Advice => "lint.severity.advice",
        LintSeverity::Style => "lint.severity.style",
    }
}

/// All rules, one a line.
fn rules(session: &Session) -> Result<(), Failure> {
    let mut pages = Vec::new();
    for id in session.app.lint_rules() {
        pages.push(session.app.lint_rule(&LintRuleRead { id: id.to_owned() })?);
    }
    if session.json {
        return Ok(output::document(&pages)?);
    }
    let mut out = output::results();
    for page in &pages {
        let title = session.words.text(&format!("lint.{}.title", page.id), &[]);
        writeln!(out, "{:<32} {:<8} {title}", page.id, page.numbers.join(" "))?;
    }
    Ok(out.flush()?)
}

/// The page of a rule.
fn rule(session: &Session, page: &LintRulePage) -> Result<(), Failure> {
    if session.json {
        return Ok(output::document(page)?);
    }
    let paint = Paint::for_stdout();
    let said = |part: &str| session.words.text(&format!("lint.{}.{part}", page.id), &[]);
    let word = |key: &str| paint.bold(&session.words.text(key, &[]));
    let mut out = output::results();
    writeln!(out, "{}: {}", paint.bold(&page.id), said("title"))?;
    if !page.numbers.is_empty() {
        let numbers = page.numbers.join(", ");
        writeln!(out, "{}", session.words.text("cli.lint.also", &[("numbers", &numbers)]))?;
    }
    writeln!(out, "\n{}\n\n{}", said("why"), said("fix"))?;
    for (key, text) in [("cli.lint.bad", &page.bad), ("cli.lint.good", &page.good)] {
        writeln!(out, "\n{}:", word(key))?;
        for line in text.lines() {
            writeln!(out, "{}", format!("    {line}").trim_end())?;
        }
    }
    Ok(out.flush()?)
}

//! Dockerfiles while they are written.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use strata_dockerfile as dockerfile;
use strata_dockerfile::{BaseFacts, Dockerfile, HintRule, Ignore, IgnoreError, LintOptions};
use strata_spec::Reference;
use strata_store::Store;

use crate::api::{
    CompletionItem, CompletionKind, DockerfileComplete, DockerfileExplain, DockerfileLint,
    DockerfileLinted, DockerfileProblem, ExplainedLine, IgnoreFile, LayerEffect, LintHint,
    LintRulePage, LintRuleRead, LintSeverity, Saying, TextEdit, UserError,
};
use crate::app::{App, on_thread};
use crate::error::AppError;
use crate::stored_image::StoredImage;
use crate::text_spans::TextSpans;

/// No Dockerfile is larger, and no ignore file.
const MOST_BYTES: usize = 1024 * 1024;
/// So many images are looked up in the store.
const MOST_BASES: usize = 32;

impl App {
    /// What is wrong with a Dockerfile, and what could be better. Images that it is built on are looked up in the store;
    /// the ignore file is that beside the Dockerfile.
    ///
    /// # Errors
    /// If the text is larger than any Dockerfile.
    pub async fn dockerfile_lint(
        &self,
        wanted: DockerfileLint,
    ) -> Result<DockerfileLinted, UserError> {
        let inner = self.inner.clone();
        on_thread("a Dockerfile", move || {
            let text = sized(&wanted.text)?;
            let file = wanted.file.as_ref().filter(|file| !file.is_empty()).map(PathBuf::from);
            let (ignore, ignore_file) = ignore_beside(file.as_deref());
            Ok(linted(text, ignore.as_ref(), ignore_file, &inner.store))
        })
        .await
    }

    /// Each line of a Dockerfile in words.
    ///
    /// # Errors
    /// If the text is larger than any Dockerfile.
    pub async fn dockerfile_explain(
        &self,
        wanted: DockerfileExplain,
    ) -> Result<Vec<ExplainedLine>, UserError> {
        on_thread("a Dockerfile", move || Ok(explained(sized(&wanted.text)?))).await
    }

    /// What may stand at a place of a Dockerfile.
    ///
    /// # Errors
    /// If the text is larger than any Dockerfile.
    pub async fn dockerfile_complete(
        &self,
        wanted: DockerfileComplete,
    ) -> Result<Vec<CompletionItem>, UserError> {
        on_thread("a Dockerfile", move || Ok(proposals(sized(&wanted.text)?, wanted.at))).await
    }

    /// One of the rules.
    ///
    /// # Errors
    /// If there is no such rule.
    pub fn lint_rule(&self, wanted: &LintRuleRead) -> Result<LintRulePage, UserError> {
        let rule = HintRule::find(wanted.id.trim());
        let rule = rule.ok_or_else(|| AppError::RuleUnknown { rule: wanted.id.clone() })?;
        Ok(LintRulePage {
            id: rule.id.to_owned(),
            numbers: owned(rule.numbers),
            severity: severity(rule.severity),
            is_buildkit: rule.is_buildkit,
            bad: rule.bad.to_owned(),
            good: rule.good.to_owned(),
        })
    }

    /// The ids of all rules, those of BuildKit first.
    #[must_use]
    pub fn lint_rules(&self) -> Vec<&'static str> {
        HintRule::all().iter().map(|rule| rule.id).collect()
    }

    /// The text of a Dockerfile of this machine; `-` is standard input.
    ///
    /// # Errors
    /// If it cannot be read, is no text, or is larger than any Dockerfile.
    pub fn dockerfile_text(&self, path: &Path) -> Result<String, UserError> {
        Ok(text_of(path)?)
    }
}

/// A text with edits made: those of a hint, or of several that do not overlap.
#[must_use]
pub fn mended(text: &str, edits: &[TextEdit]) -> String {
    let spans = TextSpans::new(text);
    let edit = |edit: &TextEdit| dockerfile::Edit {
        range: spans.byte(edit.span.start)..spans.byte(edit.span.end),
        text: edit.text.clone(),
    };
    let edits: Vec<dockerfile::Edit> = edits.iter().map(edit).collect();
    dockerfile::mended(text, &edits)
}

fn text_of(path: &Path) -> Result<String, AppError> {
    use std::io::Read;
    let unread = |source| AppError::FileUnread { path: path.to_owned(), source };
    let limit = MOST_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().take(limit).read_to_end(&mut bytes).map_err(unread)?;
    } else {
        let file = std::fs::File::open(path).map_err(unread)?;
        file.take(limit).read_to_end(&mut bytes).map_err(unread)?;
    }
    let text = String::from_utf8(bytes);
    let text =
        text.map_err(|error| unread(std::io::Error::new(std::io::ErrorKind::InvalidData, error)))?;
    sized(&text)?;
    Ok(text)
}

fn sized(text: &str) -> Result<&str, AppError> {
    if text.len() > MOST_BYTES {
        Err(AppError::TextTooLarge { limit_bytes: MOST_BYTES })
    } else {
        Ok(text)
    }
}

/// The rules of the ignore file that a build would take: the Dockerfile's own, or that of its folder.
fn ignore_beside(file: Option<&Path>) -> (Option<Ignore>, Option<IgnoreFile>) {
    let Some(file) = file else { return (None, None) };
    let mut own = file.as_os_str().to_owned();
    own.push(".dockerignore");
    let common = file.with_file_name(".dockerignore");
    for path in [PathBuf::from(own), common] {
        let Ok(text) = text_of(&path) else { continue };
        let shown = path.display().to_string();
        return match Ignore::parse(&text) {
            Ok(ignore) => (Some(ignore), Some(IgnoreFile { path: shown, wrong_line: None })),
            Err(IgnoreError::Pattern { line, .. } | IgnoreError::Alone { line }) => {
                (None, Some(IgnoreFile { path: shown, wrong_line: Some(line) }))
            }
        };
    }
    (None, None)
}

/// What the store knows of the images that a file is built on.
fn bases(tree: &dockerfile::Tree, store: &Store) -> HashMap<String, BaseFacts> {
    let mut known = HashMap::new();
    for instruction in &tree.instructions {
        let (Some(dockerfile::Keyword::From), dockerfile::Arguments::Words(words)) =
            (instruction.keyword, &instruction.arguments)
        else {
            continue;
        };
        let Some(name) = words.first().map(|word| &word.text) else { continue };
        if known.len() == MOST_BASES {
            break;
        }
        if known.contains_key(name) || Reference::parse(name).is_err() {
            continue;
        }
        let Ok(image) = StoredImage::find(store, name, None) else { continue };
        let settings = image.config.settings();
        let names = settings.env.iter().filter_map(|pair| pair.split('=').next());
        let facts = BaseFacts {
            env: names.map(str::to_owned).collect(),
            has_workdir: !matches!(settings.working_dir.as_str(), "" | "/"),
            has_shell: settings.shell.is_some(),
        };
        known.insert(name.clone(), facts);
    }
    known
}

fn linted(
    text: &str,
    ignore: Option<&Ignore>,
    ignore_file: Option<IgnoreFile>,
    store: &Store,
) -> DockerfileLinted {
    let tree = Dockerfile::parse(text);
    let spans = TextSpans::new(text);
    let bases = bases(&tree, store);
    let base = |name: &str| bases.get(name).cloned();
    let options = LintOptions { ignore, check: None, base: Some(&base) };
    let found = dockerfile::lint(&tree, &options);
    let errors = tree.diagnostics.iter().filter(|found| !found.is_warning);
    let hints = found.hints.iter().map(|hint| LintHint {
        rule: hint.rule.id.to_owned(),
        numbers: owned(hint.rule.numbers),
        severity: severity(hint.rule.severity),
        is_buildkit: hint.rule.is_buildkit,
        params: named(&hint.params),
        suggestion: hint.suggestion.clone(),
        span: spans.span(&hint.range),
        edits: hint
            .edits
            .iter()
            .map(|edit| TextEdit { span: spans.span(&edit.range), text: edit.text.clone() })
            .collect(),
    });
    DockerfileLinted {
        diagnostics: errors
            .map(|found| DockerfileProblem {
                code: found.problem.code().to_owned(),
                params: named(&found.problem.params()),
                suggestion: found.suggestion.clone(),
                span: spans.span(&found.range),
            })
            .collect(),
        hints: hints.collect(),
        fails: found.fails,
        ignore_file,
    }
}

fn explained(text: &str) -> Vec<ExplainedLine> {
    let spans = TextSpans::new(text);
    let said = |said: &dockerfile::Said| Saying {
        code: said.code.to_owned(),
        params: named(&said.params),
        span: spans.span(&said.range),
    };
    let lines = dockerfile::explain(&Dockerfile::parse(text));
    let line = |line: &dockerfile::Explained| ExplainedLine {
        span: spans.span(&line.range),
        instruction: line.keyword.map(|keyword| keyword.name().to_owned()),
        says: line.says.iter().map(said).collect(),
        layer: match line.layer {
            dockerfile::LayerEffect::Base => LayerEffect::Base,
            dockerfile::LayerEffect::Files => LayerEffect::Files,
            dockerfile::LayerEffect::Folder => LayerEffect::Folder,
            dockerfile::LayerEffect::Settings => LayerEffect::Settings,
            dockerfile::LayerEffect::Nothing => LayerEffect::Nothing,
        },
        depends: line.depends.iter().map(said).collect(),
    };
    lines.iter().map(line).collect()
}

fn proposals(text: &str, at: usize) -> Vec<CompletionItem> {
    let spans = TextSpans::new(text);
    let found = dockerfile::complete(&Dockerfile::parse(text), spans.byte(at));
    let item = |found: dockerfile::Completion| CompletionItem {
        kind: match found.kind {
            dockerfile::CompletionKind::Instruction => CompletionKind::Instruction,
            dockerfile::CompletionKind::Flag => CompletionKind::Flag,
            dockerfile::CompletionKind::Value => CompletionKind::Value,
            dockerfile::CompletionKind::Stage => CompletionKind::Stage,
            dockerfile::CompletionKind::Variable => CompletionKind::Variable,
        },
        text: found.text,
        span: spans.span(&found.range),
    };
    found.into_iter().map(item).collect()
}

fn severity(severity: dockerfile::Severity) -> LintSeverity {
    match severity {
        dockerfile::Severity::Warning => LintSeverity::Warning,
        dockerfile::Severity::Advice => LintSeverity::Advice,
        dockerfile::Severity::Style => LintSeverity::Style,
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn named(params: &[(&'static str, String)]) -> std::collections::BTreeMap<String, String> {
    params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

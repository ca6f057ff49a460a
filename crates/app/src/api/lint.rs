//! Dockerfiles while they are written: what is wrong, what could be better, what each line does, what may stand where.
//!
//! Places are counted as the window's texts count: in units of UTF-16, from 0.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TextSpan {
    /// Where it begins.
    pub start: usize,
    /// Where it ends; the same place for something that is not there.
    pub end: usize,
    /// The line that it begins in, from 1.
    pub line: usize,
    /// The letter of that line, from 1.
    pub column: usize,
}

/// A change of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit {
    /// What goes; empty where something is only put in.
    pub span: TextSpan,
    /// What comes in its place.
    pub text: String,
}

/// Something that no builder takes. Its sentence stands in the catalogue under `dockerfile.problem.<code>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DockerfileProblem {
    /// What is wrong.
    pub code: String,
    /// What fills the gaps of the sentence.
    pub params: BTreeMap<String, String>,
    /// The name that was probably meant.
    pub suggestion: Option<String>,
    /// Where.
    pub span: TextSpan,
}

/// How much a hint weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LintSeverity {
    /// The image will probably not be what was meant, or holds what it should not.
    Warning,
    /// It could be smaller, safer or built again as it is.
    Advice,
    /// It could be read more easily.
    Style,
}

/// A rule's finding. Its sentence stands in the catalogue under `lint.<rule>.message`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LintHint {
    /// The rule.
    pub rule: String,
    /// What hadolint calls it.
    pub numbers: Vec<String>,
    /// How much it weighs.
    pub severity: LintSeverity,
    /// Whether BuildKit has the rule too.
    pub is_buildkit: bool,
    /// What fills the gaps of the sentence.
    pub params: BTreeMap<String, String>,
    /// The name that was probably meant.
    pub suggestion: Option<String>,
    /// Where.
    pub span: TextSpan,
    /// What mends it, in the order of the text; none where that needs a decision.
    pub edits: Vec<TextEdit>,
}

/// The ignore file that was looked into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IgnoreFile {
    /// Where it is.
    pub path: String,
    /// The line that cannot be read, from 1; the file is then left out of account.
    pub wrong_line: Option<usize>,
}

/// What is said of a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DockerfileLinted {
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<DockerfileProblem>,
    /// What could be better, in the order of the text.
    pub hints: Vec<LintHint>,
    /// `error=true` is set and one of BuildKit's rules found something: a build with Docker would fail.
    pub fails: bool,
    /// The ignore file beside it.
    pub ignore_file: Option<IgnoreFile>,
}

/// Which Dockerfile to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DockerfileLint {
    /// Its text.
    pub text: String,
    /// Where it is: its ignore file lies beside it.
    pub file: Option<String>,
}

/// Which Dockerfile to put into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DockerfileExplain {
    /// Its text.
    pub text: String,
}

/// A sentence of the catalogue, under `explain.<code>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Saying {
    /// Which.
    pub code: String,
    /// What fills its gaps.
    pub params: BTreeMap<String, String>,
    /// What it is about.
    pub span: TextSpan,
}

/// What a line leaves in the image. Each has a sentence in the catalogue, under `explain.layer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LayerEffect {
    /// The layers of another image, which what follows is laid on.
    Base,
    /// A layer of its own.
    Files,
    /// A layer if the folder is not there yet.
    Folder,
    /// No layer: only settings change.
    Settings,
    /// Nothing.
    Nothing,
}

/// A line in words: an instruction with all its lines of text, or a directive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedLine {
    /// Where it is.
    pub span: TextSpan,
    /// The instruction in capitals; none for a directive, and for what is no instruction.
    pub instruction: Option<String>,
    /// What it does.
    pub says: Vec<Saying>,
    /// What it leaves.
    pub layer: LayerEffect,
    /// What must be as it was for the result of an earlier build to be taken.
    pub depends: Vec<Saying>,
}

/// Which rule to tell of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LintRuleRead {
    /// Its id, or what hadolint calls it.
    pub id: String,
}

/// A rule. Its sentences stand in the catalogue under `lint.<id>`: `title`, `why`, `fix`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LintRulePage {
    /// Its id.
    pub id: String,
    /// What hadolint calls it.
    pub numbers: Vec<String>,
    /// How much it weighs.
    pub severity: LintSeverity,
    /// Whether BuildKit has it too.
    pub is_buildkit: bool,
    /// A Dockerfile that it finds something in.
    pub bad: String,
    /// The same as it should be.
    pub good: String,
}

/// What a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CompletionKind {
    /// The name of an instruction.
    Instruction,
    /// A flag of the instruction.
    Flag,
    /// The value of a flag, or a word that only this instruction knows.
    Value,
    /// The name of an earlier stage.
    Stage,
    /// The name of a variable.
    Variable,
}

/// Something that may stand at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompletionItem {
    /// What it is.
    pub kind: CompletionKind,
    /// What is shown, and what comes in the place of what was typed.
    pub text: String,
    /// What was typed of it.
    pub span: TextSpan,
}

/// Where somebody is typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DockerfileComplete {
    /// The Dockerfile.
    pub text: String,
    /// The place.
    pub at: usize,
}

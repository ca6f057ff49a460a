// What is wrong with a Dockerfile and what could be better, in sentences, and the changes that mend it.
import type { DockerfileLinted, LintSeverity, TextEdit } from "../../../api/generated/types";
import { visibleText } from "../../../files/visible-text";
import { t, tKnown } from "../../../i18n";

/** One of them. */
export interface Finding {
  /** Its place in the text, as JavaScript counts. */
  from: number;
  to: number;
  /** Its line, from 1. */
  line: number;
  severity: "error" | LintSeverity;
  sentence: string;
  /** The rule that has a page of its own; none for what no builder takes. */
  rule: string | null;
  /** What mends it, in the order of the text; empty where that needs a decision. */
  edits: readonly TextEdit[];
}

function shown(params: { [key in string]?: string }): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, visibleText(value ?? "")]));
}

function withMeant(sentence: string, suggestion: string | null): string {
  return suggestion === null ? sentence : `${sentence} ${t("lint.meant", { name: visibleText(suggestion) })}`;
}

/** All that was found, in the order of the text. */
export function findingsOf(linted: DockerfileLinted): Finding[] {
  const problems = linted.diagnostics.map((each): Finding => ({
    from: each.span.start, to: each.span.end, line: each.span.line, severity: "error", rule: null, edits: [],
    sentence: withMeant(tKnown(`dockerfile.problem.${each.code}`, shown(each.params)) ?? each.code, each.suggestion),
  }));
  const hints = linted.hints.map((each): Finding => ({
    from: each.span.start, to: each.span.end, line: each.span.line, severity: each.severity, rule: each.rule, edits: each.edits,
    sentence: withMeant(tKnown(`lint.${each.rule}.message`, shown(each.params)) ?? each.rule, each.suggestion),
  }));
  return [...problems, ...hints].toSorted((one, other) => one.from - other.from);
}

/** The text after these changes, which are in the order of the text and do not touch each other. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  return edits.toReversed().reduce((changed, { span, text: part }) => changed.slice(0, span.start) + part + changed.slice(span.end), text);
}

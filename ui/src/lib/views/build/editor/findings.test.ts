import { beforeEach, describe, expect, it } from "vitest";
import type { DockerfileLinted, LintHint, TextSpan } from "../../../api/generated/types";
import { setLanguage } from "../../../i18n";
import { storiesOf } from "./explained-words";
import { findingsOf, withEdits } from "./findings";

beforeEach(() => setLanguage("en"));

const span = (start: number, end: number): TextSpan => ({ start, end, line: 1, column: start + 1 });
const hint = (part: Partial<LintHint>): LintHint => ({ rule: "UntaggedImage", numbers: [], severity: "warning", isBuildkit: false, params: { image: "alpine" }, suggestion: null, span: span(5, 11), edits: [], ...part });
const linted = (part: Partial<DockerfileLinted>): DockerfileLinted => ({ diagnostics: [], hints: [], fails: false, ignoreFile: null, ...part });

describe("what was found", () => {
  it("is told in the order of the text, errors with what was probably meant", () => {
    const found = findingsOf(linted({ hints: [hint({})], diagnostics: [{ code: "instructionUnknown", params: { name: "FORM" }, suggestion: "FROM", span: span(0, 4) }] }));
    expect(found.map((each) => [each.severity, each.rule])).toEqual([["error", null], ["warning", "UntaggedImage"]]);
    expect(found[0]?.sentence).toBe("No instruction is called “FORM”. Did you mean FROM?");
    expect(found[1]?.sentence).toContain("alpine");
  });

  it("shows what hides in a name, and a code without words as it is", () => {
    const found = findingsOf(linted({ hints: [hint({ params: { image: "al\u202epine" } }), hint({ rule: "Novel", span: span(6, 7) })] }));
    expect(found[0]?.sentence).toContain("al<U+202E>pine");
    expect(found[1]?.sentence).toBe("Novel");
  });
});

describe("a fix", () => {
  it("changes all its places, whatever their lengths", () => {
    expect(withEdits("from a as b\n", [{ span: span(0, 4), text: "FROM" }, { span: span(6, 6), text: ":1" }, { span: span(7, 9), text: "AS" }])).toBe("FROM a:1 AS b\n");
    expect(withEdits("x", [])).toBe("x");
  });
});

describe("a line in words", () => {
  it("says what it does, what it leaves and what it depends on; codes without words are left out", () => {
    const say = (code: string, params: Record<string, string> = {}) => ({ code, params, span: span(0, 1) });
    const stories = storiesOf([{ span: { ...span(0, 9), line: 3 }, instruction: "FROM", says: [say("from.image", { image: "alpine" }), say("novel")], layer: "base", depends: [say("depends.text")] }]);
    expect(stories.get(3)).toEqual({ says: [expect.stringContaining("alpine")], leaves: "Brings the layers of the image below.", depends: ["On its own text."] });
  });
});

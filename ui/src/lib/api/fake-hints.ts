// Pretended hints on Dockerfiles, their words and proposals: a few of each, found by a look at each line.
import type { Request, Response } from "./backend";
import { fakeError } from "./fake-pull";
import type { ExplainedLine, LintHint, Saying, TextSpan } from "./generated/types";

type Own = "dockerfile_lint" | "dockerfile_explain" | "dockerfile_complete" | "lint_rule";
type Answers = { [K in Own]: (request: Request<K>) => Response<K> };

const INSTRUCTIONS = ["FROM", "RUN", "COPY", "CMD", "ENV", "EXPOSE", "WORKDIR", "USER", "LABEL", "ENTRYPOINT", "ARG", "ADD"];

/** Each line of a text with where it begins. */
function linesOf(text: string): { line: string; start: number; number: number }[] {
  let start = 0;
  return text.split("\n").map((line, at) => {
    const found = { line, start, number: at + 1 };
    start += line.length + 1;
    return found;
  });
}

function spanOf(start: number, end: number, line: number): TextSpan {
  return { start, end, line, column: 1 };
}

function hintsOf(text: string): LintHint[] {
  const common = { numbers: [], isBuildkit: false, suggestion: null };
  return linesOf(text).flatMap(({ line, start, number }): LintHint[] => {
    const image = /^FROM ([a-z]+)$/.exec(line)?.[1];
    if (image !== undefined && image !== "scratch") return [{ ...common, rule: "UntaggedImage", numbers: ["DL3006"], severity: "warning", params: { image }, span: spanOf(start + 5, start + line.length, number), edits: [] }];
    const word = /^[a-z]+(?= )/.exec(line)?.[0];
    if (word !== undefined && INSTRUCTIONS.includes(word.toUpperCase())) {
      const span = spanOf(start, start + word.length, number);
      return [{ ...common, rule: "ConsistentInstructionCasing", isBuildkit: true, severity: "style", params: { found: word, expected: word.toUpperCase() }, span, edits: [{ span, text: word.toUpperCase() }] }];
    }
    const install = line.indexOf("pip install -r");
    if (install >= 0) {
      const at = start + install + "pip install".length;
      return [{ ...common, rule: "PipCacheLeft", numbers: ["DL3042"], severity: "advice", params: {}, span: spanOf(start + install, at, number), edits: [{ span: spanOf(at, at, number), text: " --no-cache-dir" }] }];
    }
    return [];
  });
}

function storyOf(line: string, start: number, number: number): ExplainedLine | null {
  const [instruction = "", ...words] = line.split(/\s+/);
  if (!INSTRUCTIONS.includes(instruction)) return null;
  const span = spanOf(start, start + line.length, number);
  const say = (code: string, params: Record<string, string> = {}): Saying => ({ code, params, span });
  const rest = words.join(" ");
  const plain: Record<string, Saying[]> = {
    FROM: [rest === "scratch" ? say("from.scratch") : say("from.image", { image: words[0] ?? "" })],
    RUN: [line.includes("pip install") ? say("run.pipList") : say("run.other", { command: rest })],
    COPY: [words[0] === "." ? say("copy.all", { destination: words.at(-1) ?? "" }) : say("copy.context", { sources: words.slice(0, -1).join(", "), destination: words.at(-1) ?? "" })],
    CMD: [say("cmd.command", { command: rest })],
    ENV: [say("env", { name: rest.split("=")[0] ?? "", value: rest.split("=")[1] ?? "" })],
    WORKDIR: [say("workdir", { path: rest })],
  };
  const layer = instruction === "FROM" ? "base" : instruction === "RUN" || instruction === "COPY" ? "files" : "settings";
  const depends = instruction === "COPY" ? [say("depends.above"), say("depends.files", { paths: words.slice(0, -1).join(", ") })] : instruction === "RUN" ? [say("depends.above"), say("depends.text"), say("depends.notTheNet")] : [];
  return { span, instruction, says: plain[instruction] ?? [], layer, depends };
}

/** Their answers. */
export function fakeHints(): Answers {
  return {
    dockerfile_lint: ({ text }) => ({
      diagnostics: linesOf(text).flatMap(({ line, start, number }) => {
        const word = /^[A-Z]+(?= )/.exec(line)?.[0];
        if (word === undefined || INSTRUCTIONS.includes(word)) return [];
        const suggestion = INSTRUCTIONS.find((each) => each.startsWith(word.slice(0, 2))) ?? null;
        return [{ code: "instructionUnknown", params: { name: word }, suggestion, span: spanOf(start, start + word.length, number) }];
      }),
      hints: hintsOf(text), fails: false, ignoreFile: null,
    }),
    dockerfile_explain: ({ text }) => linesOf(text).flatMap(({ line, start, number }) => storyOf(line, start, number) ?? []),
    dockerfile_complete: ({ text, at }) => {
      const typed = /[A-Za-z]*$/.exec(text.slice(0, at))?.[0] ?? "";
      const span = spanOf(at - typed.length, at, 1);
      return INSTRUCTIONS.filter((each) => each.startsWith(typed.toUpperCase())).map((each) => ({ kind: "instruction", text: each, span }));
    },
    lint_rule: ({ id }) => {
      if (id === "gone") throw fakeError("internal", id);
      return { id, numbers: ["DL3042"], severity: "advice", isBuildkit: false, bad: "FROM python:3.13\nRUN pip install -r requirements.txt\n", good: "FROM python:3.13\nRUN pip install --no-cache-dir -r requirements.txt\n" };
    },
  };
}

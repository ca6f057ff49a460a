// What is said of a line of a build, in the narrow column beside it.
import type { BuildLine } from "../../../api/generated/types";
import { formatTook, t } from "../../../i18n";

/** How it is coloured; the words say the same. */
export type Tone = "cached" | "anew" | "running" | "failed" | "quiet";

export interface LineWords {
  tone: Tone;
  /** Where it is. */
  state: string;
  /** How long it took, or what was saved; empty if there is nothing to say. */
  time: string;
}

/** Less than this is not worth a word. */
const LEAST_MS = 50;

/** How long something took; empty if it was nothing. */
export function took(milliseconds: number): string {
  return milliseconds < LEAST_MS ? "" : formatTook(milliseconds);
}

/** The words for a line; of a build that has not begun they say what would be. */
export function lineWords(line: BuildLine, isForecast: boolean): LineWords {
  const saved = took(line.savedMilliseconds ?? 0);
  switch (line.state) {
    case "cached":
      return { tone: "cached", state: t("build.state.cached"), time: saved === "" ? "" : t(isForecast ? "build.line.saves" : "build.line.saved", { time: saved }) };
    case "running":
      return { tone: "running", state: t("build.state.running"), time: took(line.milliseconds) };
    case "failed":
      return { tone: "failed", state: t("build.state.failed"), time: took(line.milliseconds) };
    case "done":
      if (line.why === null) return { tone: "quiet", state: t("build.state.done"), time: took(line.milliseconds) };
      return { tone: "anew", state: t(line.why.type === "first" ? "build.state.made" : "build.state.anew"), time: took(line.milliseconds) };
    case "waiting":
      if (!isForecast) return { tone: "quiet", state: t("build.state.waiting"), time: "" };
      if (line.why === null) return { tone: "quiet", state: "", time: "" };
      return { tone: "anew", state: t(line.why.type === "first" ? "build.state.new" : "build.state.wouldBeAnew"), time: "" };
    case "notNeeded":
      return { tone: "quiet", state: t("build.state.notNeeded"), time: "" };
    case "skipped":
      return { tone: "quiet", state: t("build.state.skipped"), time: "" };
  }
}

/** What a keyword makes, for the colour of its mark: a base, a layer of commands, a layer of files, a setting. */
export function kindOf(keyword: string): "base" | "run" | "copy" | "settings" {
  if (keyword === "FROM") return "base";
  if (keyword === "RUN") return "run";
  return keyword === "COPY" || keyword === "ADD" ? "copy" : "settings";
}

/** Numbers of lines as people say them: `3`, `3 and 4`, `3–6`, `1, 3–5`. */
export function lineRanges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].toSorted((one, other) => one - other);
  const runs: [number, number][] = [];
  for (const number of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`)).join(", ");
}

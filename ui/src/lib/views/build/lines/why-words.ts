// Why a line was made anew, in sentences.
import type { BuildLine, WhyAnew } from "../../../api/generated/types";
import { visibleText } from "../../../files/visible-text";
import { t, tKnown } from "../../../i18n";
import { lineRanges } from "./line-words";

/** A reason: a sentence, and the files it speaks of. */
export interface Reason {
  sentence: string;
  files: readonly { path: string; change: "changed" | "added" | "removed" }[];
  /** Files beyond those that are named. */
  more: number;
}

/** Files that are named in a sentence; the others are counted. */
const MOST_FILES = 12;

/** The reason in words. */
export function reasonOf(why: WhyAnew): Reason {
  const plain = (sentence: string): Reason => ({ sentence, files: [], more: 0 });
  switch (why.type) {
    case "text":
      return plain(t("build.why.text", { before: oneLine(why.before), now: oneLine(why.now) }));
    case "argument":
    case "environment":
      return plain(t(`build.why.${why.type}`, { name: why.name }));
    case "setting":
      return plain(t("build.why.setting", { name: tKnown(`build.setting.${why.name}`) ?? why.name }));
    case "follows":
      return plain(t("build.why.follows", { line: why.line }));
    case "files": {
      const all = [
        ...why.changed.map((path) => ({ path: visibleText(path), change: "changed" as const })),
        ...why.added.map((path) => ({ path: visibleText(path), change: "added" as const })),
        ...why.removed.map((path) => ({ path: visibleText(path), change: "removed" as const })),
      ];
      const files = all.slice(0, MOST_FILES);
      return { sentence: t("build.why.files", { count: why.count }), files, more: Math.max(0, why.count - files.length) };
    }
    default:
      return plain(t(`build.why.${why.type}`));
  }
}

function oneLine(text: string): string {
  const line = visibleText(text.replace(/\s*\\?\n\s*/g, " "));
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}

/** The line that a question about the cache is about: the first that was made anew for a reason of its own. */
export function firstAnew(lines: readonly BuildLine[]): BuildLine | null {
  return lines.find((line) => line.why !== null && line.why.type !== "follows" && line.state !== "notNeeded") ?? null;
}

/** What came of it for the others: which lines follow, and which were reused. */
export function consequences(lines: readonly BuildLine[], line: BuildLine): string[] {
  const number = (each: BuildLine): number => each.line;
  const followers = lines.filter((each) => each.why?.type === "follows" && each.why.line === line.line).map(number);
  const reused = lines.filter((each) => each.state === "cached").map(number);
  return [
    ...(followers.length > 0 ? [t("build.why.followers", { count: followers.length, lines: lineRanges(followers) })] : []),
    ...(reused.length > 0 ? [t("build.why.reused", { count: reused.length, lines: lineRanges(reused) })] : []),
  ];
}

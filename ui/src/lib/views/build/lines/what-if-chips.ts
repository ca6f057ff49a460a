// Changes that one may be curious about: files that the lines copy, and the largest.
import type { BuildLine, BuildSheet } from "../../../api/generated/types";

const MOST_FILES = 4;

/** The paths of the context that an instruction copies, as written. */
export function copiedPaths(line: BuildLine): string[] {
  if (!/^(COPY|ADD)$/.test(line.keyword)) return [];
  const words = line.text.replace(/\\\n/g, " ").trim().split(/\s+/).slice(1);
  const flags = words.filter((word) => word.startsWith("--"));
  if (flags.some((flag) => flag.startsWith("--from="))) return [];
  const rest = words.slice(flags.length);
  // The form of a list of strings.
  const list = rest.join(" ").startsWith("[") ? parsedList(rest.join(" ")) : rest;
  return list.slice(0, -1).filter((path) => !path.includes("<<") && !/^[a-z]+:\/\//.test(path));
}

function parsedList(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((word) => typeof word === "string") : [];
  } catch {
    return [];
  }
}

/** Files to ask about: those that lines name, then the largest. */
export function filesToAsk(sheet: BuildSheet): string[] {
  const named = sheet.lines.flatMap(copiedPaths).map((path) => path.replace(/^\.?\//, "")).filter((path) => path !== "" && path !== "." && !/[*?[$]/.test(path));
  const largest = (sheet.context?.largest ?? []).map((file) => file.path);
  const folders = named.filter((path) => largest.some((file) => file.startsWith(`${path.replace(/\/$/, "")}/`)));
  const files = named.filter((path) => !folders.includes(path));
  return [...new Set([...files, ...largest])].slice(0, MOST_FILES);
}

/** Lines that can change places with others of their stage. */
export function movableLines(lines: readonly BuildLine[]): BuildLine[] {
  return lines.filter((line) => line.stage !== null && line.keyword !== "FROM" && line.state !== "notNeeded");
}

/** A move to begin with: the first line that copies everything, past the command below it. */
export function firstMove(lines: readonly BuildLine[]): { from: number; before: number } | null {
  const all = movableLines(lines);
  const broad = all.findIndex((line) => copiedPaths(line).some((path) => path === "." || path === "./"));
  const copy = broad < 0 ? all.findIndex((line) => line.keyword === "COPY") : broad;
  const above = all.slice(0, Math.max(0, copy)).find((line) => line.stage === all[copy]?.stage && (line.keyword === "COPY" || line.keyword === "RUN"));
  const from = all[copy];
  if (from !== undefined && above !== undefined) return { from: from.index, before: above.index };
  const below = all.find((line, at) => at > copy && line.keyword === "RUN" && line.stage === from?.stage);
  return from !== undefined && below !== undefined ? { from: below.index, before: from.index } : null;
}

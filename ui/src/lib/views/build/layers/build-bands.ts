// The layers of a build as bands: those of the stages that the image is made of, oldest first; of the build before this one too.
import type { BuildLine, BuildLineState, BuildStage, PastBuild, PastLine } from "../../../api/generated/types";
import { bandHeights, MIN_BAND_PX } from "../../image/band-height";
import { visibleText } from "../../../files/visible-text";
import { kindOf } from "../lines/line-words";

/** A layer, or instructions that only change settings. */
export interface Band {
  /** Its place among the bands of its column. */
  key: string;
  kind: "base" | "run" | "copy" | "other" | "settings";
  text: string;
  state: BuildLineState;
  milliseconds: number;
  /** How long it took when it was made, of one that came from an earlier build. */
  saved: number | null;
  /** Plain bytes of its layer; none while there is none. */
  bytes: number | null;
  /** Whether the build before has the same layer. */
  isSame: boolean;
  /** The line of the build that it stands for; none for settings and for a build of before. */
  index: number | null;
}

/** The stage that is built: the last that is needed, for a stage needs earlier ones only. */
export function targetStage(stages: readonly BuildStage[]): number {
  return stages.findLast((stage) => stage.isNeeded)?.index ?? 0;
}

/** The stages that one stands on, the lowest first, and itself. */
export function stageChain(stages: readonly BuildStage[], target: number): number[] {
  const chain = [target];
  for (let stage = stages[target]; stage !== undefined; ) {
    const base = stage.base.toLowerCase();
    const own = stage.index;
    const below = stages.findLast((each) => each.index < own && each.name?.toLowerCase() === base);
    if (below === undefined) break;
    chain.unshift(below.index);
    stage = below;
  }
  return chain;
}

type Drawn = Omit<Band, "key"> & { keyword: string };

function banded(lines: readonly Drawn[]): Band[] {
  const bands: Band[] = [];
  for (const { keyword, ...line } of lines) {
    const isBand = line.bytes !== null || keyword === "RUN" || keyword === "COPY" || keyword === "ADD" || (keyword === "FROM" && !/^FROM\s+(--\S+\s+)*scratch\b/i.test(line.text));
    const last = bands.at(-1);
    if (isBand) bands.push({ ...line, key: String(bands.length), kind: line.kind === "settings" ? "other" : line.kind });
    else if (keyword === "FROM") continue;
    else if (last?.kind === "settings") bands[bands.length - 1] = { ...last, text: `${last.text} · ${line.text}` };
    else bands.push({ ...line, key: String(bands.length), kind: "settings", index: null });
  }
  return bands;
}

const oneLine = (text: string): string => visibleText(text.replace(/\s*\\?\n\s*/g, " ")).trim();

/** The bands of a stage with those it stands on. */
export function buildBands(lines: readonly BuildLine[], stages: readonly BuildStage[], target: number): Band[] {
  const chain = stageChain(stages, target);
  const drawn = chain.flatMap((stage, at) =>
    lines.filter((line) => line.stage === stage && line.keyword !== "ARG" && (at === 0 || line.keyword !== "FROM")).map((line): Drawn => ({
      keyword: line.keyword, kind: kindOf(line.keyword), text: oneLine(line.text), state: line.state, milliseconds: line.milliseconds, saved: line.savedMilliseconds,
      bytes: line.layer?.tarBytes ?? null, isSame: line.layer?.isSame ?? false, index: line.index,
    })),
  );
  return banded(drawn);
}

/** The bands of a build of before. It has the lines that were needed, stage after stage: `needed` says which those were. */
export function pastBands(before: PastBuild, stages: readonly BuildStage[], target: number): Band[] {
  const groups: PastLine[][] = [];
  for (const line of before.lines) {
    if (line.keyword === "ARG" && groups.length === 0) continue;
    if (line.keyword === "FROM" || groups.length === 0) groups.push([]);
    groups.at(-1)?.push(line);
  }
  const needed = stages.filter((stage) => stage.isNeeded).map((stage) => stage.index);
  // With another number of stages nobody can say which is which: the last one is the image's.
  const chain = groups.length === needed.length ? stageChain(stages, target).map((stage) => needed.indexOf(stage)) : [groups.length - 1];
  const lines = chain.flatMap((group, at) => (groups[group] ?? []).filter((line) => line.keyword !== "ARG" && (at === 0 || line.keyword !== "FROM")));
  return banded(lines.map((line): Drawn => ({
    keyword: line.keyword, kind: kindOf(line.keyword), text: oneLine(line.text), state: line.isCached ? "cached" : "done", milliseconds: line.milliseconds, saved: null,
    bytes: line.layer?.tarBytes ?? null, isSame: false, index: null,
  })));
}

/** The height of a dashed line, and the room below a band. */
export const DASHED_PX = 26;
export const GAP_PX = 3;

/**
 * How thick each band of both columns is: what stands in both is as thick in both. What has no layer yet is as thick as it was
 * the last time.
 */
export function columnHeights(bands: readonly Band[], before: readonly Band[], available: number): { now: number[]; then: number[] } {
  const known = new Map<string, number>();
  for (const band of [...before, ...bands]) if (band.kind !== "settings") known.set(band.text, Math.max(band.bytes ?? 0, known.get(band.text) ?? 0));
  const longer = bands.length >= before.length ? bands : before;
  const solid = longer.filter((band) => band.kind !== "settings");
  const room = available - (longer.length - solid.length) * DASHED_PX - solid.length * GAP_PX;
  const heights = bandHeights(solid.map((band) => known.get(band.text) ?? 0), room, "balanced");
  const byText = new Map(solid.map((band, at) => [band.text, heights[at] ?? MIN_BAND_PX]));
  const of = (band: Band): number => (band.kind === "settings" ? DASHED_PX : (byText.get(band.text) ?? MIN_BAND_PX));
  return { now: bands.map(of), then: before.map(of) };
}

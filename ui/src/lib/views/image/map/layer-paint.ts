// How each layer is painted on the map: the colour of what made it, darker from one layer of a kind to the next, and a pattern
// where shades alone would come again. Never lighter, so that white letters can be read on all of them.
import type { Stratum, StratumKind } from "../../../api/generated/types";

/** The pattern over the colour; `plain` is none. */
export type Pattern = "plain" | "lines" | "dots" | "grid";

/** How one layer is painted. */
export interface LayerPaint {
  layer: number;
  kind: StratumKind;
  /** Of the kind's colour, the rest is black. */
  percent: number;
  pattern: Pattern;
  instruction: string;
}

const SHADES = [100, 80, 62] as const;
const PATTERNS: readonly Pattern[] = ["plain", "lines", "dots", "grid"];

/** The paint of every layer, the oldest first. */
export function layerPaints(strata: readonly Stratum[]): LayerPaint[] {
  const used = new Map<StratumKind, number>();
  return strata.flatMap(({ layer, kind, instruction }) => {
    if (layer === null) return [];
    const at = used.get(kind) ?? 0;
    used.set(kind, at + 1);
    const percent = SHADES[at % SHADES.length] ?? 100;
    const pattern = PATTERNS[Math.floor(at / SHADES.length) % PATTERNS.length] ?? "plain";
    return [{ layer, kind, percent, pattern, instruction }];
  });
}

/** The colour as a style sheet has it. */
export function colourOf({ kind, percent }: Pick<LayerPaint, "kind" | "percent">): string {
  return `color-mix(in srgb, var(--${kind}) ${percent}%, #000)`;
}

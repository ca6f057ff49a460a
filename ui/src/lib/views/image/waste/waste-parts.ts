// What the screen counts with in a report of buried bytes.
import type { WasteArc, WasteReport } from "../../../api/generated/types";

/** How much of a layer's bytes are hidden by later ones, from 0 to 1. */
export function buriedShare(waste: WasteReport | null, layer: number): number {
  const found = waste?.layers.find((each) => each.layer === layer);
  if (found === undefined || found.carriedBytes === 0) return 0;
  return Math.min(1, found.buriedBytes / found.carriedBytes);
}

/** How many of a layer's bytes are hidden. */
export function buriedBytes(waste: WasteReport | null, layer: number): number {
  return waste?.layers.find((each) => each.layer === layer)?.buriedBytes ?? 0;
}

/** What later layers hide of a layer, the most first. */
export function arcsFrom(waste: WasteReport | null, layer: number): WasteArc[] {
  return waste?.arcs.filter((arc) => arc.layer === layer) ?? [];
}

/** The share of bytes that dive calls efficient, from 0 to 1. */
export function diveEfficiency(waste: WasteReport): number {
  return waste.diveDiscoveredBytes === 0 ? 1 : waste.diveMinimumBytes / waste.diveDiscoveredBytes;
}

/** A curve between the middles of two bands, in pixels. */
export interface Curve {
  arc: WasteArc;
  from: number;
  to: number;
}

/** The curves of the largest arcs, where both of their layers are drawn. */
export function curves(arcs: readonly WasteArc[], middles: ReadonlyMap<number, number>, most: number): Curve[] {
  const drawn: Curve[] = [];
  for (const arc of arcs) {
    const [from, to] = [middles.get(arc.layer), middles.get(arc.by)];
    if (from !== undefined && to !== undefined && arc.bytes > 0) drawn.push({ arc, from, to });
    if (drawn.length === most) break;
  }
  return drawn;
}

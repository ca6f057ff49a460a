import { describe, expect, it } from "vitest";
import type { WasteArc, WasteReport } from "../../../api/generated/types";
import { arcsFrom, buriedBytes, buriedShare, curves, diveEfficiency } from "./waste-parts";

const arc = (layer: number, by: number, bytes: number): WasteArc => ({ layer, by, bytes, files: 1, pathCount: 1, paths: [], fix: "sameInstruction", line: null });
const report: WasteReport = {
  carriedBytes: 300,
  buriedBytes: 60,
  diveMinimumBytes: 99,
  diveDiscoveredBytes: 300,
  diveWastedBytes: 7,
  layers: [
    { layer: 1, carriedBytes: 200, buriedBytes: 50 },
    { layer: 2, carriedBytes: 100, buriedBytes: 10 },
    { layer: 3, carriedBytes: 0, buriedBytes: 0 },
  ],
  arcs: [arc(1, 3, 50), arc(2, 3, 10), arc(2, 9, 0)],
};

describe("buried bytes", () => {
  it("are told for each layer, and nothing for one that carries none or is not known", () => {
    expect(buriedShare(report, 1)).toBe(0.25);
    expect(buriedBytes(report, 1)).toBe(50);
    expect(buriedShare(report, 3)).toBe(0);
    expect(buriedShare(report, 7)).toBe(0);
    expect(buriedShare(null, 1)).toBe(0);
    expect(arcsFrom(report, 2)).toHaveLength(2);
    expect(diveEfficiency(report)).toBeCloseTo(0.33);
    expect(diveEfficiency({ ...report, diveDiscoveredBytes: 0, diveMinimumBytes: 0 })).toBe(1);
  });

  it("are drawn only between bands that are there, the most first", () => {
    const middles = new Map([[1, 100], [2, 60], [3, 20]]);
    expect(curves(report.arcs, middles, 5).map(({ from, to }) => [from, to])).toEqual([[100, 20], [60, 20]]);
    expect(curves(report.arcs, middles, 1)).toHaveLength(1);
  });
});

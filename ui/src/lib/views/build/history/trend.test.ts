import { describe, expect, it } from "vitest";
import type { PastBuild } from "../../../api/generated/types";
import { trendPath, trendPoints } from "./trend";

const build = (number: number, milliseconds: number): PastBuild => ({ number, milliseconds } as PastBuild);

describe("a trend", () => {
  it("goes from the oldest build to the newest, from zero to the most", () => {
    const points = trendPoints([build(3, 50), build(1, 100), build(2, 0)], (each) => each.milliseconds, 100, 40);
    expect(points.map(({ x, y, build: each }) => [each.number, x, y])).toEqual([[1, 0, 0], [2, 50, 40], [3, 100, 20]]);
    expect(trendPath(points)).toBe("M0.0 0.0L50.0 40.0L100.0 20.0");
  });

  it("of one build stands in the middle, and of none is nothing", () => {
    expect(trendPoints([build(1, 5)], (each) => each.milliseconds, 100, 40)[0]?.x).toBe(50);
    expect(trendPath([])).toBe("");
  });
});

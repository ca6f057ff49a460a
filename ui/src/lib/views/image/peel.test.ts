import { describe, expect, it } from "vitest";
import { bandAt, peelTarget } from "./peel";

describe("the handle beside the bands", () => {
  const edges = [{ index: 2, end: 10 }, { index: 1, end: 40 }, { index: 0, end: 60 }];

  it("is at the band under the pointer, and at the outermost beyond them", () => {
    expect([-5, 0, 9, 10, 45, 99].map((y) => bandAt(edges, y))).toEqual([2, 2, 2, 1, 0, 0]);
    expect(bandAt([], 3)).toBeNull();
  });

  it("goes up to newer layers and down to older ones, and no further", () => {
    expect(peelTarget("ArrowUp", 1, 3)).toBe(2);
    expect(peelTarget("ArrowUp", 2, 3)).toBe(2);
    expect(peelTarget("ArrowDown", 0, 3)).toBe(0);
    expect(peelTarget("Home", 2, 3)).toBe(0);
    expect(peelTarget("End", 0, 3)).toBe(2);
    expect(peelTarget("PageDown", 2, 3)).toBe(0);
    expect(peelTarget("a", 1, 3)).toBeNull();
  });
});

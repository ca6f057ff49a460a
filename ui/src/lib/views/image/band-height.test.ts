import { describe, expect, it } from "vitest";
import { MAX_BAND_PX, MIN_BAND_PX, bandHeights } from "./band-height";

const sizes = [125e6, 136e6, 1200, 148e6, 200, 3.1e6];
const sum = (heights: readonly number[]): number => heights.reduce((total, height) => total + height, 0);

describe("bands", () => {
  it("fill the room and follow the order of sizes", () => {
    const heights = bandHeights(sizes, 520, "balanced");
    expect(sum(heights)).toBeGreaterThan(520 - sizes.length - 1);
    expect(sum(heights)).toBeLessThanOrEqual(520);
    const [base = 0, apt = 0, , pip = 0, , app = 0] = heights;
    expect(pip).toBeGreaterThanOrEqual(apt);
    expect(apt).toBeGreaterThanOrEqual(base);
    expect(base).toBeGreaterThan(app);
  });
  it("can always be read and clicked, and leave room for others", () => {
    for (const thickness of ["balanced", "true"] as const) {
      for (const height of bandHeights([...sizes, 5e9, 0], 700, thickness)) {
        expect(height).toBeGreaterThanOrEqual(MIN_BAND_PX);
        expect(height).toBeLessThanOrEqual(MAX_BAND_PX);
      }
    }
  });
  it("keep their least thickness where there is no room", () => {
    expect(bandHeights(sizes, 0, "true")).toEqual(sizes.map(() => MIN_BAND_PX));
    expect(bandHeights(sizes, -50, "balanced")).toEqual(sizes.map(() => MIN_BAND_PX));
  });
  it("are in proportion where they may be", () => {
    expect(bandHeights([100, 200], 240, "true")).toEqual([80, 160]);
  });
  it("do not make small layers look large where there is room", () => {
    const [small = 0, large = 0] = bandHeights([5_000, 500_000], 800, "balanced");
    expect(large).toBe(MAX_BAND_PX);
    expect(small).toBe(MIN_BAND_PX);
  });
  it("come to an end with no layers and with empty ones", () => {
    expect(bandHeights([], 500, "balanced")).toEqual([]);
    expect(bandHeights([0, 0], 500, "balanced")).toEqual([MIN_BAND_PX, MIN_BAND_PX]);
  });
});

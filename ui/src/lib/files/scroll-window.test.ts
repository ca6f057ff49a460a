import { describe, expect, it } from "vitest";
import {
  MAX_SPACER_PX, isScaled, maxOffset, offsetAfterScroll, offsetOf, offsetToReveal, scrollTopOf, spacerHeight, visibleRange,
} from "./scroll-window";

const small = { total: 124_000, rowHeight: 30, viewportHeight: 600 };
const huge = { total: 1_000_000, rowHeight: 30, viewportHeight: 600 };

describe("a list that a browser can lay out", () => {
  it("is as tall as its rows and scrolls pixel for pixel", () => {
    expect(spacerHeight(small)).toBe(3_720_000);
    expect(isScaled(small)).toBe(false);
    expect(offsetOf(small, 1234)).toBe(1234);
    expect(scrollTopOf(small, 1234)).toBe(1234);
  });
});

describe("a list that is taller than a browser can lay out", () => {
  it("is as tall as allowed", () => {
    expect(spacerHeight(huge)).toBe(MAX_SPACER_PX);
    expect(isScaled(huge)).toBe(true);
  });
  it("reaches its first and its last row", () => {
    expect(offsetOf(huge, 0)).toBe(0);
    expect(offsetOf(huge, MAX_SPACER_PX - huge.viewportHeight)).toBeCloseTo(maxOffset(huge));
  });
  it("keeps the exact offset when the scroll event is its own", () => {
    for (const offset of [0, 31, 17_000_001, maxOffset(huge)]) {
      expect(offsetAfterScroll(huge, offset, Math.round(scrollTopOf(huge, offset)))).toBe(offset);
    }
  });
  it("follows the scroll bar when a person moves it", () => {
    expect(offsetAfterScroll(huge, 0, 4_000_000)).toBeGreaterThan(14_000_000);
  });
});

describe("rows to draw", () => {
  it("are those on the screen and a few around", () => {
    expect(visibleRange(small, 3000, 10)).toEqual({ first: 90, end: 131 });
  });
  it("end with the list", () => {
    expect(visibleRange(small, maxOffset(small), 10).end).toBe(124_000);
    expect(visibleRange({ ...small, total: 3 }, 0, 10)).toEqual({ first: 0, end: 3 });
    expect(visibleRange({ ...small, total: 0 }, 0, 10)).toEqual({ first: 0, end: 0 });
  });
});

describe("bringing a row into view", () => {
  it("moves no further than needed", () => {
    expect(offsetToReveal(small, 300, 12)).toBe(300);
    expect(offsetToReveal(small, 300, 3)).toBe(90);
    expect(offsetToReveal(small, 0, 20)).toBe(30);
    expect(offsetToReveal(huge, 0, huge.total - 1)).toBe(maxOffset(huge));
  });
});

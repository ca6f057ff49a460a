import { describe, expect, it } from "vitest";
import type { FileRow } from "../api/generated/types";
import { MAX_PAGES, PAGE_ROWS, RowCache, pagesFor } from "./row-cache";

describe("pages to fetch", () => {
  it("hold the range, and one more in the direction of travel", () => {
    const range = { first: PAGE_ROWS - 1, end: PAGE_ROWS + 1 };
    expect(pagesFor(range, 10_000, 0)).toEqual([0, 1]);
    expect(pagesFor(range, 10_000, 1)).toEqual([0, 1, 2]);
    expect(pagesFor({ first: 500, end: 540 }, 10_000, -1)).toEqual([2, 1]);
  });
  it("end with the list", () => {
    expect(pagesFor({ first: 0, end: 40 }, 40, 1)).toEqual([0]);
    expect(pagesFor({ first: 0, end: 0 }, 0, 1)).toEqual([]);
    expect(pagesFor({ first: 900, end: 1000 }, 250, 0)).toEqual([]);
  });
});

describe("kept rows", () => {
  const rows = (from: number): FileRow[] => Array.from({ length: PAGE_ROWS }, (_, at) => ({ index: from + at }) as FileRow);

  it("are found by their place", () => {
    const cache = new RowCache();
    cache.put(3, rows(3 * PAGE_ROWS));
    expect(cache.row(3 * PAGE_ROWS + 7)?.index).toBe(3 * PAGE_ROWS + 7);
    expect(cache.row(0)).toBeUndefined();
    expect(cache.missing([2, 3])).toEqual([2]);
  });
  it("are forgotten, the longest unused first", () => {
    const cache = new RowCache();
    for (let page = 0; page < MAX_PAGES; page += 1) cache.put(page, rows(page * PAGE_ROWS));
    expect(cache.has(0)).toBe(true);
    cache.put(MAX_PAGES, rows(MAX_PAGES * PAGE_ROWS));
    expect(cache.has(0)).toBe(true);
    expect(cache.has(1)).toBe(false);
  });
});

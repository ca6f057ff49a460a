// Rows that were fetched, kept by page, so that scrolling back costs nothing and memory stays bounded.
import type { FileRow } from "../api/generated/types";
import type { RowRange } from "./scroll-window";

/** Rows a page; the backend answers at most 1,000. */
export const PAGE_ROWS = 200;

/** Pages kept; beyond, the one used longest ago goes. */
export const MAX_PAGES = 60;

/** The pages that hold the rows of `range`, and one more in the direction of travel. */
export function pagesFor(range: RowRange, total: number, direction: -1 | 0 | 1): number[] {
  if (range.end <= range.first || total === 0) return [];
  const last = Math.floor((total - 1) / PAGE_ROWS);
  const from = Math.floor(range.first / PAGE_ROWS);
  const to = Math.min(last, Math.floor((range.end - 1) / PAGE_ROWS));
  const pages = Array.from({ length: to - from + 1 }, (_, step) => from + step);
  if (direction > 0 && to < last) pages.push(to + 1);
  if (direction < 0 && from > 0) pages.push(from - 1);
  return pages;
}

/** Pages of rows of one list, the least recently used forgotten first. */
export class RowCache {
  readonly #pages = new Map<number, readonly FileRow[]>();

  /** Keeps a page. */
  put(page: number, rows: readonly FileRow[]): void {
    this.#pages.delete(page);
    this.#pages.set(page, rows);
    while (this.#pages.size > MAX_PAGES) {
      const oldest = this.#pages.keys().next().value;
      if (oldest === undefined) return;
      this.#pages.delete(oldest);
    }
  }

  /** Whether a page is here; asking counts as a use. */
  has(page: number): boolean {
    const rows = this.#pages.get(page);
    if (rows === undefined) return false;
    this.put(page, rows);
    return true;
  }

  /** The row at a place in the list, if its page is here. */
  row(index: number): FileRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Pages of the range that are not here. */
  missing(pages: readonly number[]): number[] {
    return pages.filter((page) => !this.has(page));
  }
}

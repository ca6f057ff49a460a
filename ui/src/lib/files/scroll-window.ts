// Arithmetic of a list of fixed-height rows of which only the visible ones exist.
//
// Positions come in two kinds. An *offset* is in pixels of the whole list, as if it could be laid out; a *scroll position*
// is what the browser's scroll bar says. They are the same until the list is taller than a browser can lay out: then the
// scroll bar stands for the list at a smaller scale.

/** Tallest element we ask for; engines clamp at about 17 to 33 million pixels, and lose precision before. */
export const MAX_SPACER_PX = 8_000_000;

/** What the arithmetic needs to know of a list. */
export interface ListExtent {
  total: number;
  rowHeight: number;
  viewportHeight: number;
}

/** A run of rows: `first` and up to, not including, `end`. */
export interface RowRange {
  first: number;
  end: number;
}

/** Height of all rows, in pixels. */
export function contentHeight(extent: ListExtent): number {
  return extent.total * extent.rowHeight;
}

/** Height of the element that gives the scroll bar its length. */
export function spacerHeight(extent: ListExtent): number {
  return Math.min(contentHeight(extent), MAX_SPACER_PX);
}

/** Whether the scroll bar stands for the list at a smaller scale. */
export function isScaled(extent: ListExtent): boolean {
  return contentHeight(extent) > MAX_SPACER_PX;
}

/** The largest offset: the last row ends at the bottom of the viewport. */
export function maxOffset(extent: ListExtent): number {
  return Math.max(0, contentHeight(extent) - extent.viewportHeight);
}

/** The offset brought into what the list has. */
export function clampOffset(extent: ListExtent, offset: number): number {
  return Math.min(Math.max(0, offset), maxOffset(extent));
}

/** Pixels of the list for one pixel of the scroll bar. */
function scale(extent: ListExtent): number {
  const scrollable = spacerHeight(extent) - extent.viewportHeight;
  return scrollable > 0 ? maxOffset(extent) / scrollable : 1;
}

/** The offset that a scroll position stands for. */
export function offsetOf(extent: ListExtent, scrollTop: number): number {
  return clampOffset(extent, isScaled(extent) ? scrollTop * scale(extent) : scrollTop);
}

/** The scroll position that stands for an offset. */
export function scrollTopOf(extent: ListExtent, offset: number): number {
  const clamped = clampOffset(extent, offset);
  return isScaled(extent) ? clamped / scale(extent) : clamped;
}

/** The offset after a scroll event: one that we caused ourselves keeps its exact offset instead of a rounded one. */
export function offsetAfterScroll(extent: ListExtent, offset: number, scrollTop: number): number {
  const ours = Math.abs(scrollTopOf(extent, offset) - scrollTop) <= 1;
  return isScaled(extent) && ours ? clampOffset(extent, offset) : offsetOf(extent, scrollTop);
}

/** The rows to draw at an offset, with `overscan` more on either side. */
export function visibleRange(extent: ListExtent, offset: number, overscan: number): RowRange {
  const first = Math.floor(clampOffset(extent, offset) / extent.rowHeight);
  const shown = Math.ceil(extent.viewportHeight / extent.rowHeight) + 1;
  return { first: Math.max(0, first - overscan), end: Math.min(extent.total, first + shown + overscan) };
}

/** The offset nearest to `offset` at which row `index` is wholly in view. */
export function offsetToReveal(extent: ListExtent, offset: number, index: number): number {
  const top = index * extent.rowHeight;
  const bottom = top + extent.rowHeight;
  if (top < offset) return clampOffset(extent, top);
  if (bottom > offset + extent.viewportHeight) return clampOffset(extent, bottom - extent.viewportHeight);
  return clampOffset(extent, offset);
}

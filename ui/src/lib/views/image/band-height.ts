// How thick each layer's band is drawn. Thickness follows size, within what can be read and clicked.

/** `balanced` follows the square root of the size, so that small layers stay visible; `true` follows the size itself. */
export type Thickness = "balanced" | "true";

/** Thinnest band: one line of text, and a target to click. */
export const MIN_BAND_PX = 34;

/** Thickest band, so that one huge layer leaves room for the others. */
export const MAX_BAND_PX = 210;

function weight(bytes: number, thickness: Thickness): number {
  const size = Math.max(0, bytes);
  return thickness === "balanced" ? Math.sqrt(size) : size;
}

/**
 * Heights in pixels for layers of these sizes, which together fill `available` at the most. Room that a band must have to be
 * read is taken from the others; room that the largest cannot use stays empty, for small bands would look large in it.
 */
export function bandHeights(sizes: readonly number[], available: number, thickness: Thickness): number[] {
  const weights = sizes.map((bytes) => weight(bytes, thickness));
  const heights = sizes.map(() => 0);
  let open = sizes.map((_, index) => index);
  let room = available;
  const most = MAX_BAND_PX / Math.max(1, ...weights);
  while (open.length > 0) {
    const sum = open.reduce((total, index) => total + (weights[index] ?? 0), 0);
    const perWeight = sum > 0 ? Math.min(most, Math.max(0, room) / sum) : 0;
    const wanted = (index: number): number => perWeight * (weights[index] ?? 0);
    const excess = open.reduce((total, index) => total + bounded(wanted(index)) - wanted(index), 0);
    const settled = open.filter((index) => isSettled(wanted(index), excess));
    for (const index of settled) {
      const height = bounded(wanted(index));
      heights[index] = Math.floor(height);
      room -= height;
    }
    open = open.filter((index) => !settled.includes(index));
  }
  return heights;
}

function bounded(height: number): number {
  return Math.min(MAX_BAND_PX, Math.max(MIN_BAND_PX, height));
}

/** Whether a band's height is final in this round: all are when nothing is left over, else those on the violated side. */
function isSettled(height: number, excess: number): boolean {
  if (Math.abs(excess) < 0.5) return true;
  return excess > 0 ? height <= MIN_BAND_PX : height >= MAX_BAND_PX;
}

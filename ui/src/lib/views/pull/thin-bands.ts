// How thick layers are drawn where a picture is one of several things on the screen.

/** Thinnest band: one line of text. */
const LEAST_PX = 28;
const MOST_PX = 88;
/** With more layers than this all are drawn as thin as may be. */
const MANY = 12;

/** The height of a layer's band: it follows the square root of the size, in proportion to the largest of `sizes`. */
export function thinBand(bytes: number, sizes: readonly number[]): number {
  const most = sizes.length > MANY ? LEAST_PX : MOST_PX;
  const largest = sizes.reduce((all, size) => Math.max(all, size), 1);
  return Math.round(LEAST_PX + (most - LEAST_PX) * Math.sqrt(Math.max(0, bytes) / largest));
}

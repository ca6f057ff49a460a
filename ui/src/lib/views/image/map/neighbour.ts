// Which rectangle an arrow key leads to: the nearest in that direction, rather one that lies straight ahead.
import type { Box } from "./squarify";

const STEPS: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** How much worse it is to lie beside the way than farther along it. */
const ASIDE = 3;

/** The rectangle that a key leads to from the one at `from`; none for other keys, and at the edge. */
export function neighbour(key: string, boxes: readonly Box[], from: number): number | null {
  if (key === "Home" || key === "End") return boxes.length === 0 ? null : key === "Home" ? 0 : boxes.length - 1;
  const step = STEPS[key];
  const start = boxes[from];
  if (step === undefined || start === undefined) return null;
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  boxes.forEach((box, at) => {
    if (at === from || box.width <= 0 || box.height <= 0) return;
    const along = step[0] === 0 ? gap(step[1], start.y, start.height, box.y, box.height) : gap(step[0], start.x, start.width, box.x, box.width);
    if (along < -0.5) return;
    const aside = step[0] === 0 ? beside(start.x, start.width, box.x, box.width) : beside(start.y, start.height, box.y, box.height);
    const cost = along + aside * ASIDE;
    if (cost < least) [best, least] = [at, cost];
  });
  return best;
}

/** How far it is from one stretch's end to where another begins, in a direction; less than nothing if it does not lie there. */
function gap(direction: number, from: number, length: number, to: number, toLength: number): number {
  return direction > 0 ? to - (from + length) : from - (to + toLength);
}

/** How far the middle of one stretch lies outside another. */
function beside(from: number, length: number, to: number, toLength: number): number {
  const middle = from + length / 2;
  return Math.max(0, to - middle, middle - (to + toLength));
}

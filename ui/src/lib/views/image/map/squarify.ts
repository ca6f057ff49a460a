// Rectangles for a map: areas follow weights, and shapes are as near to squares as a row by row layout makes them (Bruls,
// Huizing, van Wijk: Squarified Treemaps, 2000).

/** A place on the map, in pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The longer side by the shorter one of the worst box of a row: `sum` of its areas along a side this long. */
function worst(areas: readonly number[], sum: number, side: number): number {
  const largest = Math.max(...areas);
  const smallest = Math.min(...areas);
  const square = side * side;
  return Math.max((square * largest) / (sum * sum), (sum * sum) / (square * smallest));
}

/** Boxes for these weights, the largest first, that fill `box` together. A weight of nothing gets a box of no size. */
export function squarify(weights: readonly number[], box: Box): Box[] {
  const total = weights.reduce((sum, weight) => sum + Math.max(0, weight), 0);
  const scale = total > 0 ? (box.width * box.height) / total : 0;
  const boxes: Box[] = [];
  let free = { ...box };
  let row: number[] = [];
  let sum = 0;
  const settle = (): void => {
    if (row.length > 0) free = layRow(row, sum, free, boxes);
    row = [];
    sum = 0;
  };
  for (const weight of weights) {
    const area = Math.max(0, weight) * scale;
    if (area <= 0) {
      settle();
      boxes.push({ x: free.x, y: free.y, width: 0, height: 0 });
      continue;
    }
    const side = Math.min(free.width, free.height);
    if (row.length > 0 && worst([...row, area], sum + area, side) > worst(row, sum, side)) settle();
    row.push(area);
    sum += area;
  }
  settle();
  return boxes;
}

/** Puts a row along the shorter side of what is free, and gives back what is left. */
function layRow(row: readonly number[], sum: number, free: Box, boxes: Box[]): Box {
  const isTall = free.height >= free.width;
  const side = isTall ? free.width : free.height;
  const depth = side > 0 ? Math.min(sum / side, isTall ? free.height : free.width) : 0;
  let at = isTall ? free.x : free.y;
  for (const area of row) {
    const length = depth > 0 ? area / depth : 0;
    boxes.push(isTall ? { x: at, y: free.y, width: length, height: depth } : { x: free.x, y: at, width: depth, height: length });
    at += length;
  }
  return isTall
    ? { ...free, y: free.y + depth, height: Math.max(0, free.height - depth) }
    : { ...free, x: free.x + depth, width: Math.max(0, free.width - depth) };
}

// The builds of a Dockerfile as a line over time: how long they took, how large the image was.
import type { PastBuild } from "../../../api/generated/types";

export interface Point {
  x: number;
  y: number;
  build: PastBuild;
}

/** Points in a box of this size, the oldest build left. The line begins at zero, so that twice as high is twice as much. */
export function trendPoints(builds: readonly PastBuild[], value: (build: PastBuild) => number, width: number, height: number): Point[] {
  const ordered = builds.toSorted((one, other) => one.number - other.number);
  const most = Math.max(1, ...ordered.map(value));
  const step = ordered.length > 1 ? width / (ordered.length - 1) : 0;
  return ordered.map((build, at) => ({ x: ordered.length > 1 ? at * step : width / 2, y: height - (value(build) / most) * height, build }));
}

/** The line through points, as a path of SVG. */
export function trendPath(points: readonly Point[]): string {
  return points.map(({ x, y }, at) => `${at === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

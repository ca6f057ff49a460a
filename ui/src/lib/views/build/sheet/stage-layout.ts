// Where each stage of a Dockerfile stands in its picture: what it needs is left of it.
import type { BuildStage } from "../../../api/generated/types";

export const NODE_WIDTH = 148;
export const NODE_HEIGHT = 46;
const GAP_X = 40;
const GAP_Y = 12;

export interface StageNode {
  stage: BuildStage;
  x: number;
  y: number;
}

export interface StageGraph {
  nodes: StageNode[];
  /** Curves from a stage to one that needs it, as paths of SVG. */
  edges: { key: string; path: string; isNeeded: boolean }[];
  width: number;
  height: number;
}

/** The picture. */
export function stageGraph(stages: readonly BuildStage[]): StageGraph {
  const depths: number[] = [];
  const rows: number[] = [];
  const nodes = stages.map((stage): StageNode => {
    // A stage needs earlier ones only, so that their depths are known.
    const depth = Math.max(0, ...stage.needs.map((need) => (depths[need] ?? 0) + 1));
    depths[stage.index] = depth;
    const row = rows[depth] ?? 0;
    rows[depth] = row + 1;
    return { stage, x: depth * (NODE_WIDTH + GAP_X), y: row * (NODE_HEIGHT + GAP_Y) };
  });
  const tallest = Math.max(0, ...rows.map((count) => count * (NODE_HEIGHT + GAP_Y) - GAP_Y));
  // Each column stands in the middle of the tallest.
  for (const node of nodes) node.y += (tallest - ((rows[depths[node.stage.index] ?? 0] ?? 0) * (NODE_HEIGHT + GAP_Y) - GAP_Y)) / 2;
  const edges = nodes.flatMap((to) =>
    [...new Set(to.stage.needs)].flatMap((need) => {
      const from = nodes.find((node) => node.stage.index === need);
      if (from === undefined) return [];
      const [startX, startY, endX, endY] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2, to.x, to.y + NODE_HEIGHT / 2];
      const middle = (startX + endX) / 2;
      return [{ key: `${need}-${to.stage.index}`, path: `M${startX} ${startY}C${middle} ${startY} ${middle} ${endY} ${endX} ${endY}`, isNeeded: to.stage.isNeeded && from.stage.isNeeded }];
    }),
  );
  const columns = Math.max(0, ...depths.map((depth) => depth + 1));
  return { nodes, edges, width: Math.max(0, columns * (NODE_WIDTH + GAP_X) - GAP_X), height: tallest };
}

/** The stages that a target needs, itself among them. */
export function neededFor(stages: readonly BuildStage[], target: number): ReadonlySet<number> {
  const needed = new Set<number>();
  const open = [target];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (needed.has(index)) continue;
    needed.add(index);
    open.push(...(stages[index]?.needs ?? []));
  }
  return needed;
}

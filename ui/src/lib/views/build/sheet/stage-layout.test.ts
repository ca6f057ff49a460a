import { describe, expect, it } from "vitest";
import type { BuildStage } from "../../../api/generated/types";
import { neededFor, NODE_WIDTH, stageGraph } from "./stage-layout";

const stage = (index: number, needs: number[], isNeeded = true): BuildStage => ({ index, name: `s${index}`, base: "x", needs, line: index + 1, isNeeded });
const diamond = [stage(0, []), stage(1, [0]), stage(2, [0], false), stage(3, [1, 2, 1])];

describe("the picture of stages", () => {
  it("has what a stage needs left of it", () => {
    const { nodes, width, height } = stageGraph(diamond);
    const x = nodes.map((node) => node.x);
    expect(x[0]).toBe(0);
    expect(x[1]).toBe(x[2]);
    expect(x[3]).toBeGreaterThan(x[1] ?? 0);
    expect(new Set(nodes.map((node) => `${node.x} ${node.y}`)).size).toBe(4);
    expect(width).toBe((x[3] ?? 0) + NODE_WIDTH);
    expect(nodes.every((node) => node.y >= 0 && node.y < height)).toBe(true);
  });

  it("has one line for each need, marked where both ends are built", () => {
    expect(stageGraph(diamond).edges.map((edge) => [edge.key, edge.isNeeded])).toEqual([["0-1", true], ["0-2", false], ["1-3", true], ["2-3", false]]);
  });

  it("is nothing for nothing", () => {
    expect(stageGraph([])).toEqual({ nodes: [], edges: [], width: 0, height: 0 });
  });
});

describe("what a target needs", () => {
  it("is all below it", () => {
    expect([...neededFor(diamond, 1)].sort()).toEqual([0, 1]);
    expect(neededFor(diamond, 3).size).toBe(4);
  });
});

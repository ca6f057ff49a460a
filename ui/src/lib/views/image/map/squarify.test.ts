import { describe, expect, it } from "vitest";
import { squarify, type Box } from "./squarify";

const BOX: Box = { x: 10, y: 20, width: 600, height: 400 };
const area = ({ width, height }: Box): number => width * height;

function overlap(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, width) * Math.max(0, height);
}

describe("boxes of a map", () => {
  it("lays the example of the paper as the paper does", () => {
    const boxes = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    expect(boxes.slice(0, 4).map(({ x, y }) => [x, y].map((each) => Number(each.toFixed(3))))).toEqual([[0, 0], [0, 2], [3, 0], [4.714, 0]]);
    expect(boxes[0]).toMatchObject({ width: 3, height: 2 });
  });

  it("gives each weight its share, inside and without overlap", () => {
    const weights = Array.from({ length: 60 }, (_, at) => 5000 / (at + 1) ** 1.5);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const boxes = squarify(weights, BOX);
    expect(boxes).toHaveLength(weights.length);
    boxes.forEach((box, at) => {
      expect(area(box) / area(BOX)).toBeCloseTo((weights[at] ?? 0) / total, 6);
      expect(box.x).toBeGreaterThanOrEqual(BOX.x - 1e-6);
      expect(box.x + box.width).toBeLessThanOrEqual(BOX.x + BOX.width + 1e-6);
      expect(box.y + box.height).toBeLessThanOrEqual(BOX.y + BOX.height + 1e-6);
      for (const other of boxes.slice(at + 1)) expect(overlap(box, other)).toBeLessThan(1e-3);
    });
  });

  it("keeps shapes near to squares", () => {
    const boxes = squarify(Array.from({ length: 24 }, () => 1), BOX);
    for (const { width, height } of boxes) expect(Math.max(width / height, height / width)).toBeLessThan(2);
  });

  it("knows nothing, and no room", () => {
    expect(squarify([], BOX)).toEqual([]);
    expect(squarify([0, 0], BOX).every((box) => area(box) === 0)).toBe(true);
    expect(squarify([3, 0, 1], { ...BOX, width: 0 }).every((box) => area(box) === 0)).toBe(true);
  });
});

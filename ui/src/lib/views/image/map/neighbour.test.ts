import { expect, it } from "vitest";
import { neighbour } from "./neighbour";
import type { Box } from "./squarify";

//  0 0 1
//  0 0 2
//  3 3 3
const BOXES: Box[] = [
  { x: 0, y: 0, width: 200, height: 200 },
  { x: 200, y: 0, width: 100, height: 90 },
  { x: 200, y: 90, width: 100, height: 110 },
  { x: 0, y: 200, width: 300, height: 100 },
];

it.each([
  ["ArrowRight", 0, 2], ["ArrowLeft", 1, 0], ["ArrowLeft", 2, 0], ["ArrowDown", 1, 2], ["ArrowDown", 0, 3], ["ArrowUp", 3, 0], ["Home", 3, 0], ["End", 0, 3],
  ["ArrowUp", 0, null], ["ArrowRight", 2, null], ["a", 0, null],
])("%s leads from %d to %s", (key, from, to) => {
  expect(neighbour(key, BOXES, from)).toBe(to);
});

it("leads nowhere on an empty map", () => {
  expect(neighbour("Home", [], 0)).toBeNull();
  expect(neighbour("ArrowUp", [], 0)).toBeNull();
});

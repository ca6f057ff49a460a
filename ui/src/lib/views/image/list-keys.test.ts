import { expect, it } from "vitest";
import { listTarget } from "./list-keys";

it("moves by arrows and to the ends, and stops there", () => {
  expect(listTarget("ArrowDown", 1, 3)).toBe(2);
  expect(listTarget("ArrowDown", 2, 3)).toBe(2);
  expect(listTarget("ArrowUp", 0, 3)).toBe(0);
  expect(listTarget("Home", 2, 3)).toBe(0);
  expect(listTarget("End", 0, 3)).toBe(2);
  expect(listTarget("a", 0, 3)).toBeNull();
  expect(listTarget("End", 0, 0)).toBeNull();
});

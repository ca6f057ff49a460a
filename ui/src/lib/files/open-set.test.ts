import { expect, it } from "vitest";
import { ALL_CLOSED, ALL_OPEN, isOpen, withFolder } from "./open-set";

it("opens and closes one folder against the rest", () => {
  const one = withFolder(ALL_CLOSED, 7, true);
  expect(isOpen(one, 7)).toBe(true);
  expect(isOpen(one, 8)).toBe(false);
  expect([...withFolder(one, 7, false).except]).toEqual([]);
});

it("closes one folder where all are open", () => {
  const rest = withFolder(ALL_OPEN, 7, false);
  expect(isOpen(rest, 7)).toBe(false);
  expect(isOpen(rest, 8)).toBe(true);
});

it("stays the same set when nothing changes", () => {
  expect(withFolder(ALL_OPEN, 7, true)).toBe(ALL_OPEN);
});

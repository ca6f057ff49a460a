import { expect, it } from "vitest";
import { thinBand } from "./thin-bands";

it("follows the square root of the size, and thins out where there are many", () => {
  expect([0, 25, 100].map((bytes) => thinBand(bytes, [25, 100]))).toEqual([28, 58, 88]);
  expect(thinBand(5, Array.from({ length: 13 }, () => 5))).toBe(28);
  expect(thinBand(0, [])).toBe(28);
});

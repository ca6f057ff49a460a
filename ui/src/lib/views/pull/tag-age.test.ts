import { expect, it } from "vitest";
import { isOld } from "./tag-age";

it("calls a tag old after two years, and nonsense never", () => {
  const now = Date.parse("2026-06-01T00:00:00Z");
  expect(isOld("2021-06-01T00:00:00Z", now)).toBe(true);
  expect(isOld("2026-05-01T00:00:00Z", now)).toBe(false);
  expect(isOld("never", now)).toBe(false);
});

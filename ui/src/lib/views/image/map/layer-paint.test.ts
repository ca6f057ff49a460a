import { expect, it } from "vitest";
import { fakeDetail, fakeImages } from "../../../api/fake-content";
import { colourOf, layerPaints } from "./layer-paint";

const [image] = fakeImages();
const strata = image === undefined ? [] : fakeDetail(image).strata;

it("paints each layer by what made it, and no two alike", () => {
  const paints = layerPaints(strata);
  expect(paints.map(({ layer }) => layer)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(new Set(paints.map((paint) => `${colourOf(paint)} ${paint.pattern}`)).size).toBe(paints.length);
  expect(colourOf(paints[0] ?? { kind: "run", percent: 0 })).toBe("color-mix(in srgb, var(--base) 100%, #000)");
});

it("takes a pattern where the shades of a kind are used up", () => {
  const runs = Array.from({ length: 7 }, (_, at) => ({ ...(strata[1] ?? []), layer: at + 1, kind: "run" as const })) as typeof strata;
  const paints = layerPaints(runs);
  expect(paints.map(({ pattern }) => pattern)).toEqual(["plain", "plain", "plain", "lines", "lines", "lines", "dots"]);
  expect(new Set(paints.map((paint) => `${paint.percent} ${paint.pattern}`)).size).toBe(7);
});

import { expect, it } from "vitest";
import type { FoundPackage } from "../../api/generated/types";
import { packagePairs } from "./package-pairs";

const found = (name: string, version: string): FoundPackage => ({ ecosystem: "deb", name, version, architecture: "amd64", license: null, layer: 1, path: "", installedBytes: null, purl: "" });

it("pairs packages by name, and those with several versions by version", () => {
  const pairs = packagePairs([found("a", "1"), found("b", "1"), found("c", "1"), found("m", "1"), found("m", "2")], [found("a", "1"), found("b", "2"), found("d", "1"), found("m", "2")]);
  expect(pairs.map(({ name, state, left, right }) => [name, state, left, right])).toEqual([
    ["a", "same", "1", "1"], ["b", "changed", "1", "2"], ["c", "left", "1", null], ["d", "right", null, "1"], ["m", "same", "2", "2"], ["m", "left", "1", null],
  ]);
});

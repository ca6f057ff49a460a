import { expect, it } from "vitest";
import type { TagEntry, TagTarget } from "../../api/generated/types";
import { tagRows } from "./tag-rows";

const tags: TagEntry[] = ["1.27.3", "1.27.3-alpine", "1.27", "1.19", "latest"].map((name) => ({ name, isVersion: true, isHere: name === "1.19" }));
const to = (digest: string, here: string | null = null): TagTarget => ({ digest, here });

it("puts the names of one image together, the version first", () => {
  const rows = tagRows(tags, "", new Map([["1.27.3", to("a")], ["1.27", to("a")], ["latest", to("a")], ["1.19", to("c", "b")]]));
  expect(rows.map((row) => [row.name, row.alsoCalled])).toEqual([["1.27.3", ["1.27", "latest"]], ["1.27.3-alpine", []], ["1.19", []]]);
  expect(rows[2]).toMatchObject({ isHere: true, hasMoved: true });
  expect(rows[0]?.hasMoved).toBe(false);
});

it("filters as an independent filter does, whatever is known of targets", () => {
  for (const filter of ["1.27", "ALP", "x", " 1.19 "]) {
    const expected = tags.filter((tag) => tag.name.includes(filter.trim().toLowerCase())).map((tag) => tag.name);
    expect(tagRows(tags, filter, new Map()).map((row) => row.name)).toEqual(expected);
  }
});

it("is done with ten thousand tags in one go", () => {
  const many = Array.from({ length: 10_000 }, (_, at): TagEntry => ({ name: `1.${at}`, isVersion: true, isHere: false }));
  expect(tagRows(many, "1.27", new Map()).length).toBe(many.filter((tag) => tag.name.includes("1.27")).length);
});

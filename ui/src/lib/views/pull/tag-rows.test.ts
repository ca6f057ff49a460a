import { expect, it } from "vitest";
import type { TagEntry, TagTarget } from "../../api/generated/types";
import { indexTags, matching, TagRows } from "./tag-rows";

const tags: TagEntry[] = ["1.27.3", "1.27.3-alpine", "1.27", "1.19", "latest"].map((name) => ({ name, isVersion: name !== "latest", isHere: name === "1.19" }));
const index = indexTags(tags);
const to = (digest: string, here: string | null = null): TagTarget => ({ digest, here });

function rows(filter: string, targets: ReadonlyMap<string, TagTarget> = new Map(), versionsOnly = false): TagRows {
  return new TagRows(index, matching(index, filter, versionsOnly), targets, new Map([...targets].map(([name, target]) => [name, target.digest])));
}

it("puts the names of one image together, the version first", () => {
  const known = rows("", new Map([["latest", to("a")], ["1.27.3", to("a")], ["1.27", to("a")], ["1.19", to("c", "b")]]));
  expect(known.slice(0, 9).map((row) => [row.name, row.alsoCalled])).toEqual([["1.27.3", ["latest", "1.27"]], ["1.27.3-alpine", []], ["1.19", []]]);
  expect(known.at(2)).toMatchObject({ isHere: true, hasMoved: true });
  expect(known.at(0)?.hasMoved).toBe(false);
  expect([known.placeOf("latest"), known.placeOf("1.19"), known.placeOf("nothing")]).toEqual([0, 2, -1]);
});

it("tells the other names of an image, also those that the filter leaves out", () => {
  const known = rows("1.27.3", new Map([["latest", to("a")], ["1.27.3", to("a")]]));
  expect(known.slice(0, 9).map((row) => [row.name, row.alsoCalled])).toEqual([["1.27.3", ["latest"]], ["1.27.3-alpine", []]]);
});

it("filters as an independent filter does, whatever is known of targets", () => {
  for (const filter of ["1.27", "ALP", "x", " 1.19 ", ""]) {
    const expected = tags.filter((tag) => tag.name.includes(filter.trim().toLowerCase())).map((tag) => tag.name);
    expect(rows(filter).slice(0, 99).map((row) => row.name).toSorted()).toEqual(expected.toSorted());
    expect(rows(filter, new Map(), true).slice(0, 99).map((row) => row.name).toSorted()).toEqual(expected.filter((name) => name !== "latest").toSorted());
  }
});

it("puts the tag whose whole name was typed first", () => {
  expect(rows("1.27").slice(0, 9).map((row) => row.name)).toEqual(["1.27", "1.27.3", "1.27.3-alpine"]);
});

it("finds among ten thousand tags what an independent filter finds", () => {
  const many = Array.from({ length: 10_000 }, (_, at): TagEntry => ({ name: `1.${at}`, isVersion: true, isHere: false }));
  expect(matching(indexTags(many), "1.27", false).length).toBe(many.filter((tag) => tag.name.includes("1.27")).length);
});

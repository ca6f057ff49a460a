import { render, screen } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { fakeFiles } from "../api/fake-content";
import type { FileQuery, FileRow } from "../api/generated/types";
import FileTreeRow from "./FileTreeRow.svelte";

const QUERY: FileQuery = { manifest: "", layer: 3, scope: "layer", sort: "name", filter: "", base: "closed", except: [], from: 0, count: 1 };

function show(change: FileRow["change"]): HTMLElement {
  const [first] = fakeFiles(QUERY).rows;
  if (!first) throw new Error("there is a file");
  render(FileTreeRow, { row: { ...first, change, share: 1, sizeBytes: 254 }, scope: "layer", active: false, onclick: () => undefined });
  return screen.getByRole("treeitem");
}

it("draws what a file takes of its layer", () => {
  expect(show("added").querySelector(".share i")).not.toBeNull();
});

it("draws no share of a deleted file, whose bytes are in a lower layer", () => {
  const row = show("deleted");
  expect(row.querySelector(".share i")).toBeNull();
  expect(row.getAttribute("aria-label")).toContain("deleted");
});

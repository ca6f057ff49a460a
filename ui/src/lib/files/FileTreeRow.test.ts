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

it("says aloud what gives rights, and shows owners by name", () => {
  const [first] = fakeFiles(QUERY).rows;
  if (!first) throw new Error("there is a file");
  render(FileTreeRow, { row: { ...first, mode: "4755", capabilities: "cap_net_raw+ep" }, scope: "layer", active: false, owner: "root:root", onclick: () => undefined });
  const row = screen.getByRole("treeitem");
  expect(row.getAttribute("aria-label")).toMatch(/setuid, cap_net_raw\+ep/);
  expect(row.querySelector(".owner")?.textContent).toBe("root:root");
  expect(row.querySelector(".owner")?.getAttribute("title")).toBe("root:root (0:0)");
  expect(row.querySelector(".mode")?.getAttribute("title")).toContain("-rwsr-xr-x");
});

function shown(part: Partial<FileRow>, compared = false): HTMLElement {
  const [first] = fakeFiles(QUERY).rows;
  if (!first) throw new Error("there is a file");
  render(FileTreeRow, { row: { ...first, ...part }, scope: "layer", compared, active: false, onclick: () => undefined });
  return screen.getByRole("treeitem");
}

it("does not call a folder full of changes unchanged", () => {
  const row = shown({ kind: "directory", change: "unchanged", changedBelow: true });
  expect(row.querySelector(".change")?.textContent).toBe("~ changes inside");
});

it("does not call a folder the same in both images if what is in it differs", () => {
  const row = shown({ kind: "directory", change: "unchanged", changedBelow: true }, true);
  expect(row.querySelector(".change")?.textContent).toBe("~ different inside");
});

it("makes up no mode, owner and time for the deletion of what was not there", () => {
  const row = shown({ change: "deleted", ofNothing: true, modified: "1970-01-01T00:00:00Z" });
  expect([".mode", ".owner", ".time"].map((part) => row.querySelector(part)?.textContent)).toEqual(["", "", ""]);
  expect(row.getAttribute("aria-label")).toContain("deleted what was not there");
});

import { describe, expect, it } from "vitest";
import type { FileRow } from "../api/generated/types";
import { parentAtMost, treeIntent } from "./tree-keys";

const folder = { depth: 1, hasChildren: true, open: false } as FileRow;
const file = { depth: 1, hasChildren: false, open: false } as FileRow;
const top = { depth: 0, hasChildren: false, open: false } as FileRow;
const at = (row: FileRow, index = 5) => ({ index, total: 100, pageRows: 10, row });

describe("keys of a tree", () => {
  it("move by one, by a page, and to either end, and stop there", () => {
    expect(treeIntent("ArrowDown", at(file))).toEqual({ type: "move", index: 6 });
    expect(treeIntent("ArrowUp", at(file, 0))).toEqual({ type: "move", index: 0 });
    expect(treeIntent("PageDown", at(file))).toEqual({ type: "move", index: 14 });
    expect(treeIntent("PageUp", at(file))).toEqual({ type: "move", index: 0 });
    expect(treeIntent("Home", at(file))).toEqual({ type: "move", index: 0 });
    expect(treeIntent("End", at(file))).toEqual({ type: "move", index: 99 });
  });
  it("open a closed folder, then go to its first child", () => {
    expect(treeIntent("ArrowRight", at(folder))).toEqual({ type: "setOpen", open: true });
    expect(treeIntent("ArrowRight", at({ ...folder, open: true }))).toEqual({ type: "move", index: 6 });
    expect(treeIntent("ArrowRight", at(file))).toBeNull();
  });
  it("close an open folder, else go to the parent", () => {
    expect(treeIntent("ArrowLeft", at({ ...folder, open: true }))).toEqual({ type: "setOpen", open: false });
    expect(treeIntent("ArrowLeft", at(file))).toEqual({ type: "parent" });
    expect(treeIntent("ArrowLeft", at(top))).toBeNull();
  });
  it("activate, and leave other keys alone", () => {
    expect(treeIntent("Enter", at(file))).toEqual({ type: "activate" });
    expect(treeIntent("Tab", at(file))).toBeNull();
    expect(treeIntent("ArrowDown", { ...at(file), total: 0 })).toBeNull();
  });
});

it("finds where a parent can stand at most", () => {
  expect(parentAtMost({ ...file, index: 12, positionInSet: 3 })).toBe(9);
});

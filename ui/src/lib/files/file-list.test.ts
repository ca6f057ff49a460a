import { beforeEach, expect, it, vi } from "vitest";
import type { FileQuery, FileRow, FileRows } from "../api/generated/types";
import { PAGE_ROWS } from "./row-cache";

const asked: FileQuery[] = [];
let answer: (query: FileQuery) => Promise<FileRows>;

vi.mock("../api", () => ({
  call: (_name: string, request: { query: FileQuery }) => {
    asked.push(request.query);
    return answer(request.query);
  },
}));
const { FileList } = await import("./file-list.svelte");

const source = { manifest: "sha256:aa", layer: 2, scope: "layer" } as const;
const TOTAL = 1000;

/** A folder at place 0 with everything else in it. */
function page(query: FileQuery): FileRows {
  const length = Math.max(0, Math.min(query.count, TOTAL - query.from));
  const rows = Array.from({ length }, (_, at) => {
    const index = query.from + at;
    return { id: index, index, depth: index === 0 ? 0 : 1, positionInSet: index === 0 ? 1 : 1, hasChildren: index === 0 } as FileRow;
  });
  return { total: TOTAL, files: TOTAL - 1, counts: { added: 1, changed: 0, deleted: 0 }, from: query.from, rows };
}

beforeEach(() => {
  asked.length = 0;
  answer = (query) => Promise.resolve(page(query));
});

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

it("fetches the first rows, then what comes on the screen, each page once", async () => {
  const list = new FileList();
  list.show(source);
  await settle();
  expect(list.total).toBe(TOTAL);
  list.watch({ first: 390, end: 430 });
  await settle();
  list.watch({ first: 391, end: 431 });
  await settle();
  expect(list.row(400)?.index).toBe(400);
  expect(asked.map((query) => query.from / PAGE_ROWS).sort()).toEqual([0, 1, 2, 3]);
});

it("keeps the rows on the screen until those of a new order have come", async () => {
  const list = new FileList();
  list.show(source);
  await settle();
  list.sortBy("size");
  expect(list.row(0)?.index).toBe(0);
  expect(list.loading).toBe(true);
  await settle();
  expect(list.loading).toBe(false);
  expect(asked.at(-1)?.sort).toBe("size");
});

it("drops an answer that a newer question has overtaken", async () => {
  const list = new FileList();
  const late: (() => void)[] = [];
  answer = (query) => new Promise((resolve) => late.push(() => resolve({ ...page(query), files: query.layer })));
  list.show(source);
  list.show({ ...source, layer: 5 });
  late[1]?.();
  await settle();
  late[0]?.();
  await settle();
  expect(list.summary?.files).toBe(5);
});

it("opens folders under a filter, and closes them again without one", async () => {
  const list = new FileList();
  list.show(source);
  list.filterBy("*.py");
  list.filterBy("");
  await settle();
  expect(asked.slice(0, 3).map((query) => query.base)).toEqual(["closed", "open", "closed"]);
});

it("names one folder as the exception", async () => {
  const list = new FileList();
  list.show(source);
  await settle();
  const row = list.row(0);
  if (row) list.setOpen(row, true);
  await settle();
  expect(asked.at(-1)?.except).toEqual([0]);
});

it("finds a parent many pages up", async () => {
  const list = new FileList();
  list.show(source);
  await settle();
  list.watch({ first: 900, end: 940 });
  await settle();
  const row = list.row(930);
  expect(row && (await list.parentOf(row))).toBe(0);
});

it("says what failed, and asks again when told", async () => {
  const list = new FileList();
  answer = () => Promise.reject(new Error("gone"));
  list.show(source);
  await settle();
  expect(list.error).toBeInstanceOf(Error);
  expect(list.loading).toBe(false);
  answer = (query) => Promise.resolve(page(query));
  list.retry();
  await settle();
  expect(list.error).toBeNull();
  expect(list.total).toBe(TOTAL);
});

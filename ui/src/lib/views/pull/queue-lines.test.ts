import { describe, expect, it } from "vitest";
import { fakeJob } from "../../api/fake-pull";
import type { JobSnapshot } from "../../api/generated/types";
import { queueLines } from "./queue-lines";

const queued = (id: number, batch: number | null = null): JobSnapshot => fakeJob({ id, state: "queued", title: `app:${id}`, batch, batchTitle: batch === null ? null : "app" });
const shape = (jobs: readonly JobSnapshot[], turned: readonly string[] = []): string[] =>
  queueLines(jobs, new Set(turned)).map((line) => (line.kind === "batch" ? `${line.title} ${line.jobs.length}${line.isOpen ? " open" : ""}` : line.job.title));
const moves = (jobs: readonly JobSnapshot[]): unknown[] => queueLines(jobs, new Set()).flatMap((line) => (line.kind === "job" ? [[line.job.id, line.up, line.down]] : []));

describe("the lines of the queue", () => {
  it("hold pulls that were started together under one line, closed where there are many", () => {
    const many = [1, 2, 3, 4, 5, 6, 7].map((id) => queued(id, 1));
    expect(shape([queued(9), ...many, queued(10, 2), queued(11, 2)])).toEqual(["app:9", "app 7", "app 2 open", "app:10", "app:11"]);
    expect(shape(many, ["batch 1 queued"])).toEqual(["app 7 open", ...many.map((job) => job.title)]);
  });

  it("stand alone where one of several is left, or where another stands between", () => {
    expect(shape([queued(1, 1), queued(2), queued(3, 1)])).toEqual(["app:1", "app:2", "app:3"]);
  });

  it("keep those that wait and those that are paused apart", () => {
    const paused = [{ ...queued(3, 1), state: "paused" as const }, { ...queued(4, 1), state: "paused" as const }];
    expect(shape([queued(1, 1), queued(2, 1), ...paused])).toEqual(["app 2 open", "app:1", "app:2", "app 2 open", "app:3", "app:4"]);
  });
});

describe("a pull that waits", () => {
  it("moves past one other, and stays where there is none", () => {
    expect(moves([queued(1), queued(2), queued(3), { ...queued(4), state: "paused" }])).toEqual([[1, undefined, 3], [2, 1, null], [3, 2, undefined], [4, undefined, undefined]]);
  });

  it("moves past all of a batch that is closed", () => {
    const many = [1, 2, 3, 4, 5, 6, 7].map((id) => queued(id, 1));
    expect(moves([queued(8), ...many, queued(9)])).toEqual([[8, undefined, 9], [9, 1, undefined]]);
  });
});

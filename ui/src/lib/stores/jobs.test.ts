import { describe, expect, it } from "vitest";
import type { BuildView, JobSnapshot } from "../api/generated/types";
import { fakeJob, momentOf } from "../api/fake-pull";
import { after, merged } from "./jobs.svelte";
import { pullCommand } from "./pull-request.svelte";

function job(id: number, change: Partial<JobSnapshot> = {}): JobSnapshot {
  return fakeJob({ id, ...change });
}

describe("a job", () => {
  it("gets its plan and then only the steps that changed", () => {
    const { plan, steps } = momentOf("nginx:1", null, 0);
    const planned = after(job(1), { type: "plan", plan, steps });
    expect(planned.plan).toEqual(plan);
    const [, second] = steps;
    if (!second) throw new Error("two steps are wanted");
    const moved = after(planned, { type: "progress", steps: [{ ...second, done: 5 }], bytesPerSecond: 9, secondsLeft: 2, pace: "slow" });
    expect(moved.steps.map((step) => step.done)).toEqual(steps.map((step) => (step.id === second.id ? 5 : step.done)));
    expect(moved).toMatchObject({ bytesPerSecond: 9, secondsLeft: 2, pace: "slow" });
  });

  it("that builds is as it was told last", () => {
    const build = { number: 3 } as BuildView;
    expect(after(job(1, { kind: "build" }), { type: "build", build }).build).toBe(build);
  });

  it("has no speed once it has ended", () => {
    expect(after(job(1, { bytesPerSecond: 5, secondsLeft: 3 }), { type: "finished", outcome: { type: "stopped" } })).toMatchObject({ outcome: { type: "stopped" }, bytesPerSecond: 0, secondsLeft: null });
  });

  it("stays as its channel told it when an older list arrives", () => {
    const ended = job(1, { outcome: { type: "stopped" } });
    expect(merged([job(2), job(1)], [ended], new Set([1]))).toEqual([job(2), ended]);
  });

  it("is as the list has it before its channel has spoken", () => {
    expect(merged([job(1, { title: "new" })], [job(1)], new Set())).toEqual([job(1, { title: "new" })]);
  });
});

describe("the command of a pull", () => {
  it.each([
    ["nginx:1", "", "docker pull nginx:1"],
    [" nginx ", "linux/arm64", "docker pull --platform linux/arm64 nginx"],
    ["a; rm -rf ~", "", "docker pull 'a; rm -rf ~'"],
    ["it's", "", String.raw`docker pull 'it'\''s'`],
  ])("for %j on %j is %s", (reference, platform, command) => {
    expect(pullCommand(reference, platform)).toBe(command);
  });
});

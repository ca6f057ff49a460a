import { beforeEach, describe, expect, it, vi } from "vitest";
import { setBackend } from "../../../api";
import { fake } from "../../../api/fake";
import type { BuildOutput, BuildOutputRead } from "../../../api/generated/types";
import { answering, userError } from "../../../../tests/answers";
import { OutputFeed, PAGE_LINES } from "./output-feed.svelte";

let total = 0;
let dropped = 0;
let fails = false;
let asked: ReturnType<typeof vi.fn>;

function output({ from, limit }: BuildOutputRead): BuildOutput {
  if (fails) throw userError("internal");
  const first = Math.max(from, dropped);
  const end = Math.min(total, from + limit);
  return { from: first, total, dropped, lines: Array.from({ length: Math.max(0, end - first) }, (_, at) => ({ text: `line ${first + at}`, isError: false, milliseconds: 0 })) };
}

beforeEach(() => {
  [total, dropped, fails] = [450, 0, false];
  const backend = fake();
  asked = answering(backend, { build_output: output });
  setBackend(backend);
});

describe("the output of a line", () => {
  it("is asked for by the pages that are in sight", async () => {
    const feed = new OutputFeed(7, 3);
    feed.grow(450);
    await feed.want({ first: 190, end: 230 });
    expect(asked.mock.calls.map(([, request]) => request)).toEqual([{ job: 7, index: 3, from: 0, limit: PAGE_LINES }, { job: 7, index: 3, from: PAGE_LINES, limit: PAGE_LINES }]);
    expect(feed.line(199)?.text).toBe("line 199");
    expect(feed.line(200)?.text).toBe("line 200");
    expect(feed.line(449)).toBeUndefined();
  });

  it("is not asked for twice, but for the page that grows", async () => {
    const feed = new OutputFeed(1, 0);
    feed.grow(450);
    await feed.want({ first: 400, end: 450 });
    await feed.want({ first: 400, end: 450 });
    expect(asked).toHaveBeenCalledTimes(1);
    total = 470;
    feed.grow(470);
    await feed.want({ first: 420, end: 470 });
    expect(asked).toHaveBeenCalledTimes(2);
    expect(feed.line(469)?.text).toBe("line 469");
  });

  it("keeps the numbers of its lines when the oldest are gone", async () => {
    dropped = 30;
    const feed = new OutputFeed(1, 0);
    feed.grow(450);
    await feed.want({ first: 0, end: 40 });
    expect(feed.line(10)).toBeUndefined();
    expect(feed.line(30)?.text).toBe("line 30");
    expect(feed.dropped).toBe(30);
  });

  it("tells when it cannot be read, and is read once it can", async () => {
    const feed = new OutputFeed(1, 0);
    feed.grow(450);
    fails = true;
    await feed.want({ first: 0, end: 10 });
    expect(feed.problem).not.toBeNull();
    fails = false;
    await feed.want({ first: 0, end: 10 });
    expect(feed.problem).toBeNull();
    expect(feed.line(0)?.text).toBe("line 0");
  });
});

import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { Backend } from "../../api";
import { fake } from "../../api/fake";
import { fakeJob } from "../../api/fake-pull";
import { allJobs } from "../../stores/jobs.svelte";
import { answering } from "../../../tests/answers";
import { begin } from "../../../tests/window";
import PullView from "./PullView.svelte";

let end: () => void = () => undefined;
afterEach(() => {
  end();
  vi.restoreAllMocks();
});

/** A backend whose first pull never ends, with these tags of nginx behind it. */
async function busy(tags: readonly string[]): Promise<{ backend: Backend; asked: ReturnType<typeof vi.fn> }> {
  const backend = fake({ momentMs: 60_000 });
  await backend.call("settings_write", { settings: { ...(await backend.call("settings_read", {})), pullsAtOnce: 1 } });
  await backend.call("pull_start", { reference: "redis", platform: null });
  await backend.call("pull_many_start", { reference: "nginx", images: tags.map((tag) => ({ tags: [tag], platform: null })) });
  const asked = answering(backend, {});
  const watch = vi.spyOn(backend, "watchJob");
  end = begin(backend);
  await vi.waitFor(() => expect(allJobs().length).toBe(tags.length + 1));
  expect(watch.mock.calls.map(([id]) => id)).toEqual([1]);
  render(PullView);
  return { backend, asked };
}

const queue = (): HTMLElement => screen.getByRole("region", { name: "Waiting and paused" });
const titles = (): string[] => within(queue()).getAllByRole("listitem").map((line) => line.querySelector("b")?.textContent ?? "");

it("lets pulls move, pause, go on and leave by their buttons, and watches only the one at work", async () => {
  const { asked } = await busy(["1.27.3", "1.26.2", "1.19"]);
  expect(titles()).toEqual(["nginx: 0 of 3 images", "nginx:1.27.3", "nginx:1.26.2", "nginx:1.19"]);
  const up = screen.getByRole("button", { name: "Move nginx:1.19 up" });
  up.focus();
  await fireEvent.click(up);
  expect(asked).toHaveBeenCalledWith("job_move", { id: 4, before: 3 });
  await vi.waitFor(() => expect(titles()).toEqual(["nginx: 0 of 3 images", "nginx:1.27.3", "nginx:1.19", "nginx:1.26.2"]));
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Move nginx:1.19 up" })));
  await fireEvent.click(screen.getByRole("button", { name: "Move nginx:1.27.3 down" }));
  expect(asked).toHaveBeenCalledWith("job_move", { id: 2, before: 3 });
  const line = (title: string): HTMLElement => within(queue()).getAllByRole("listitem").find((each) => each.querySelector("b")?.textContent === title) ?? queue();
  await fireEvent.click(within(line("nginx:1.19")).getByRole("button", { name: "Pause" }));
  expect(asked).toHaveBeenCalledWith("job_pause", { id: 4 });
  await vi.waitFor(() => expect(line("nginx:1.19").textContent).toContain("paused: what has arrived is kept"));
  await fireEvent.click(within(line("nginx:1.19")).getByRole("button", { name: "Go on" }));
  expect(asked).toHaveBeenCalledWith("job_resume", { id: 4 });
  await fireEvent.click(screen.getByRole("button", { name: "Take nginx:1.26.2 out of the queue" }));
  expect(asked).toHaveBeenCalledWith("job_stop", { id: 3 });
  await fireEvent.click(screen.getByRole("button", { name: "Pause all" }));
  expect(asked).toHaveBeenCalledWith("jobs_pause", { pause: true });
  await fireEvent.click(await screen.findByRole("button", { name: "Go on with all" }));
  expect(asked).toHaveBeenCalledWith("jobs_pause", { pause: false });
});

it("draws of hundreds that wait only what is seen, under one line", async () => {
  await busy(Array.from({ length: 300 }, (_, at) => `1.${at}.0`));
  expect(titles()).toEqual(["nginx: 0 of 300 images"]);
  await fireEvent.click(within(queue()).getByRole("button", { name: "nginx: 0 of 300 images" }));
  expect(titles().length).toBeLessThan(20);
  expect(within(queue()).getAllByRole("listitem")[0]?.getAttribute("aria-setsize")).toBe("301");
});

it("says of pulls that an earlier run did not finish that they were interrupted", async () => {
  const backend = fake();
  const earlier = fakeJob({ id: 101, state: "paused", title: "nginx:1", startedAt: "2025-01-01T00:00:00Z" });
  answering(backend, { jobs_list: () => [earlier, fakeJob({ id: 102, state: "paused", title: "nginx:2", startedAt: new Date(Date.now() + 60_000).toISOString() })] });
  end = begin(backend);
  await vi.waitFor(() => expect(allJobs().map((job) => job.id)).toEqual([101, 102]));
  render(PullView);
  const lines = within(queue()).getAllByRole("listitem").map((line) => line.textContent);
  expect(lines.find((text) => text?.includes("nginx:1"))).toContain("interrupted when Strata ended");
  expect(lines.find((text) => text?.includes("nginx:2"))).toContain("paused: what has arrived is kept");
});

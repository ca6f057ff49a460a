import { describe, expect, it } from "vitest";
import type { Backend } from "./backend";
import { fake } from "./fake";
import { fakeDigest, fakeParts } from "./fake-content";
import type { JobEvent, Outcome } from "./generated/types";

/** Watches a pull to its end. */
function ended(backend: Backend, id: number, onEvent: (event: JobEvent) => void = () => undefined): Promise<Outcome> {
  return new Promise((resolve) => {
    backend.watchJob(id, (event) => {
      onEvent(event);
      if (event.type === "finished") resolve(event.outcome);
    });
  });
}

describe("the pretended backend", () => {
  it("pulls, tells every step, and has the image afterwards", async () => {
    const backend = fake({ images: [], momentMs: 0 });
    const id = await backend.call("pull_start", { reference: "nginx:1.27", platform: null });
    const states = new Set<string>();
    const outcome = await ended(backend, id, (event) => {
      if (event.type === "plan" || event.type === "progress") event.steps.forEach((step) => states.add(step.state));
    });
    expect(outcome).toMatchObject({ type: "done", reference: "docker.io/library/nginx:1.27" });
    expect([...states].sort()).toEqual(["alreadyHere", "done", "downloading", "retrying", "verifying", "waiting"]);
    const { images, totals } = await backend.call("images_list", {});
    expect(images.map((image) => image.familiar)).toEqual(["nginx:1.27"]);
    expect(totals.imageCount).toBe(1);
  });

  it("stops a pull, and has no image afterwards", async () => {
    const backend = fake({ images: [], momentMs: 0 });
    const id = await backend.call("pull_start", { reference: "nginx", platform: null });
    await backend.call("job_stop", { id });
    await expect(ended(backend, id)).resolves.toEqual({ type: "stopped" });
    await expect(backend.call("images_list", {})).resolves.toMatchObject({ images: [] });
  });

  it("lets a private image in after signing in", async () => {
    const backend = fake({ momentMs: 0 });
    const pull = async (): Promise<Outcome> => ended(backend, await backend.call("pull_start", { reference: "private:1", platform: null }));
    await expect(pull()).resolves.toMatchObject({ type: "failed", error: { code: "signInNeeded" } });
    await backend.call("sign_in", { registry: "docker.io", username: "me", password: "secret", keep: { type: "session" } });
    await expect(pull()).resolves.toMatchObject({ type: "done" });
  });

  it("lets only so many pulls work at once, and the others pause, move and go on", async () => {
    const backend = fake({ momentMs: 5 });
    await backend.call("settings_write", { settings: { ...(await backend.call("settings_read", {})), pullsAtOnce: 1 } });
    const images = ["1.27.3", "1.26.2", "1.19"].map((tag) => ({ tags: [tag], platform: null }));
    const [first = 0, second = 0, third = 0] = await backend.call("pull_many_start", { reference: "nginx", images });
    const states = async (): Promise<unknown[]> => (await backend.call("jobs_list", {})).map((job) => [job.id, job.state, job.position]).toReversed();
    expect(await states()).toEqual([[first, "running", null], [second, "queued", 1], [third, "queued", 2]]);
    await backend.call("job_move", { id: third, before: second });
    await backend.call("job_pause", { id: first });
    expect(await states()).toEqual([[first, "paused", null], [second, "queued", 1], [third, "running", null]]);
    await backend.call("job_resume", { id: first });
    expect(await states()).toEqual([[first, "queued", 2], [second, "queued", 1], [third, "running", null]]);
    await expect(ended(backend, first)).resolves.toMatchObject({ type: "done" });
  });

  it("tells what many tags come to, each image once", async () => {
    const backend = fake({ momentMs: 0 });
    const selection = { reference: "nginx", tags: ["1.27.3", "1.27", "latest", "1.26.2"], platforms: [], allPlatforms: false };
    const outcome = await ended(backend, await backend.call("survey_start", selection));
    expect(outcome).toMatchObject({ type: "surveyed", survey: { tagCount: 4, images: [{ tags: ["1.27.3", "1.27", "latest"] }, { tags: ["1.26.2"] }] } });
  });

  it.each([["nginx", 812], ["localhost:5000/many", 10_000], ["redis", 8]])("has of %s %d tags", async (reference, count) => {
    const { tags } = await fake().call("tags_list", { reference });
    expect(new Set(tags.map((tag) => tag.name)).size).toBe(count);
  });

  it("refuses what is no name", async () => {
    await expect(fake().call("pull_start", { reference: "Not A Name", platform: null })).rejects.toMatchObject({ code: "referenceInvalid" });
  });

  it("tells nobody who has stopped listening", async () => {
    const backend = fake();
    const topics: string[] = [];
    const stop = backend.onChanged((topic) => topics.push(topic));
    await backend.call("practice_switch", { on: false });
    stop();
    await backend.call("practice_switch", { on: true });
    expect(topics).toEqual(["practice"]);
  });
});

describe("what it makes of a name", () => {
  it.each([
    ["nginx", "docker.io/library/nginx:latest", "nginx:latest"],
    ["acme/app:1", "docker.io/acme/app:1", "acme/app:1"],
    ["localhost:5150/practice/hello:1.0", "localhost:5150/practice/hello:1.0", "localhost:5150/practice/hello:1.0"],
    ["ghcr.io/acme/app", "ghcr.io/acme/app:latest", "ghcr.io/acme/app:latest"],
  ])("%s is %s", (typed, full, familiar) => {
    expect(fakeParts(typed)).toMatchObject({ full, familiar });
  });

  it("is another digest for another name", () => {
    expect(fakeDigest("a long name, and then 1")).not.toBe(fakeDigest("a long name, and then 2"));
    expect(fakeDigest("a")).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

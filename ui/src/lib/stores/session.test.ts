import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setBackend } from "../api";
import type { Settings, Topic } from "../api/generated/types";
import { fake } from "../api/fake";
import { answering, firstSettings } from "../../tests/answers";
import { change, followSettings, openSession, session } from "./session.svelte";

let kept: Settings;
let tell: (topic: Topic) => void = () => undefined;
let finish: (() => void)[] = [];
let end: () => void = () => undefined;

beforeEach(async () => {
  kept = firstSettings();
  finish = [];
  const backend = fake();
  answering(backend, { settings_read: () => kept });
  const call = backend.call;
  // A write is kept at once and answered when the test wants it.
  backend.call = (name, request) => {
    if (name !== "settings_write") return call(name, request);
    kept = (request as { settings: Settings }).settings;
    const answer = kept;
    return new Promise((resolve) => finish.push(() => resolve(answer as never)));
  };
  backend.onChanged = (onTopic) => {
    tell = onTopic;
    return () => undefined;
  };
  setBackend(backend);
  await openSession();
  end = followSettings();
  await Promise.resolve();
});
afterEach(() => end());

describe("the settings of the session", () => {
  it("take over what something else changed, so that the next change does not undo it", async () => {
    kept = firstSettings({ trustedRealms: [{ registry: "ghcr.io", host: "auth.example" }] });
    await expect.poll(() => (tell("settings"), session.settings.trustedRealms)).toEqual([{ registry: "ghcr.io", host: "auth.example" }]);
    void change({ pullsAtOnce: 5 });
    await expect.poll(() => kept.pullsAtOnce).toBe(5);
    expect(kept.trustedRealms).toHaveLength(1);
    finish[0]?.();
  });

  it("keep the last of several changes, whichever answer comes last", async () => {
    void change({ pullsAtOnce: 4 });
    void change({ pullsAtOnce: 6 });
    await expect.poll(() => finish.length).toBe(2);
    finish[1]?.();
    finish[0]?.();
    await new Promise((done) => setTimeout(done, 20));
    expect(session.settings.pullsAtOnce).toBe(6);
  });
});

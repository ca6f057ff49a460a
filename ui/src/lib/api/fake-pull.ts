// A pretended pull, moment by moment.
import { fakePlan } from "./fake-content";
import type { JobSnapshot, JobStep, PullPlan, UserError } from "./generated/types";

/** In how many moments a pull is done. */
export const MOMENTS = 25;

/** Names that fail, by a word in them. */
const FAILURES: Record<string, (reference: string) => UserError> = {
  fail: (subject) => fakeError("tagUnknown", subject),
  private: (subject) => ({ ...fakeError("signInNeeded", subject.split("/")[0] ?? subject), actions: [{ type: "signIn", registry: "registry.example" }] }),
  platform: (subject) => ({
    ...fakeError("platformMissing", subject),
    params: { platform: "linux/amd64", platforms: "linux/arm64, linux/arm/v7" },
    actions: [{ type: "choosePlatform", platforms: ["linux/arm64", "linux/arm/v7"] }],
  }),
  full: (subject) => ({ ...fakeError("diskFull", "/data/strata/store"), params: { neededBytes: "412000000", freeBytes: "9000000" }, causes: [`cannot store ${subject}`] }),
};

/** An error as the work would give it. */
export function fakeError(code: UserError["code"], subject: string): UserError {
  return { code, subject, params: { path: subject }, actions: [{ type: "retry" }], causes: [`${code}: ${subject}`], retryable: true };
}

/** Why a pull of this fails, if it does. Another platform than the first helps where one is missing, as signing in helps. */
export function failureOf(reference: string, platform: string | null, signedIn: boolean): UserError | null {
  const word = Object.keys(FAILURES).find((each) => reference.includes(each));
  if (word === undefined || (word === "platform" && platform !== null) || (word === "private" && signedIn)) return null;
  return FAILURES[word]?.(reference) ?? null;
}

/** The plan of a pull and its steps at a moment, from 0 to `MOMENTS`. */
export function momentOf(reference: string, platform: string | null, moment: number): { plan: PullPlan; steps: JobStep[] } {
  const plan = fakePlan(reference, platform ?? "linux/amd64");
  const steps = plan.strata.flatMap((stratum): JobStep[] => {
    const { digest, downloadBytes: total, layer } = stratum;
    if (digest === null || layer === null) return [];
    if (layer === 1) return [{ id: digest, state: "alreadyHere", done: total, total }];
    // Four at once: the later ones wait. Each has its own pace, and ends with its check.
    const begun = layer <= 4 ? 0 : 6;
    const part = (moment - begun) / (MOMENTS - 3 - layer - begun);
    if (part <= 0) return [{ id: digest, state: "waiting", done: 0, total }];
    if (part < 1) return [{ id: digest, state: layer === 2 && moment === 9 ? "retrying" : "downloading", done: Math.round(total * part), total }];
    return [{ id: digest, state: part < 1.1 && moment < MOMENTS ? "verifying" : "done", done: total, total }];
  });
  return { plan, steps };
}

/** How often a pretended pull goes on, unless a test wants it faster. */
export const MOMENT_MS = 120;
const SPEED = 18_400_000;

/** How fast the bytes of a pull arrive; one with `slow` in its name nearly stands still for a while. */
export function fakePace(reference: string, moment: number): Pick<JobSnapshot, "bytesPerSecond" | "secondsLeft" | "pace"> {
  const secondsLeft = Math.ceil(((MOMENTS - moment) * MOMENT_MS) / 1000);
  if (!reference.includes("slow") || moment < 4 || moment > 18) return { bytesPerSecond: SPEED, secondsLeft, pace: "steady" };
  return moment < 12 ? { bytesPerSecond: 12_000, secondsLeft: 5400, pace: "slow" } : { bytesPerSecond: 0, secondsLeft: null, pace: "stalled" };
}

/** A job that was just asked for. */
export function fakeJob(part: Partial<JobSnapshot>): JobSnapshot {
  return {
    id: 1, kind: "pull", title: "nginx:1", state: "running", position: null, batch: null, batchTitle: null, registry: "docker.io", reference: "nginx:1", platform: null, tags: [],
    startedAt: "2026-01-01T00:00:00Z", plan: null, steps: [], bytesPerSecond: 0, secondsLeft: null, pace: "steady", build: null, outcome: null, ...part,
  };
}

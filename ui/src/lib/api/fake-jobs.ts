// Pretended jobs: pulls that wait for their turn, pause, move and go on; surveys of tags; looks into layers.
import type { Request, Response } from "./backend";
import { fakePlan } from "./fake-content";
import { failureOf, fakeError, fakeJob, fakePace, MOMENTS, momentOf } from "./fake-pull";
import { fakeSurvey, selectedTags } from "./fake-tags";
import type { JobEvent, JobSnapshot, LayerPeekStart, Outcome, ReferenceParts, Selection, Settings, Topic } from "./generated/types";

/** The commands that are answered here. */
type Own =
  | "pull_start" | "pull_many_start" | "survey_start" | "layer_peek_start" | "inspect_start" | "jobs_list" | "job_stop" | "job_pause" | "job_resume" | "job_move" | "jobs_pause";
type Answers = { [K in Own]: (request: Request<K>) => Response<K> };

/** What the rest of the pretended backend lends. */
export interface JobSurroundings {
  settings: () => Settings;
  isSignedIn: () => boolean;
  partsOf: (text: string) => ReferenceParts;
  /** An image is complete. */
  keep: (reference: string, job: JobSnapshot) => void;
  tell: (topic: Topic) => void;
  /** How long one moment of a job takes. */
  momentMs: number;
}

/** In how many moments a survey or a look is done. */
const FEW_MOMENTS = 6;

/** What is known of a job beside its snapshot. */
interface Work {
  /** Moments that have passed. */
  moment: number;
  /** Does one moment; gives how it ended, once it has. */
  step: (job: JobSnapshot, moment: number) => { change: Partial<JobSnapshot>; outcome: Outcome | null };
}

export interface FakeJobs {
  answers: Answers;
  /** Begins one. */
  add: (part: Partial<JobSnapshot>, step: Work["step"]) => number;
  find: (id: number) => JobSnapshot | undefined;
  watch: (id: number, onEvent: (event: JobEvent) => void) => () => void;
}

export function fakeJobs({ settings, isSignedIn, partsOf, keep, tell, momentMs }: JobSurroundings): FakeJobs {
  let jobs: readonly JobSnapshot[] = [];
  /** Those that wait, in their order. */
  let order: readonly number[] = [];
  let batches = 0;
  const works = new Map<number, Work>();
  const watchers = new Map<number, Set<(event: JobEvent) => void>>();

  const find = (id: number): JobSnapshot | undefined => jobs.find((job) => job.id === id);
  const send = (id: number, event: JobEvent): void => watchers.get(id)?.forEach((each) => each(event));
  const update = (id: number, change: Partial<JobSnapshot>): void => {
    jobs = jobs.map((job) => (job.id === id ? { ...job, ...change } : job));
  };

  function enter(id: number, state: JobSnapshot["state"]): void {
    order = state === "queued" ? [...order.filter((each) => each !== id), id] : order.filter((each) => each !== id);
    update(id, state === "running" ? { state } : { state, bytesPerSecond: 0, secondsLeft: null, pace: "steady" });
    send(id, { type: "state", state });
  }

  /** Begins as many as may be at work. */
  function turn(): void {
    while (jobs.filter((job) => job.kind === "pull" && job.state === "running").length < settings().pullsAtOnce) {
      const [next] = order;
      if (next === undefined) break;
      enter(next, "running");
      setTimeout(() => moment(next), momentMs);
    }
    tell("jobs");
  }

  function finish(id: number, outcome: Outcome): void {
    if (find(id)?.outcome !== null) return;
    order = order.filter((each) => each !== id);
    update(id, { outcome, state: "ended", bytesPerSecond: 0, secondsLeft: null });
    send(id, { type: "finished", outcome });
    if (outcome.type === "done" || outcome.type === "built") tell("images");
    turn();
  }

  function moment(id: number): void {
    const job = find(id);
    const work = works.get(id);
    if (job?.state !== "running" || work === undefined) return;
    const { change, outcome } = work.step(job, work.moment);
    const hadPlan = job.plan !== null;
    update(id, change);
    const { plan, steps, bytesPerSecond, secondsLeft, pace, build } = find(id) ?? job;
    if (build !== null) send(id, { type: "build", build });
    else send(id, plan !== null && !hadPlan ? { type: "plan", plan, steps } : { type: "progress", steps, bytesPerSecond, secondsLeft, pace });
    work.moment += 1;
    if (outcome !== null) finish(id, outcome);
    else setTimeout(() => moment(id), momentMs);
  }

  function add(part: Partial<JobSnapshot>, step: Work["step"]): number {
    const id = jobs.length + 1;
    const job = fakeJob({ id, startedAt: new Date().toISOString(), ...part });
    jobs = [job, ...jobs];
    works.set(id, { moment: 0, step });
    if (job.state === "queued") order = [...order, id];
    else setTimeout(() => moment(id), momentMs);
    return id;
  }

  /** Begins a job of another part of the pretended backend, and tells so. */
  function begin(part: Partial<JobSnapshot>, step: Work["step"]): number {
    const id = add(part, step);
    tell("jobs");
    return id;
  }

  function addPull(reference: string, platform: string | null, part: Partial<JobSnapshot> = {}): number {
    const parts = partsOf(reference);
    return add({ title: parts.familiar, registry: parts.registry, reference, platform, state: "queued", ...part }, (job, at) => {
      const error = failureOf(parts.familiar, platform, isSignedIn());
      if (error !== null) return { change: {}, outcome: { type: "failed", error } };
      const { plan, steps } = momentOf(parts.full, platform, at);
      if (at < MOMENTS) return { change: { plan, steps, ...fakePace(parts.familiar, at) }, outcome: null };
      keep(parts.full, { ...job, plan });
      return { change: { plan, steps, bytesPerSecond: 0, secondsLeft: null }, outcome: { type: "done", reference: parts.full, manifest: plan.manifest, digest: plan.target } };
    });
  }

  function addSurvey(selection: Selection): number {
    const parts = partsOf(selection.reference);
    const total = selectedTags(selection).length;
    return add({ kind: "survey", title: parts.familiar, registry: parts.registry, reference: selection.reference }, (_, at) => {
      const done = Math.round((total * Math.min(at, FEW_MOMENTS)) / FEW_MOMENTS);
      const change = { steps: [{ id: "tags", state: "downloading" as const, done, total }] };
      return { change, outcome: at < FEW_MOMENTS ? null : { type: "surveyed", survey: fakeSurvey(selection) } };
    });
  }

  function addPeek({ reference, platform, layer }: LayerPeekStart): number {
    const parts = partsOf(reference);
    const stratum = fakePlan(parts.full, platform ?? "linux/amd64").strata.find((each) => each.digest === layer);
    if (stratum === undefined) throw fakeError("layerUnknown", reference);
    const total = stratum.downloadBytes;
    // The lowest layer is here, the one above it has a table of contents.
    const source = stratum.layer === 1 ? "store" : stratum.layer === 2 ? "tableOfContents" : "wholeLayer";
    const downloadedBytes = source === "store" ? 0 : source === "wholeLayer" ? total : 61_000;
    return add({ kind: "peek", title: parts.familiar, registry: parts.registry, reference, platform }, (_, at) => {
      const change = { steps: [{ id: layer, state: "downloading" as const, done: Math.round((downloadedBytes * Math.min(at, FEW_MOMENTS)) / FEW_MOMENTS), total }] };
      return { change, outcome: at < FEW_MOMENTS ? null : { type: "peeked", layer: { layer, source, downloadedBytes, layerBytes: total } } };
    });
  }

  function addInspect({ manifest }: Request<"inspect_start">): number {
    return add({ kind: "inspect", title: "", registry: "", reference: "" }, (_, at) => ({
      change: { steps: [{ id: "layer", state: "verifying" as const, done: at, total: FEW_MOMENTS }] },
      outcome: at < FEW_MOMENTS ? null : { type: "inspected", manifest },
    }));
  }

  function pause(id: number): void {
    const state = find(id)?.state;
    if (state === "queued" || state === "running") enter(id, "paused");
  }

  const answers: Answers = {
    pull_start: ({ reference, platform }) => {
      const id = addPull(reference, platform);
      turn();
      return id;
    },
    pull_many_start: ({ reference, images }) => {
      batches += 1;
      const repository = partsOf(reference).familiar.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
      const ids = images.map(({ tags: [first = "latest", ...tags], platform }) => addPull(`${repository}:${first}`, platform, { tags, batch: batches, batchTitle: repository }));
      turn();
      return ids;
    },
    survey_start: addSurvey,
    layer_peek_start: addPeek,
    inspect_start: addInspect,
    jobs_list: () => {
      const positions = new Map(order.map((id, at) => [id, at + 1]));
      return jobs.map((job) => ({ ...job, position: positions.get(job.id) ?? null }));
    },
    job_stop: ({ id }) => {
      setTimeout(() => finish(id, { type: "stopped" }), momentMs);
      return null;
    },
    job_pause: ({ id }) => {
      pause(id);
      turn();
      return null;
    },
    job_resume: ({ id }) => {
      if (find(id)?.state === "paused") enter(id, "queued");
      turn();
      return null;
    },
    job_move: ({ id, before }) => {
      const others = order.filter((each) => each !== id);
      const at = before === null ? others.length : others.indexOf(before);
      order = others.toSpliced(at < 0 ? others.length : at, 0, id);
      tell("jobs");
      return null;
    },
    jobs_pause: ({ pause: wanted }) => {
      for (const { id, state } of jobs.toReversed()) {
        if (wanted) pause(id);
        else if (state === "paused") enter(id, "queued");
      }
      turn();
      return null;
    },
  };

  function watch(id: number, onEvent: (event: JobEvent) => void): () => void {
    const all = watchers.get(id) ?? new Set();
    watchers.set(id, all.add(onEvent));
    const job = find(id);
    if (job) onEvent({ type: "snapshot", job });
    return () => all.delete(onEvent);
  }

  return { answers, add: begin, find, watch };
}

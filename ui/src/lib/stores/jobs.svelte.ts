// The jobs of this run, each watched from when it is known to its end.
import { call, onChanged, watchJob, type Stop } from "../api";
import type { BuildStart, JobEvent, JobSnapshot, JobStep } from "../api/generated/types";

let jobs = $state.raw<readonly JobSnapshot[]>([]);
const watched = new Map<number, Stop>();
/** Jobs whose channel has spoken: what it told is newer than any list. */
const told = new Set<number>();
/** Pulls that were at work or told to go on in this run. */
const resumed = new Set<number>();
/** When this run began. */
const BEGAN = Date.now();
/** The platform each pull was asked for, for doing the same again; none for this machine's. */
const platforms = new Map<number, string | null>();

/** Ended jobs that somebody does not want to see any more; the work still knows them. */
let cleared = $state.raw<ReadonlySet<number>>(new Set());

/** Pulls that are to be seen, the newest first. Surveys and looks belong to the part of the screen that started them. */
export function allJobs(): readonly JobSnapshot[] {
  return jobs.filter((job) => job.kind === "pull" && !cleared.has(job.id));
}

/** Pulls that wait for their turn in its order, then those that are paused. */
export function waitingJobs(): readonly JobSnapshot[] {
  const waiting = jobs.filter((job) => job.kind === "pull" && job.state === "queued");
  const paused = jobs.filter((job) => job.kind === "pull" && job.state === "paused");
  return [...waiting.toSorted((one, other) => (one.position ?? 0) - (other.position ?? 0)), ...paused.toReversed()];
}

/** All that is on its way, in one sum. */
export interface QueueTotals {
  running: number;
  waiting: number;
  paused: number;
  /** Bytes done and in all, of pulls whose image is known. */
  done: number;
  total: number;
  bytesPerSecond: number;
  /** None while that cannot be said. */
  secondsLeft: number | null;
}

/** What all pulls that have not ended come to. */
export function queueTotals(): QueueTotals {
  const open = jobs.filter((job) => job.kind === "pull" && job.outcome === null);
  const count = (state: JobSnapshot["state"]): number => open.filter((job) => job.state === state).length;
  const steps = open.flatMap((job) => job.steps);
  const done = steps.reduce((sum, step) => sum + step.done, 0);
  const total = steps.reduce((sum, step) => sum + (step.total ?? step.done), 0);
  const bytesPerSecond = open.reduce((sum, job) => sum + job.bytesPerSecond, 0);
  const secondsLeft = bytesPerSecond > 0 ? Math.ceil((total - done) / bytesPerSecond) : null;
  return { running: count("running"), waiting: count("queued"), paused: count("paused"), done, total, bytesPerSecond, secondsLeft };
}

/** How many pulls of a batch there are, and how many of them are done. */
export function batchCounts(batch: number | null): { done: number; all: number } {
  const ours = batch === null ? [] : jobs.filter((job) => job.batch === batch);
  return { done: ours.filter((job) => job.outcome?.type === "done").length, all: ours.length };
}

/** Whether a paused pull is one that an earlier run of Strata did not finish. */
export function wasInterrupted(job: JobSnapshot): boolean {
  return job.state === "paused" && !resumed.has(job.id) && Date.parse(job.startedAt) < BEGAN;
}

/** Takes the ended jobs out of sight. */
export function clearEnded(): void {
  cleared = new Set(jobs.filter((job) => job.outcome !== null).map((job) => job.id));
}

/** Those at work. */
export function runningJobs(): readonly JobSnapshot[] {
  return jobs.filter((job) => job.kind === "pull" && job.state === "running");
}

/** The platform that a pull was asked for, as far as it was started here. */
export function platformOf(id: number): string | null {
  return platforms.get(id) ?? null;
}

/** The job with this number, if it is known. */
export function jobOf(id: number | null): JobSnapshot | null {
  return jobs.find((job) => job.id === id) ?? null;
}

/** Builds of this run, the newest first. */
export function buildJobs(): readonly JobSnapshot[] {
  return jobs.filter((job) => job.kind === "build");
}

/** What a job looks like after an event. */
export function after(job: JobSnapshot, event: JobEvent): JobSnapshot {
  switch (event.type) {
    case "snapshot":
      return event.job;
    case "plan":
      return { ...job, plan: event.plan, steps: event.steps };
    case "progress": {
      const changed = new Map<string, JobStep>(event.steps.map((step) => [step.id, step]));
      const steps = job.steps.map((step) => changed.get(step.id) ?? step);
      return { ...job, steps, bytesPerSecond: event.bytesPerSecond, secondsLeft: event.secondsLeft, pace: event.pace };
    }
    case "build":
      return { ...job, build: event.build };
    case "state":
      return { ...job, state: event.state };
    case "finished":
      return { ...job, outcome: event.outcome, state: "ended", bytesPerSecond: 0, secondsLeft: null };
  }
}

/** A list that was asked for, with what the channels told since then. */
export function merged(listed: readonly JobSnapshot[], ours: readonly JobSnapshot[], heard: ReadonlySet<number>): readonly JobSnapshot[] {
  const known = new Map(ours.map((job) => [job.id, job]));
  return listed.map((job) => (heard.has(job.id) ? (known.get(job.id) ?? job) : job));
}

function watch(id: number): void {
  if (watched.has(id)) return;
  watched.set(
    id,
    watchJob(id, (event) => {
      told.add(id);
      jobs = jobs.map((job) => (job.id === id ? after(job, event) : job));
    }),
  );
}

function unwatch(id: number): void {
  watched.get(id)?.();
  watched.delete(id);
  told.delete(id);
}

async function read(): Promise<void> {
  const listed = await call("jobs_list", {}).catch(() => null);
  if (listed === null) return;
  jobs = merged(listed, jobs, told);
  // A channel for each of hundreds that wait would tell nothing: the list tells when one begins.
  for (const job of jobs) {
    if (job.kind !== "pull" && job.kind !== "build") continue;
    if (job.state === "running") {
      resumed.add(job.id);
      watch(job.id);
    }
    else if (job.outcome === null) unwatch(job.id);
  }
}

/** Reads the jobs now and when one begins or ends. */
export function followJobs(): Stop {
  void read();
  const stop = onChanged((topic) => {
    if (topic === "jobs") void read();
  });
  return () => {
    stop();
    for (const end of watched.values()) end();
    watched.clear();
    told.clear();
  };
}

/** Starts a pull; the job is in the list when this is done. Rejects if what was typed is no reference. */
export async function startPull(reference: string, platform: string | null): Promise<number> {
  const id = await call("pull_start", { reference, platform });
  platforms.set(id, platform);
  await read();
  return id;
}

/** Starts a build; the job is in the list when this is done. Rejects if there is nothing to build. */
export async function beginBuild(build: BuildStart): Promise<number> {
  const id = await call("build_start", build);
  await read();
  return id;
}

function tell(ask: Promise<unknown>): void {
  void ask.catch(() => undefined);
}

/** Pauses a pull: what has arrived is kept. */
export function pauseJob(id: number): void {
  tell(call("job_pause", { id }));
}

/** Lets a paused pull go on. */
export function resumeJob(id: number): void {
  resumed.add(id);
  tell(call("job_resume", { id }));
}

/** Pauses all, or lets all go on. */
export function pauseAll(pause: boolean): void {
  tell(call("jobs_pause", { pause }));
}

/** Moves a waiting pull before another one; to the end if none is named. */
export function moveJob(id: number, before: number | null): void {
  tell(call("job_move", { id, before }));
}

/** Asks a job to stop. */
export function stopJob(id: number): void {
  void call("job_stop", { id }).catch(() => undefined);
}

// The jobs of this run, each watched from when it is known to its end.
import { call, onChanged, watchJob, type Stop } from "../api";
import type { JobEvent, JobSnapshot, JobStep } from "../api/generated/types";

let jobs = $state.raw<readonly JobSnapshot[]>([]);
const watched = new Map<number, Stop>();
/** Jobs whose channel has spoken: what it told is newer than any list. */
const told = new Set<number>();
/** The platform each pull was asked for, for doing the same again; none for this machine's. */
const platforms = new Map<number, string | null>();

/** Ended jobs that somebody does not want to see any more; the work still knows them. */
let cleared = $state.raw<ReadonlySet<number>>(new Set());

/** All jobs that are to be seen, the newest first. */
export function allJobs(): readonly JobSnapshot[] {
  return cleared.size === 0 ? jobs : jobs.filter((job) => !cleared.has(job.id));
}

/** Takes the ended jobs out of sight. */
export function clearEnded(): void {
  cleared = new Set(jobs.filter((job) => job.outcome !== null).map((job) => job.id));
}

/** Those at work. */
export function runningJobs(): readonly JobSnapshot[] {
  return jobs.filter((job) => job.outcome === null);
}

/** The platform that a pull was asked for, as far as it was started here. */
export function platformOf(id: number): string | null {
  return platforms.get(id) ?? null;
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

async function read(): Promise<void> {
  const listed = await call("jobs_list", {}).catch(() => null);
  if (listed === null) return;
  jobs = merged(listed, jobs, told);
  for (const job of jobs) if (job.outcome === null) watch(job.id);
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

/** Asks a job to stop. */
export function stopJob(id: number): void {
  void call("job_stop", { id }).catch(() => undefined);
}

// The queue as lines: a pull each, and those that were started together under one line where they stand together.
import type { JobSnapshot } from "../../api/generated/types";

/** One pull. */
export interface JobLine {
  kind: "job";
  key: string;
  job: JobSnapshot;
  isInBatch: boolean;
  /** The waiting pull that this one stands before once it has moved up or down; undefined where it cannot. */
  up: number | undefined;
  down: number | null | undefined;
}

/** Pulls that were started together and stand together. */
export interface BatchLine {
  kind: "batch";
  key: string;
  title: string;
  jobs: readonly JobSnapshot[];
  isOpen: boolean;
}

/** One line of the queue. */
export type QueueLine = JobLine | BatchLine;

/** Pulls of one batch that are shown without being asked for. */
const MOST_OPEN = 5;

/** Pulls next to each other that belong together. */
function runs(jobs: readonly JobSnapshot[]): JobSnapshot[][] {
  const found: JobSnapshot[][] = [];
  for (const job of jobs) {
    const [last] = found.at(-1) ?? [];
    if (last !== undefined && job.batch !== null && last.batch === job.batch && last.state === job.state) found.at(-1)?.push(job);
    else found.push([job]);
  }
  return found;
}

/** What stays the same of a batch's line when its first pull begins. */
function keyOf([first]: readonly JobSnapshot[]): string {
  return first === undefined ? "" : `batch ${first.batch} ${first.state}`;
}

/**
 * The lines of pulls that wait, in their order, and of paused ones. `turned` are the keys of lines that somebody has opened, or
 * closed where they were open.
 */
export function queueLines(jobs: readonly JobSnapshot[], turned: ReadonlySet<string>): readonly QueueLine[] {
  const lines: QueueLine[] = [];
  const seen = new Map<string, number>();
  for (const run of runs(jobs)) {
    const [first] = run;
    if (first === undefined) continue;
    if (run.length > 1) {
      const count = seen.get(keyOf(run)) ?? 0;
      seen.set(keyOf(run), count + 1);
      // A batch that something was moved into stands in several parts.
      const key = count === 0 ? keyOf(run) : `${keyOf(run)} ${count}`;
      const isOpen = run.length <= MOST_OPEN !== turned.has(key);
      lines.push({ kind: "batch", key, title: first.batchTitle ?? first.title, jobs: run, isOpen });
      if (!isOpen) continue;
    }
    for (const job of run) lines.push({ kind: "job", key: `job ${job.id}`, job, isInBatch: run.length > 1, up: undefined, down: undefined });
  }
  return withMoves(lines);
}

/** A pull moves past the line beside it: past one pull, or past all of a batch that is closed. */
function withMoves(lines: readonly QueueLine[]): readonly QueueLine[] {
  const waiting = lines.flatMap((line): { line: QueueLine; first: number }[] => {
    const first = line.kind === "job" ? line.job : line.isOpen ? undefined : line.jobs[0];
    return first?.state === "queued" ? [{ line, first: first.id }] : [];
  });
  const at = new Map(waiting.map(({ line }, place) => [line.key, place]));
  return lines.map((line) => {
    const place = at.get(line.key);
    if (line.kind === "batch" || place === undefined) return line;
    const isLast = place === waiting.length - 1;
    return { ...line, up: place === 0 ? undefined : waiting[place - 1]?.first, down: isLast ? undefined : (waiting[place + 2]?.first ?? null) };
  });
}

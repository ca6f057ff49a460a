// A job in the numbers that its card shows.
import type { JobSnapshot, JobStep, Stratum } from "../../api/generated/types";

/** A layer with its step. */
export interface LayerBand {
  kind: "layer";
  stratum: Stratum;
  step: JobStep | null;
  /** The part of its bytes that is here, from 0 to 1. */
  done: number;
}

/** Instructions between two layers that changed settings only, oldest first. */
export interface SettingsBand {
  kind: "settings";
  instructions: readonly string[];
}

/** One line of the picture. */
export type Band = LayerBand | SettingsBand;

/** The picture, newest on top. */
export function bands(job: JobSnapshot): Band[] {
  const steps = new Map(job.steps.map((step) => [step.id, step]));
  const picture: Band[] = [];
  for (const stratum of job.plan?.strata ?? []) {
    const below = picture.at(-1);
    if (stratum.layer !== null) {
      const step = (stratum.digest === null ? undefined : steps.get(stratum.digest)) ?? null;
      picture.push({ kind: "layer", stratum, step, done: step === null ? 0 : share(step) });
    } else if (below?.kind === "settings") {
      picture[picture.length - 1] = { kind: "settings", instructions: [...below.instructions, stratum.instruction] };
    } else {
      picture.push({ kind: "settings", instructions: [stratum.instruction] });
    }
  }
  return picture.reverse();
}

function share(step: JobStep): number {
  if (step.state === "done" || step.state === "alreadyHere") return 1;
  return step.total === null || step.total === 0 ? 0 : Math.min(1, step.done / step.total);
}

/** Compressed bytes that are here, and in all. */
export function bytesOf(job: JobSnapshot): { done: number; total: number } {
  const total = job.plan?.totalBytes ?? 0;
  const done = job.steps.reduce((sum, step) => sum + (share(step) === 1 ? (step.total ?? step.done) : step.done), 0);
  return { done: Math.min(done, total), total };
}

/** Whether every layer is here and only the saving is left. */
export function isSaving(job: JobSnapshot): boolean {
  return job.outcome === null && job.plan !== null && job.steps.every((step) => step.state === "done" || step.state === "alreadyHere");
}

// A job that one part of the screen started for itself: a survey, a look into a layer. It ends with that part.
import { call, watchJob, type Stop } from "../api";
import type { JobSnapshot, Outcome } from "../api/generated/types";
import { after } from "./jobs.svelte";

/** One such job, from its start to its end. */
export class WatchedJob {
  /** What is known of it; none before it has started. */
  job = $state.raw<JobSnapshot | null>(null);
  /** Why it could not start, or failed. */
  problem = $state.raw<unknown>(null);
  #id: number | null = null;
  #stop: Stop | undefined;
  #turn = 0;

  /** How it ended well; none while it has not. */
  get outcome(): Outcome | null {
    return this.job?.outcome ?? null;
  }
  get running(): boolean {
    return this.job !== null && this.job.outcome === null;
  }
  get done(): number {
    return this.job?.steps.reduce((sum, step) => sum + step.done, 0) ?? 0;
  }
  get total(): number {
    return this.job?.steps.reduce((sum, step) => sum + (step.total ?? 0), 0) ?? 0;
  }

  /** Starts one in the place of what was there. `ask` answers with its number. */
  async start(ask: () => Promise<number>): Promise<void> {
    this.end();
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const id = await ask();
      if (turn !== this.#turn) {
        void call("job_stop", { id }).catch(() => undefined);
        return;
      }
      this.#id = id;
      this.#stop = watchJob(id, (event) => {
        if (event.type === "snapshot") this.job = event.job;
        else if (this.job !== null) this.job = after(this.job, event);
        if (this.outcome?.type === "failed") this.problem = this.outcome.error;
      });
    } catch (error) {
      if (turn === this.#turn) this.problem = error;
    }
  }

  /** Ends it, whether it is done or not. */
  end(): void {
    this.#turn += 1;
    this.#stop?.();
    if (this.#id !== null && this.running) void call("job_stop", { id: this.#id }).catch(() => undefined);
    this.#id = null;
    this.job = null;
    this.problem = null;
  }
}

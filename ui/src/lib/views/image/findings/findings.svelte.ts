// Packages and secrets of the image that is open: looked for once, by a job that can be stopped, and shared by the parts that show them.
import { call } from "../../../api";
import type { Findings } from "../../../api/generated/types";
import { WatchedJob } from "../../../stores/watched-job.svelte";

export class ImageFindings {
  readonly job = new WatchedJob();
  found = $state.raw<Findings | null>(null);
  problem = $state.raw<unknown>(null);
  #manifest = "";
  #turn = 0;

  /** Begins anew with another image; nothing is looked into before somebody asks. */
  reset(manifest: string): void {
    this.#turn += 1;
    this.#manifest = manifest;
    this.job.end();
    this.found = null;
    this.problem = null;
  }

  /** Looks into the layers, unless that is done or under way. */
  look(): void {
    if (this.found !== null || this.job.running || this.#manifest === "") return;
    this.problem = null;
    void this.job.start(() => call("inspect_start", { manifest: this.#manifest }));
  }

  /** Reads what was found, once the job says that it is done. */
  async read(): Promise<void> {
    this.#turn += 1;
    const mine = this.#turn;
    try {
      const answer = await call("findings_read", { manifest: this.#manifest });
      if (mine === this.#turn) this.found = answer;
    } catch (error) {
      if (mine === this.#turn) this.problem = error;
    }
  }

  end(): void {
    this.#turn += 1;
    this.job.end();
  }
}

// The images of the store, asked for anew whenever somebody changed them.
import { call, onChanged, type Stop } from "../api";
import type { ImageSummary, StoreTotals } from "../api/generated/types";

let list = $state.raw<readonly ImageSummary[] | null>(null);
let totals = $state.raw<StoreTotals | null>(null);
let problem = $state.raw<unknown>(null);
let asking = false;
let askAgain = false;

export const images = {
  /** The images, newest in the store first; none before they were read. */
  get list(): readonly ImageSummary[] | null {
    return list;
  },
  get totals(): StoreTotals | null {
    return totals;
  },
  get problem(): unknown {
    return problem;
  },
};

/** Reads the list; a call while one runs makes it run once more. */
export async function readImages(): Promise<void> {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    const answer = await call("images_list", {});
    list = answer.images;
    totals = answer.totals;
    problem = null;
  } catch (error) {
    problem = error;
  }
  asking = false;
  if (askAgain) {
    askAgain = false;
    await readImages();
  }
}

/** Reads the list now and after each change. */
export function followImages(): Stop {
  void readImages();
  return onChanged((topic) => {
    if (topic === "images") void readImages();
  });
}

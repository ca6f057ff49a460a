// The practice registry, as it is now.
import { call, onChanged, type Stop } from "../api";
import type { PracticeStatus } from "../api/generated/types";

let status = $state.raw<PracticeStatus>({ state: "starting", address: null, images: [], error: null });

/** Its state, address and samples. */
export function practice(): PracticeStatus {
  return status;
}

async function read(): Promise<void> {
  // What goes wrong here goes wrong everywhere, and is told by the session.
  status = await call("practice_status", {}).catch(() => status);
}

/** Reads its state now and after each change. */
export function followPractice(): Stop {
  void read();
  return onChanged((topic) => {
    if (topic === "practice") void read();
  });
}

/** Switches it on or off. */
export async function switchPractice(on: boolean): Promise<void> {
  if (on) status = { ...status, state: "starting", error: null };
  status = await call("practice_switch", { on }).catch(() => status);
}

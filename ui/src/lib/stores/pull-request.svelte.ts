// What is to be pulled: the name and the platform as they stand in the form, and why the last request was refused. They outlive
// the screen, and every button that pulls goes through here, so that nothing is refused in silence.
import { shellWord } from "../shell-words";
import { startPull } from "./jobs.svelte";
import { go } from "./route.svelte";

let text = $state("");
let platform = $state("");
let refusal = $state.raw<unknown>(null);
let starting = $state(false);

export const pullRequest = {
  get text(): string {
    return text;
  },
  set text(next: string) {
    text = next;
    refusal = null;
  },
  /** Empty for this machine's. */
  get platform(): string {
    return platform;
  },
  set platform(next: string) {
    platform = next;
  },
  /** Why the last request was no pull. */
  get refusal(): unknown {
    return refusal;
  },
  /** Whether it is on its way to be a job. */
  get starting(): boolean {
    return starting;
  },
};

/** Pulls what stands in the form. */
export async function submitPull(): Promise<void> {
  const wanted = text.trim();
  if (wanted === "" || starting) return;
  starting = true;
  refusal = null;
  try {
    await startPull(wanted, platform.trim() === "" ? null : platform.trim());
  } catch (problem) {
    refusal = problem;
  }
  starting = false;
}

/** Shows the Pull screen and pulls this. */
export async function pullNow(reference: string, forPlatform: string | null = null): Promise<void> {
  go({ screen: "pull" });
  pullRequest.text = reference;
  platform = forPlatform ?? "";
  await submitPull();
}

/** The same as a command of Docker; a name is quoted where a shell would take it apart. */
export function pullCommand(reference: string, forPlatform: string): string {
  const option = forPlatform.trim() === "" ? "" : `--platform ${shellWord(forPlatform.trim())} `;
  return `docker pull ${option}${shellWord(reference.trim())}`;
}

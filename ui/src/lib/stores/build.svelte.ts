// What is to be built: the Dockerfile that was opened, the form, and the build that is shown. They outlive the screen.
import { call } from "../api";
import type { BuildSheet, BuildStart, BuildView, JobSnapshot } from "../api/generated/types";
import { buildStart, emptyForm, formFor, type BuildForm } from "./build-form";
import { beginBuild, jobOf, stopJob } from "./jobs.svelte";
import { go } from "./route.svelte";

/** What of the screen is shown: where one begins, what would be built, a build, or those of before. */
export type BuildPart = "start" | "sheet" | "build" | "history";

let path = $state("");
let file = $state<string | null>(null);
let sheet = $state.raw<BuildSheet | null>(null);
let problem = $state.raw<unknown>(null);
let refusal = $state.raw<unknown>(null);
let looking = $state(false);
let starting = $state(false);
let text = $state<string | null>(null);
let jobId = $state<number | null>(null);
let part = $state<BuildPart>("start");
let form = $state<BuildForm>(emptyForm());
let turn = 0;

export const build = {
  /** What was opened: a Dockerfile, a folder, an archive; empty before something was. */
  get path(): string {
    return path;
  },
  /** What can be known before it is built. */
  get sheet(): BuildSheet | null {
    return sheet;
  },
  /** Why it could not be looked at. */
  get problem(): unknown {
    return problem;
  },
  /** Why the last build could not begin. */
  get refusal(): unknown {
    return refusal;
  },
  get looking(): boolean {
    return looking;
  },
  /** Whether a build is on its way to be a job. */
  get starting(): boolean {
    return starting;
  },
  /** The Dockerfile's text as it was changed here; none while it is as it was read. */
  get text(): string | null {
    return text;
  },
  set text(next: string | null) {
    text = next === sheet?.text ? null : next;
  },
  get part(): BuildPart {
    return part;
  },
  set part(next: BuildPart) {
    part = next;
  },
  get form(): BuildForm {
    return form;
  },
  /** The job of the build that is shown. */
  get job(): JobSnapshot | null {
    return jobOf(jobId);
  },
  /** That build as it is now. */
  get view(): BuildView | null {
    return jobOf(jobId)?.build ?? null;
  },
};

/** The build as it would be started now. */
export function wantedBuild(): BuildStart {
  return buildStart(path, file, text, form);
}

/** Shows the Build screen with this Dockerfile, folder or archive. */
export async function openBuild(next: string, inner: string | null = null): Promise<void> {
  const same = next === path;
  go({ screen: "build" });
  path = next;
  file = inner;
  jobId = null;
  refusal = null;
  part = "sheet";
  if (!same) [sheet, text, form] = [null, null, emptyForm()];
  await lookAtBuild(same && sheet !== null);
}

/** Looks once more at what was opened. */
export async function lookAtBuild(keepForm = true): Promise<void> {
  turn += 1;
  const mine = turn;
  looking = true;
  problem = null;
  try {
    const answer = await call("build_look", { path, file });
    if (mine !== turn) return;
    form = formFor(answer, keepForm && sheet !== null ? form : null);
    sheet = answer;
    if (text === answer.text) text = null;
  } catch (error) {
    if (mine === turn) problem = error;
  }
  if (mine === turn) looking = false;
}

/** Builds what is opened, as the form says. */
export async function startBuild(): Promise<void> {
  if (path === "" || starting) return;
  starting = true;
  refusal = null;
  try {
    jobId = await beginBuild(wantedBuild());
    part = "build";
  } catch (error) {
    refusal = error;
  }
  starting = false;
}

/** Asks the build that is shown to stop. */
export function stopBuild(): void {
  if (jobId !== null) stopJob(jobId);
}

/** Goes back to what would be built, as it is now that something was. */
export async function backToSheet(): Promise<void> {
  part = "sheet";
  await lookAtBuild();
}

/** Shows a build of this run. */
export async function showBuild(job: JobSnapshot): Promise<void> {
  if (job.build === null) return;
  const opened = job.build.context ?? job.build.file;
  if (opened !== path) await openBuild(opened, null);
  jobId = job.id;
  part = "build";
}

/** Closes what was opened. */
export function closeBuild(): void {
  turn += 1;
  [path, file, sheet, problem, refusal, text, jobId, part, looking] = ["", null, null, null, null, null, null, "start", false];
  form = emptyForm();
}

/** Writes the changed text to the Dockerfile. Rejects if the file has changed meanwhile. */
export async function saveDockerfile(): Promise<void> {
  if (sheet === null || text === null) return;
  await call("dockerfile_save", { path: sheet.file, text, readText: sheet.text });
  await lookAtBuild();
}

// What a person sets before a build, what is asked for with it, and the same as a command.
import type { BuildSheet, BuildStart } from "../api/generated/types";
import { shellWord } from "../shell-words";

/** The form as it stands. */
export interface BuildForm {
  /** The names of the image, apart by spaces or commas. */
  names: string;
  /** Empty for the last stage. */
  target: string;
  /** Values of build arguments that were typed. */
  values: Record<string, string>;
  /** Empty for this machine's. */
  platform: string;
  noCache: boolean;
  pull: boolean;
  /** Empty for what the settings say. */
  network: "" | "host" | "none";
  trustsMachine: boolean;
}

/** A form that nobody has touched. */
export function emptyForm(): BuildForm {
  return { names: "", target: "", values: {}, platform: "", noCache: false, pull: false, network: "", trustsMachine: false };
}

/** The form for a sheet: what was typed for the same Dockerfile stays, as far as it still means something. */
export function formFor(sheet: BuildSheet, before: BuildForm | null): BuildForm {
  if (before === null) return { ...emptyForm(), names: sheet.suggestedTag };
  const declared = new Set(sheet.arguments.map((each) => each.name));
  const target = sheet.stages.some((stage) => stage.name === before.target || String(stage.index) === before.target) ? before.target : "";
  return { ...before, target, values: Object.fromEntries(Object.entries(before.values).filter(([name]) => declared.has(name))) };
}

/** What is asked for. An argument that was not touched keeps the default of the Dockerfile. */
export function buildStart(path: string, file: string | null, text: string | null, form: BuildForm): BuildStart {
  const platform = form.platform.trim();
  return {
    path, file, text, tags: form.names.split(/[\s,]+/).filter((name) => name !== ""), target: form.target === "" ? null : form.target,
    arguments: Object.entries(form.values).flatMap(([name, value]) => (value === "" ? [] : [{ name, value }])),
    platform: platform === "" ? null : platform, noCache: form.noCache, pull: form.pull, network: form.network === "" ? null : form.network, trustsMachine: form.trustsMachine,
  };
}

/** The same as a command of Docker. */
export function buildCommand(start: BuildStart, sheet: BuildSheet | null): string {
  const context = sheet === null ? start.path : (sheet.context?.path ?? null);
  const usual = context === null ? null : `${context.replace(/\/$/, "")}/Dockerfile`;
  const words = ["docker", "build"];
  for (const tag of start.tags) words.push("-t", tag);
  if (sheet !== null && sheet.file !== usual && context !== null) words.push("-f", sheet.file);
  if (start.target !== null) words.push("--target", start.target);
  for (const { name, value } of start.arguments) words.push("--build-arg", `${name}=${value}`);
  if (start.platform !== null) words.push("--platform", start.platform);
  if (start.noCache) words.push("--no-cache");
  if (start.pull) words.push("--pull");
  if (start.network !== null) words.push("--network", start.network);
  const said = words.map(shellWord).join(" ");
  return context === null ? `${said} - < ${shellWord(sheet?.file ?? start.path)}` : `${said} ${shellWord(context)}`;
}

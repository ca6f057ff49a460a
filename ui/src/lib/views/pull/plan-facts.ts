// What an image is set to do, as its history says before it is here: the last word of each instruction counts.
import type { ImageSettings, Stratum } from "../../api/generated/types";
import { commandLine } from "../../settings-text";

/** A setting that the history shows. */
export type Fact = "entrypoint" | "command" | "ports" | "user" | "workingDir";

const VERBS: Record<string, Fact> = { ENTRYPOINT: "entrypoint", CMD: "command", EXPOSE: "ports", USER: "user", WORKDIR: "workingDir" };
const ORDER: readonly Fact[] = ["entrypoint", "command", "ports", "user", "workingDir"];

/** The settings in a plan's strata, oldest first; those that the history does not show are not there. */
export function factsOf(strata: readonly Stratum[]): { fact: Fact; value: string }[] {
  const found = new Map<Fact, string>();
  for (const { instruction } of strata) {
    const [verb = "", ...rest] = instruction.trim().split(/\s+/);
    const fact = VERBS[verb.toUpperCase()];
    if (fact === undefined || rest.length === 0) continue;
    const value = fact === "ports" ? ports(rest) : fact === "entrypoint" || fact === "command" ? words(rest.join(" ")) : rest.join(" ");
    const before = found.get(fact);
    found.set(fact, fact === "ports" && before !== undefined ? `${before}, ${value}` : value);
  }
  return ORDER.flatMap((fact) => {
    const value = found.get(fact);
    return value === undefined ? [] : [{ fact, value }];
  });
}

/** The same from the settings themselves, where they are known. */
export function factsOfSettings(settings: ImageSettings): { fact: Fact; value: string }[] {
  const values: Record<Fact, string> = {
    entrypoint: commandLine(settings.entrypoint), command: commandLine(settings.command), ports: settings.ports.join(", "),
    user: settings.user, workingDir: settings.workingDir,
  };
  return ORDER.flatMap((fact) => (values[fact] === "" ? [] : [{ fact, value: values[fact] }]));
}

/** `["nginx", "-g"]` as one would type it; a shell form as it stands. Docker records the list without commas as well. */
function words(text: string): string {
  const listed = /^\[(.*)\]$/.exec(text)?.[1];
  if (listed === undefined) return text;
  const parts = [...listed.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1"));
  return parts.map((part) => (/^[\w.:@/=,+-]+$/.test(part) ? part : `'${part}'`)).join(" ");
}

/** `8080/tcp`, `8080`, or as BuildKit records it: `map[80/tcp:{}]`. */
function ports(parts: readonly string[]): string {
  return parts.flatMap((part) => part.match(/\d+(-\d+)?(\/\w+)?/g) ?? []).map((port) => (port.includes("/") ? port : `${port}/tcp`)).join(", ");
}

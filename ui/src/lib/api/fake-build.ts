// Pretended builds: sheets, builds that run through or fail, their output and their history.
import type { Request, Response } from "./backend";
import { fakeDigest } from "./fake-content";
import { EXAMPLES, neededStages, readDockerfile, textOf } from "./fake-dockerfiles";
import { fakeError } from "./fake-pull";
import type { BuildLayer, BuildLine, BuildSheet, BuildStage, BuildStart, BuildView, ContextLook, Doctor, JobSnapshot, OutputLine, Outcome, PastBuild, UserError, WhatIf } from "./generated/types";

/** The commands that are answered here. */
type Own = "build_look" | "build_start" | "build_output" | "build_history" | "build_what_if" | "dockerfile_save" | "build_examples" | "doctor";
type Answers = { [K in Own]: (request: Request<K>) => Response<K> };

/** Does one moment of a job; gives how it ended, once it has. */
type Step = (job: JobSnapshot, moment: number) => { change: Partial<JobSnapshot>; outcome: Outcome | null };

/** What the rest of the pretended backend lends. */
export interface BuildSurroundings {
  /** Begins a job. */
  add: (part: Partial<JobSnapshot>, step: Step) => number;
  /** An image is made. */
  keep: (reference: string) => string;
}

const MOMENT_REAL_MS = 400;
/** What each keyword's layer comes to: bytes, milliseconds, moments of work, lines of output. */
const COSTS: Readonly<Record<string, { bytes: number; milliseconds: number; moments: number; output: number }>> = {
  FROM: { bytes: 48_000_000, milliseconds: 900, moments: 2, output: 0 },
  RUN: { bytes: 31_000_000, milliseconds: 4_000, moments: 14, output: 400 },
  COPY: { bytes: 1_900_000, milliseconds: 300, moments: 3, output: 0 },
  ADD: { bytes: 1_900_000, milliseconds: 300, moments: 3, output: 0 },
};
const SETTING = { bytes: 0, milliseconds: 0, moments: 1, output: 0 };

function costOf(line: BuildLine): (typeof COSTS)[string] {
  if (line.text.includes("pip install")) return { bytes: 148_000_000, milliseconds: 38_000, moments: 30, output: 5_000 };
  if (line.text.includes("compileall")) return { bytes: 2_400_000, milliseconds: 4_000, moments: 14, output: 60 };
  if (line.text === "FROM scratch") return SETTING;
  return COSTS[line.keyword] ?? SETTING;
}

function layerOf(line: BuildLine, fresh: string): BuildLayer | null {
  const { bytes } = costOf(line);
  return bytes === 0 ? null : { digest: fakeDigest(`${line.text}${fresh}`), bytes: Math.round(bytes * 0.4), tarBytes: bytes, isSame: fresh === "" };
}

/** The files that an instruction copies out of the context. */
function sources(line: BuildLine): string[] {
  if (!/^(COPY|ADD)$/.test(line.keyword) || line.text.includes("--from=")) return [];
  return line.text.split(/\s+/).slice(1, -1).filter((word) => !word.startsWith("--"));
}

/** The lines from the first one that is made anew: those of its stage and of stages that take from it. */
function follow(lines: readonly BuildLine[], first: number, stages: readonly BuildStage[]): number[] {
  const touched = new Set<number>();
  const needed = neededStages(stages, null);
  return lines.filter((line) => {
    if (line.keyword === "ARG" || line.stage === null || !needed.has(line.stage)) return false;
    const from = /^FROM\s+(\S+)|--from=(\S+)/.exec(line.text);
    const takes = stages.find((stage) => stage.name !== null && (stage.name === from?.[1] || stage.name === from?.[2]));
    if (line.index === first || (takes !== undefined && touched.has(takes.index))) touched.add(line.stage);
    return touched.has(line.stage);
  }).map((line) => line.index);
}

const fileOf = (path: string): string => (/Dockerfile$|\.(tgz|tar)$/.test(path) ? path : `${path.replace(/\/$/, "")}/Dockerfile`);
const folderOf = (path: string): string => path.replace(/\/Dockerfile$/, "").replace(/\/$/, "");
const nameOf = (path: string): string => folderOf(path).split("/").at(-1) ?? "image";

function context(path: string): ContextLook {
  return {
    path: folderOf(path), files: 214, bytes: 1_900_000, ignoreFile: ".dockerignore", keptOutFiles: 48_102, keptOutBytes: 612_000_000,
    keptOut: [{ rule: "node_modules", line: 1, files: 47_310, bytes: 590_000_000 }, { rule: ".git", line: 2, files: 780, bytes: 21_900_000 }, { rule: "**/*.pyc", line: 4, files: 12, bytes: 61_000 }],
    largest: [{ path: "static/logo.png", bytes: 820_000 }, { path: "shop/data.json", bytes: 410_000 }, { path: "app.py", bytes: 12_400 }, { path: "requirements.txt", bytes: 310 }],
    warnings: [{ code: "env", path: ".env", files: 1, bytes: 240 }],
  };
}

/** The base of a Dockerfile in a folder `private`. */
const signIn: UserError = { ...fakeError("signInNeeded", "registry.example/base"), params: { registry: "registry.example", repository: "base" }, actions: [{ type: "signIn", registry: "registry.example" }] };

/** What may have gone wrong, and the output that tells it. */
const FAILURE_OUTPUT = ["/bin/sh: 1: pyhton: not found"];

/** Builds with a memory of what was built. */
export function fakeBuilds({ add, keep }: BuildSurroundings): Answers {
  /** Texts that stand in the place of the first ones. */
  const saved = new Map<string, string>();
  /** The text that was built last. */
  const built = new Map<string, string>();
  const past: PastBuild[] = [];
  const runs = new Map<number, { lines: readonly BuildLine[]; fails: number | null }>();

  const currentText = (path: string): string => saved.get(fileOf(path)) ?? textOf(path);

  /** Some builds of before for everything that is no example. */
  function historyOf(file: string): PastBuild[] {
    if (!past.some((build) => build.file === file) && !file.includes("/examples/")) past.unshift(...firstHistory(file).toReversed());
    return past.filter((build) => build.file === file);
  }

  function forecast(path: string, text: string, noCache: boolean): BuildLine[] {
    const { lines } = readDockerfile(text);
    const [before] = historyOf(fileOf(path));
    const known = built.get(fileOf(path)) ?? (before === undefined ? null : textOf(path));
    const old = known === null ? [] : readDockerfile(known).lines;
    const anew = new Set(old.length === 0 ? [] : follow(lines, lines.find((line) => sources(line).includes("."))?.index ?? -1, readDockerfile(text).stages));
    const edited = built.has(fileOf(path)) ? undefined : lines.find((line) => sources(line).includes("."));
    let first: number | null = null;
    return lines.map((line): BuildLine => {
      if (line.keyword === "ARG") return line;
      const isOther = old[line.index]?.text !== line.text;
      if (noCache) return { ...line, why: { type: "asked" } };
      if (first === null && (isOther || line.index === edited?.index)) {
        first = line.index;
        if (known === null) return { ...line, why: { type: "first" } };
        if (isOther) return { ...line, why: { type: "text", before: old[line.index]?.text ?? "", now: line.text } };
        return { ...line, why: { type: "files", changed: ["app.py"], added: [], removed: [], count: 1 } };
      }
      if (first !== null && (known === null || old[first]?.text !== lines[first]?.text || anew.has(line.index))) return { ...line, why: known === null ? { type: "first" } : { type: "follows", line: lines[first]?.line ?? 1 } };
      return { ...line, state: "cached", savedMilliseconds: costOf(line).milliseconds, layer: layerOf(line, "") };
    });
  }

  function look(path: string): BuildSheet {
    if (path.includes("missing")) throw { ...fakeError("pathUnknown", path), params: { path } };
    const text = currentText(path);
    const { stages, arguments: declared } = readDockerfile(text);
    const [before] = historyOf(fileOf(path));
    const needed = neededStages(stages, null);
    return {
      file: fileOf(path), text, canSave: !/\.(tgz|tar)$/.test(path), context: path.includes("alone") ? null : context(path),
      stages: stages.map((stage) => ({ ...stage, isNeeded: needed.has(stage.index) })), arguments: declared,
      lines: forecast(path, text, false).map((line) => (line.stage === null || needed.has(line.stage) ? line : { ...line, state: "notNeeded", why: null, layer: null })),
      suggestedTag: before?.tags[0] ?? `${nameOf(path)}:latest`,
      problem: path.includes("broken") ? fakeError("dockerfileInvalid", "line 3: COPY needs a source and a destination") : null,
      canRun: !path.includes("norun"), before: before ?? null,
    };
  }

  /** The build at a moment. */
  function viewAt(start: BuildStart, first: readonly BuildLine[], moment: number, before: PastBuild | null, fails: number | null): { view: BuildView; ended: boolean } {
    const { stages } = readDockerfile(start.text ?? currentText(start.path));
    const needed = neededStages(stages, start.target);
    let at = 1;
    let spent = 0;
    let failed = false;
    const lines = first.map((line): BuildLine => {
      const cost = costOf(line);
      if (line.stage !== null && !needed.has(line.stage)) return { ...line, state: "notNeeded", why: null, layer: null };
      const begun = at;
      at += line.state === "cached" ? 1 : cost.moments;
      if (failed) return { ...line, state: "skipped", layer: null };
      if (moment < begun) return { ...line, state: "waiting", layer: null, savedMilliseconds: null };
      const part = Math.min(1, (moment - begun) / (at - begun));
      spent += line.state === "cached" ? 0 : Math.round(cost.milliseconds * part);
      if (moment < at) return { ...line, state: "running", layer: null, milliseconds: Math.round(cost.milliseconds * part), outputLines: Math.round(cost.output * part) };
      if (line.state === "cached") return line;
      if (line.index === fails) {
        failed = true;
        return { ...line, state: "failed", milliseconds: cost.milliseconds, outputLines: cost.output + FAILURE_OUTPUT.length };
      }
      return { ...line, state: "done", milliseconds: cost.milliseconds, layer: layerOf(line, String(before?.number ?? 0)), outputLines: cost.output };
    });
    const view: BuildView = {
      file: fileOf(start.path), context: start.path.includes("alone") ? null : folderOf(start.path), tags: start.tags, number: (before?.number ?? 0) + 1,
      stages: stages.map((stage) => ({ ...stage, isNeeded: needed.has(stage.index) })), lines, contextFiles: 214, contextBytes: 1_900_000, keptOut: 48_102,
      milliseconds: Math.max(spent, moment * MOMENT_REAL_MS), failure: null, manifest: null, before,
    };
    return { view, ended: failed || moment >= at };
  }

  function start(request: BuildStart): number {
    const text = request.text ?? currentText(request.path);
    const file = fileOf(request.path);
    const first = forecast(request.path, text, request.noCache);
    const before = historyOf(file)[0] ?? null;
    const fails = /fail|mistake/.test(request.path) ? (first.findLast((line) => line.keyword === "RUN")?.index ?? null) : null;
    const startedAt = new Date().toISOString();
    const id = add({ kind: "build", title: request.tags[0] ?? nameOf(request.path), registry: "", reference: file, startedAt, build: viewAt(request, first, 0, before, fails).view }, (_, moment) => {
      const { view, ended } = viewAt(request, first, moment, before, fails);
      runs.set(id, { lines: view.lines, fails });
      if (request.path.includes("private") && moment > 1) return { change: { build: { ...view, failure: { index: 0, error: signIn, causes: [], hasFiles: false } } }, outcome: { type: "failed", error: signIn } };
      if (request.path.includes("early")) return { change: { build: null }, outcome: { type: "failed", error: fakeError("unreachable", "registry.example") } };
      if (!ended) return { change: { build: view }, outcome: null };
      if (fails !== null) {
        const error = { ...fakeError("buildStepFailed", first[fails]?.text ?? "RUN"), params: { exit: "127" }, actions: [] };
        const failure = { index: fails, error, causes: [{ code: "commandNotFound", subject: "pyhton" }, { code: "fileMissing", subject: "app.py" }], hasFiles: true };
        past.unshift(pastOf(request, { ...view, failure }, startedAt, null));
        return { change: { build: { ...view, failure } }, outcome: { type: "failed", error } };
      }
      const reference = request.tags[0] ?? null;
      const manifest = keep(reference ?? nameOf(request.path));
      built.set(file, text);
      past.unshift(pastOf(request, view, startedAt, manifest));
      return { change: { build: { ...view, manifest } }, outcome: { type: "built", manifest, reference } };
    });
    return id;
  }

  return {
    build_look: ({ path }) => look(path),
    build_start: start,
    build_output: ({ job, index, from, limit }) => {
      const line = runs.get(job)?.lines[index];
      const total = line?.outputLines ?? 0;
      const end = Math.min(total, from + limit);
      return { from, total, dropped: 0, lines: Array.from({ length: Math.max(0, end - from) }, (_, at) => outputLine(line, from + at, runs.get(job)?.fails === index)) };
    },
    build_history: ({ file, limit }) => (file === null ? past : historyOf(file)).slice(0, limit),
    build_what_if: ({ build, change }) => whatIf(build.text ?? currentText(build.path), change),
    dockerfile_save: ({ path, text, readText }) => {
      if (readText !== currentText(path)) throw fakeError("dockerfileChanged", path);
      saved.set(fileOf(path), text);
      return {};
    },
    build_examples: () => [...EXAMPLES],
    doctor: fakeDoctor,
  };
}

function pastOf(start: BuildStart, view: BuildView, startedAt: string, manifest: string | null): PastBuild {
  const lines = view.lines.filter((line) => line.state !== "notNeeded" && line.keyword !== "ARG");
  return {
    number: view.number, file: view.file, target: start.target, tags: view.tags, startedAt, milliseconds: view.milliseconds, manifest,
    bytes: lines.reduce((sum, line) => sum + (line.layer?.bytes ?? 0), 0), cached: lines.filter((line) => line.state === "cached").length,
    lines: lines.map((line) => ({ text: line.text, keyword: line.keyword, milliseconds: line.milliseconds, isCached: line.state === "cached", layer: line.layer })),
  };
}

/** Six builds of a week, the oldest first. */
function firstHistory(file: string): PastBuild[] {
  const { lines } = readDockerfile(textOf(file));
  const times = [61_000, 52_400, 14_100, 12_800, 58_000, 53_000];
  return times.map((milliseconds, at): PastBuild => {
    const all = lines.filter((line) => line.keyword !== "ARG");
    const cached = milliseconds < 20_000 ? 4 : 1;
    return {
      number: at + 1, file, target: null, tags: [`${nameOf(file)}:1.${at}`], startedAt: new Date(Date.now() - (6 - at) * 26 * 3_600_000).toISOString(), milliseconds,
      manifest: at === 3 ? null : fakeDigest(`${file}${at}`), bytes: 88_000_000 + at * 1_700_000 - (at > 3 ? 9_000_000 : 0), cached,
      lines: all.map((line, place) => ({ text: line.text, keyword: line.keyword, milliseconds: place < cached ? 0 : costOf(line).milliseconds, isCached: place < cached, layer: layerOf(line, "") })),
    };
  });
}

function outputLine(line: BuildLine | undefined, at: number, fails: boolean): OutputLine {
  const words = line?.text ?? "";
  const isLast = fails && at >= (line === undefined ? 0 : costOf(line).output);
  const text = isLast
    ? `\u001b[31m${FAILURE_OUTPUT[0] ?? ""}\u001b[0m`
    : words.includes("compileall") ? (at < 2 ? `Listing './${"shop".repeat(at)}'...` : `Compiling './shop/\u001b[36mmodule_${at}.py\u001b[0m'...`)
    : words.includes("pip") ? `Collecting \u001b[1mpackage-${at}\u001b[0m  \u001b[32m━━━━━━━━━━━━━━━━━━━━\u001b[0m ${(at * 0.7).toFixed(1)} kB` : `step ${at + 1}: \u001b[33mok\u001b[0m`;
  return { text, isError: isLast, milliseconds: at * 35 };
}

function whatIf(text: string, change: WhatIf): Response<"build_what_if"> {
  const { lines, stages } = readDockerfile(text);
  const costs = (anew: readonly number[]): number => anew.reduce((sum, index) => { const line = lines[index]; return sum + (line ? costOf(line).milliseconds : 0); }, 0);
  if (change.type === "moved") {
    const from = lines[change.from];
    const before = lines[change.before];
    if (from === undefined || before === undefined) return { anew: [], text: null, milliseconds: 0 };
    const others = lines.filter((line) => line.index !== from.index);
    const moved = others.toSpliced(others.findIndex((line) => line.index === before.index), 0, from).map((line) => line.text);
    const anew = follow(lines, Math.min(change.from, change.before), stages);
    return { anew, text: `${moved.join("\n")}\n`, milliseconds: costs(anew) };
  }
  const first = change.type === "argument"
    ? lines.find((line) => line.keyword !== "ARG" && line.text.includes(change.name))
    : lines.find((line) => sources(line).some((source) => source === "." || source === change.path || change.path.startsWith(`${source}/`)));
  const anew = first === undefined ? [] : follow(lines, first.index, stages);
  return { anew, text: null, milliseconds: costs(anew) };
}

/** What a machine of a person without extra ids can do. */
export function fakeDoctor(): Doctor {
  return {
    runMode: "singleId",
    probes: [
      { code: "userNamespace", state: "works", detail: null, fix: null, command: null },
      { code: "mappingTools", state: "fails", detail: "newuidmap: not found", fix: "installUidmap", command: "sudo apt install uidmap" },
      { code: "subIds", state: "limited", detail: "/etc/subuid has no line for mina", fix: "addSubIds", command: "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 mina" },
      { code: "overlay", state: "works", detail: null, fix: null, command: null },
      { code: "seccomp", state: "works", detail: null, fix: null, command: null },
      { code: "isolatedNetwork", state: "limited", detail: "/dev/net/tun: Permission denied", fix: "openTun", command: "sudo chmod 0666 /dev/net/tun" },
      { code: "root", state: "notNeeded", detail: null, fix: null, command: null },
    ],
  };
}

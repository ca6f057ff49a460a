// A pretended backend, so that the interface runs in a plain browser during design work and in tests. It keeps nothing.
import type { Backend, CommandName, Request, Response } from "./backend";
import { fakeDetail, fakeFiles, fakeImages, fakePlan } from "./fake-content";
import type { ImageSummary, JobEvent, JobSnapshot, PracticeStatus, Settings, Topic, UserError } from "./generated/types";

/** How often a pretended pull goes on, and in how many steps it is done. */
const TICK_MS = 120;
const TICKS = 25;

type Answers = { [K in CommandName]: (request: Request<K>) => Response<K> };

/** An error as the work would give it. */
export function fakeError(code: UserError["code"], subject: string): UserError {
  return { code, subject, params: { path: subject }, actions: [{ type: "retry" }], causes: [`${code}: ${subject}`], retryable: true };
}

/** A backend with a few images; `pull_start` of a name with `fail` in it fails. */
export function fake(): Backend {
  let settings: Settings = { language: "system", theme: "system", practiceRegistry: true };
  let images: readonly ImageSummary[] = fakeImages();
  let jobs: readonly JobSnapshot[] = [];
  let practice: PracticeStatus = practiceOn();
  const stopped = new Set<number>();
  const topics = new Set<(topic: Topic) => void>();
  const watchers = new Map<number, Set<(event: JobEvent) => void>>();

  const tell = (topic: Topic): void => topics.forEach((each) => each(topic));
  const update = (id: number, change: Partial<JobSnapshot>): void => {
    jobs = jobs.map((job) => (job.id === id ? { ...job, ...change } : job));
  };
  const send = (id: number, event: JobEvent): void => watchers.get(id)?.forEach((each) => each(event));

  function finish(id: number, outcome: NonNullable<JobSnapshot["outcome"]>): void {
    update(id, { outcome, bytesPerSecond: 0, secondsLeft: null });
    send(id, { type: "finished", outcome });
    if (outcome.type === "done") tell("images");
    tell("jobs");
  }

  function run(id: number, reference: string, tick: number): void {
    if (stopped.has(id)) return finish(id, { type: "stopped" });
    if (reference.includes("fail")) return finish(id, { type: "failed", error: fakeError("tagUnknown", reference) });
    const plan = fakePlan(reference);
    if (tick === TICKS) {
      const [image] = fakeImages();
      if (image) images = [{ ...image, reference, familiar: reference, repository: reference.replace(/:[^/:]*$/, "") }, ...images];
      return finish(id, { type: "done", reference, manifest: plan.manifest, digest: plan.target });
    }
    const steps = plan.strata.flatMap((stratum) => {
      if (stratum.digest === null) return [];
      const total = stratum.downloadBytes;
      const done = Math.min(total, Math.round((total * tick) / (TICKS - stratum.downloadBytes % 7)));
      return [{ id: stratum.digest, state: done === total ? ("done" as const) : ("downloading" as const), done, total }];
    });
    update(id, { plan, steps, bytesPerSecond: 18_400_000, secondsLeft: Math.ceil(((TICKS - tick) * TICK_MS) / 1000) });
    const job = jobs.find((each) => each.id === id);
    if (job) send(id, { type: "snapshot", job });
    setTimeout(() => run(id, reference, tick + 1), TICK_MS);
  }

  const answers: Answers = {
    app_info: () => ({ version: "0.1.0", storePath: "/data/strata/store", hostPlatform: "linux/amd64", locale: navigator.language }),
    settings_read: () => settings,
    settings_write: (request) => (settings = request.settings),
    images_list: () => ({
      images: [...images],
      totals: { imageCount: images.length, storedBytes: 1_900_000_000, imageBytes: 3_000_000_000, savedBytes: 1_100_000_000 },
    }),
    image_read: (request) => fakeDetail(request.manifest),
    file_rows: (request) => fakeFiles(request.query),
    file_preview: () => ({ text: "# A file\nversion = 1\n", hex: null, truncated: false, sizeBytes: 21 }),
    reference_explain: (request) => {
      if (!/^[a-z0-9][\w.:@/-]*$/.test(request.text)) throw fakeError("referenceInvalid", request.text);
      const [repository = "", tag = "latest"] = request.text.split(":");
      return { registry: "docker.io", repository: `library/${repository}`, tag, digest: null, full: `docker.io/library/${repository}:${tag}`, familiar: `${repository}:${tag}` };
    },
    pull_start: (request) => {
      if (request.reference.includes(" ")) throw fakeError("referenceInvalid", request.reference);
      const id = jobs.length + 1;
      const startedAt = new Date().toISOString();
      jobs = [{ id, kind: "pull", title: request.reference, startedAt, plan: null, steps: [], bytesPerSecond: 0, secondsLeft: null, outcome: null }, ...jobs];
      setTimeout(() => run(id, request.reference, 0), TICK_MS);
      return id;
    },
    jobs_list: () => [...jobs],
    job_stop: (request) => {
      stopped.add(request.id);
      return null;
    },
    practice_status: () => practice,
    practice_switch: (request) => {
      practice = request.on ? practiceOn() : { state: "off", address: null, images: [], error: null };
      return practice;
    },
    sign_in: () => null,
  };

  return {
    call: (name, request) =>
      new Promise((resolve, reject) => {
        try {
          resolve(answers[name](request));
        } catch (error) {
          reject(error as Error);
        }
      }),
    watchJob(id, onEvent) {
      const all = watchers.get(id) ?? new Set();
      watchers.set(id, all.add(onEvent));
      const job = jobs.find((each) => each.id === id);
      if (job) onEvent({ type: "snapshot", job });
      return () => all.delete(onEvent);
    },
    onChanged(onTopic) {
      topics.add(onTopic);
      return () => topics.delete(onTopic);
    },
  };
}

function practiceOn(): PracticeStatus {
  const image = (title: string, layerCount: number, downloadBytes: number): PracticeStatus["images"][number] => {
    const reference = `localhost:5150/practice/${title}:1.0`;
    return { reference, familiar: reference, title, layerCount, downloadBytes };
  };
  return { state: "running", address: "localhost:5150", images: [image("hello", 3, 49_000), image("greeter", 4, 200_000), image("toolbox", 3, 1_900_000)], error: null };
}

// A pretended backend, so that the interface runs in a plain browser during design work and in tests. It keeps nothing, and is
// no part of what is shipped.
import type { Backend, CommandName, Request, Response } from "./backend";
import { fakeDetail, fakeFiles, fakeImage, fakeImages, fakeList, fakeLook, fakeParts, fakePractice, fakeTags } from "./fake-content";
import { failureOf, fakeError, fakeJob, MOMENTS, momentOf } from "./fake-pull";
import { fakeRegistries } from "./fake-registries";
import { fakeXray, sentAt } from "./fake-xray";
import type { ImageSummary, JobEvent, JobSnapshot, Outcome, PracticeStatus, ReferenceParts, Settings, Topic } from "./generated/types";

export { fakeError } from "./fake-pull";

/** How often a pretended pull goes on. */
const MOMENT_MS = 120;
const SPEED = 18_400_000;

export interface FakeStart {
  /** What is in the store. */
  images?: readonly ImageSummary[];
  /** How long one moment of a pull takes. */
  momentMs?: number;
}

/** How much of a job is done, from 0 to 1. */
function partOf(job: JobSnapshot): number {
  const total = job.steps.reduce((sum, step) => sum + (step.total ?? 0), 0);
  return total === 0 ? 0 : job.steps.reduce((sum, step) => sum + step.done, 0) / total;
}

function notPretended(): never {
  throw fakeError("internal", "this is not pretended");
}

type Answers = { [K in CommandName]: (request: Request<K>) => Response<K> };

/** A backend with some images. A pull of a name with `fail`, `private`, `platform` or `full` in it fails, each in its way. */
export function fake({ images: first = fakeImages(), momentMs = MOMENT_MS }: FakeStart = {}): Backend {
  let settings: Settings = {
    language: "system", theme: "system", practiceRegistry: true, pullsAtOnce: 3, layersPerRegistry: 6, downloadLimit: 0, leastRate: 0, proxy: { type: "system" },
    registries: [], plainHttp: [], mirrors: [], trustedRealms: [],
  };
  let images = first;
  let jobs: readonly JobSnapshot[] = [];
  let practice: PracticeStatus = fakePractice();
  const stopped = new Set<number>();
  const topics = new Set<(topic: Topic) => void>();
  const watchers = new Map<number, Set<(event: JobEvent) => void>>();

  const tell = (topic: Topic): void => topics.forEach((each) => each(topic));
  const send = (id: number, event: JobEvent): void => watchers.get(id)?.forEach((each) => each(event));
  const registries = fakeRegistries({ settings: () => settings, keep: (kept) => (settings = kept), images: () => images, tell });
  const update = (id: number, change: Partial<JobSnapshot>): void => {
    jobs = jobs.map((job) => (job.id === id ? { ...job, ...change } : job));
  };

  function finish(id: number, outcome: Outcome): void {
    update(id, { outcome, state: "ended", bytesPerSecond: 0, secondsLeft: null });
    send(id, { type: "finished", outcome });
    if (outcome.type === "done") tell("images");
    tell("jobs");
  }

  function go(id: number, parts: ReferenceParts, platform: string | null, moment: number): void {
    const error = failureOf(parts.familiar, platform, registries.isSignedIn());
    if (stopped.has(id)) return finish(id, { type: "stopped" });
    if (error !== null) return finish(id, { type: "failed", error });
    const { plan, steps } = momentOf(parts.full, platform, moment);
    const bytesPerSecond = moment < MOMENTS ? SPEED : 0;
    const secondsLeft = moment < MOMENTS ? Math.ceil(((MOMENTS - moment) * MOMENT_MS) / 1000) : null;
    update(id, { plan, steps, bytesPerSecond, secondsLeft });
    send(id, moment === 0 ? { type: "plan", plan, steps } : { type: "progress", steps, bytesPerSecond, secondsLeft, pace: "steady" });
    if (moment === MOMENTS) {
      const image = fakeImage(parts.full, { layerCount: 6, sizeBytes: 412_000_000, onlyHereBytes: plan.totalBytes - plan.alreadyHereBytes, sharedBytes: plan.alreadyHereBytes, platform: plan.platform, age: 0 });
      images = [image, ...images.filter((each) => each.reference !== parts.full)];
      return finish(id, { type: "done", reference: parts.full, manifest: plan.manifest, digest: plan.target });
    }
    setTimeout(() => go(id, parts, platform, moment + 1), momentMs);
  }

  function partsOf(text: string): ReferenceParts {
    try {
      return fakeParts(text);
    } catch {
      throw { ...fakeError("referenceInvalid", text), params: { reason: "a name has small letters, digits and . _ - /" }, actions: [] };
    }
  }

  function imageOf(manifest: string): ImageSummary {
    const image = images.find((each) => each.manifest === manifest);
    if (image === undefined) throw fakeError("imageUnknown", manifest);
    return image;
  }

  const answers: Answers = {
    app_info: () => ({ version: "0.1.0", storePath: "/data/strata/store", hostPlatform: "linux/amd64", locale: navigator.language }),
    settings_read: () => settings,
    settings_write: (request) => (settings = request.settings),
    images_list: () => fakeList(images),
    image_read: (request) => fakeDetail(imageOf(request.manifest)),
    file_rows: (request) => fakeFiles(request.query),
    file_preview: () => ({ text: "# A file\nversion = 1\n", hex: null, truncated: false, sizeBytes: 21 }),
    reference_explain: (request) => partsOf(request.text),
    image_look: (request) => {
      if (request.reference.includes("fail")) throw fakeError("tagUnknown", request.reference);
      return fakeLook(request.reference, request.platform);
    },
    tags_list: (request) => fakeTags(request.reference),
    tag_target: (request) => ({ digest: `sha256:${(/latest|1\.27\.3/.test(request.reference) ? "ab" : "cd").repeat(32)}`, here: null }),
    pull_start: (request) => {
      const parts = partsOf(request.reference);
      const id = jobs.length + 1;
      const startedAt = new Date().toISOString();
      jobs = [fakeJob({ id, title: parts.familiar, registry: parts.registry, reference: request.reference, platform: request.platform, startedAt }), ...jobs];
      setTimeout(() => go(id, parts, request.platform, 0), momentMs);
      return id;
    },
    jobs_list: () => [...jobs],
    job_stop: (request) => {
      stopped.add(request.id);
      return null;
    },
    practice_status: () => practice,
    practice_switch: (request) => {
      practice = request.on ? fakePractice() : { state: "off", address: null, images: [], error: null };
      tell("practice");
      return practice;
    },
    offer_sizes: (request) => fakeLook(request.reference, null).offers.map(({ manifest }, at) => ({ manifest, totalBytes: 137_000_000 + at * 4_000_000, hereBytes: 41_700_000 })),
    tag_facts: (request) => ({ tags: fakeTags(request.reference).tags.map(({ name }) => ({ name, digest: null, sizeBytes: 137_000_000, updatedAt: null })), next: null }),
    peek_rows: (request) => fakeFiles({ ...request, manifest: "", layer: 1, scope: "layer" }),
    survey_start: notPretended,
    layer_peek_start: notPretended,
    pull_many_start: notPretended,
    job_pause: () => null,
    job_resume: () => null,
    job_move: () => null,
    jobs_pause: () => null,
    xray_read: ({ scope, since }) => {
      const job = scope.type === "job" ? jobs.find((each) => each.id === scope.id) : undefined;
      return fakeXray(job === undefined || job.outcome !== null ? Infinity : sentAt(partOf(job)), since);
    },
    ...registries.answers,
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

// A pretended backend, so that the interface runs in a plain browser during design work and in tests. It keeps nothing, and is
// no part of what is shipped.
import type { Backend, CommandName, DropEvent, Request, Response } from "./backend";
import { fakeBuilds } from "./fake-build";
import { fakeChain, fakeFindings, fakeComparison, fakeDetail, fakeDigest, fakeFiles, fakeImage, fakeImages, fakeList, fakeParts, fakePractice, fakeSpace } from "./fake-content";
import { fakeHints } from "./fake-hints";
import { fakeJobs } from "./fake-jobs";
import { fakeError, MOMENT_MS } from "./fake-pull";
import { fakeRegistries } from "./fake-registries";
import { fakeFacts, fakeLook, fakeSizes, fakeTags, fakeTarget } from "./fake-tags";
import { fakeXray, sentAt } from "./fake-xray";
import type { ImageSummary, JobSnapshot, PracticeStatus, ReferenceParts, Settings, Topic } from "./generated/types";

export { fakeError } from "./fake-pull";

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

type Answers = { [K in CommandName]: (request: Request<K>) => Response<K> };

/** A backend with some images. A pull of a name with `fail`, `private`, `platform` or `full` in it fails, each in its way. */
export function fake({ images: first = fakeImages(), momentMs = MOMENT_MS }: FakeStart = {}): Backend {
  let settings: Settings = {
    language: "system", theme: "system", practiceRegistry: true, pullsAtOnce: 3, layersPerRegistry: 6, downloadLimit: 0, leastRate: 0, proxy: { type: "system" },
    registries: [], plainHttp: [], mirrors: [], trustedRealms: [],
  };
  let images = first;
  let practice: PracticeStatus = fakePractice();
  const topics = new Set<(topic: Topic) => void>();

  const tell = (topic: Topic): void => topics.forEach((each) => each(topic));
  const registries = fakeRegistries({ settings: () => settings, keep: (kept) => (settings = kept), images: () => images, tell });

  /** Has an image in the store that was pulled. */
  function keep(reference: string, { plan }: JobSnapshot): void {
    if (plan === null) return;
    const { totalBytes, alreadyHereBytes: sharedBytes, platform } = plan;
    const image = fakeImage(reference, { layerCount: 6, sizeBytes: 412_000_000, onlyHereBytes: totalBytes - sharedBytes, sharedBytes, platform, age: 0 });
    images = [image, ...images.filter((each) => each.reference !== reference)];
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

  /** Has an image in the store that was built; gives its manifest. */
  function keepBuilt(reference: string): string {
    const image = fakeImage(`docker.io/library/${reference}`, { layerCount: 5, sizeBytes: 96_000_000, onlyHereBytes: 34_000_000, sharedBytes: 62_000_000, platform: "linux/amd64", age: 0 });
    images = [image, ...images.filter((each) => each.reference !== image.reference)];
    return image.manifest;
  }

  const jobs = fakeJobs({ settings: () => settings, isSignedIn: registries.isSignedIn, partsOf, keep, tell, momentMs });
  const builds = fakeBuilds({ add: jobs.add, keep: keepBuilt });

  const answers: Answers = {
    app_info: () => ({ version: "0.1.0", storePath: "/data/strata/store", hostPlatform: "linux/amd64", locale: navigator.language, downloads: "/downloads" }),
    settings_read: () => settings,
    settings_write: (request) => (settings = request.settings),
    images_list: () => fakeList(images),
    image_read: (request) => fakeDetail(imageOf(request.manifest)),
    file_rows: (request) => fakeFiles(request.query),
    waste_read: () => ({ carriedBytes: 1000, buriedBytes: 0, diveMinimumBytes: 1000, diveDiscoveredBytes: 1000, diveWastedBytes: 0, layers: [], arcs: [] }),
    owners_read: () => ({ users: [{ id: 0, name: "root" }], groups: [{ id: 0, name: "root" }] }),
    space_read: fakeSpace,
    layer_sharers: () => [{ reference: "docker.io/library/shop-api:1.3", names: ["shop-api:1.3"], manifest: fakeDigest("docker.io/library/shop-api:1.3"), layer: 1 }],
    who_read: () => [{ layer: 1, change: "added", instruction: "FROM scratch", sizeBytes: 5 }],
    file_preview: () => ({ kind: "text", mediaType: "text/plain", text: "# A file\nversion = 1\n", encoding: "UTF-8", truncated: false, sizeBytes: 21 }),
    compare_read: (request) => fakeComparison(imageOf(request.left), imageOf(request.right)),
    compare_rows: (request) => fakeFiles({ ...request, manifest: "", layer: 1, scope: "layer" }),
    tag_changes: (request) => fakeComparison(imageOf(request.manifest), imageOf(request.manifest)),
    file_diff: () => ({ isText: true, isSame: false, isCut: false, oldBytes: 6, newBytes: 6, added: 1, removed: 1, hunks: [{ lines: [{ change: "removed", old: 1, new: null, text: "old" }, { change: "added", old: null, new: 1, text: "new" }] }] }),
    chain_read: (request) => fakeChain(imageOf(request.manifest)),
    digest_check: (request) => ({ expected: request.type === "blob" ? request.digest : "sha256:1", found: request.type === "blob" ? request.digest : "sha256:2", bytes: 10 }),
    dockerfile_read: () => [{ text: "FROM scratch", layer: null, unknown: ["base"] }, { text: "RUN make", layer: 1, unknown: ["mounts"] }],
    file_hex: (request) => ({ offset: request.offset, text: `${request.offset.toString(16).padStart(8, "0")}  61\n`, sizeBytes: 21 }),
    file_details: () => ({ type: "nothing" }),
    file_save: (request) => ({ path: `${request.folder}/file`, files: 1, bytes: 21, skipped: 0 }),
    findings_read: () => fakeFindings(),
    sbom_save: (request) => ({ path: `${request.folder}/list.json`, files: 1, bytes: 9, skipped: 0 }),
    files_search: (request) => ({ found: [{ path: `app/${request.text}.py`, layer: 4, kind: "file", sizeBytes: 7, isDeletion: false, hiddenBy: 5 }], total: 1 }),
    ...builds,
    ...fakeHints(),
    reference_explain: (request) => partsOf(request.text),
    image_look: (request) => {
      if (request.reference.includes("fail")) throw fakeError("tagUnknown", request.reference);
      return fakeLook(request.reference, request.platform);
    },
    tags_list: (request) => fakeTags(request.reference),
    tag_target: (request) => fakeTarget(request.reference),
    offer_sizes: (request) => fakeSizes(request.reference),
    tag_facts: (request) => fakeFacts(request.reference, request.next),
    practice_status: () => practice,
    practice_switch: (request) => {
      practice = request.on ? fakePractice() : { state: "off", address: null, images: [], error: null };
      tell("practice");
      return practice;
    },
    peek_rows: (request) => fakeFiles({ ...request, manifest: "", layer: 1, scope: "layer" }),
    xray_read: ({ scope, since }) => {
      const job = scope.type === "job" ? jobs.find(scope.id) : undefined;
      return fakeXray(job === undefined || job.outcome !== null ? Infinity : sentAt(partOf(job)), since);
    },
    ...jobs.answers,
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
    watchJob: jobs.watch,
    // A page of a browser is not told the paths of what is dropped: tests and design work send this event.
    onDrop(onDrop) {
      const hear = (event: Event): void => onDrop((event as CustomEvent<DropEvent>).detail);
      window.addEventListener("pretended-drop", hear);
      return () => window.removeEventListener("pretended-drop", hear);
    },
    canBrowse: true,
    choosePath: () => Promise.resolve("/data/shop"),
    onChanged(onTopic) {
      topics.add(onTopic);
      return () => topics.delete(onTopic);
    },
  };
}

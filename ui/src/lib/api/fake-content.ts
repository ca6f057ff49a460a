// What the pretended backend shows: some images, the strata of one, its files.
import type { Chain, Findings, ComparedImage, Comparison, FileQuery, FileRow, FileRows, ImageDetail, ImageList, ImageSummary, PracticeStatus, PullPlan, ReferenceParts, Space, SpacePart, SpaceRead, Stratum } from "./generated/types";

const HOUR_MS = 3_600_000;

/** A digest that is the same for the same seed and looks like one. */
export function fakeDigest(seed: string): string {
  const mix = (state: number, value: number): number => Math.imul(state ^ value, 16_777_619) >>> 0;
  let state = [...seed].reduce((all, letter) => mix(all, letter.charCodeAt(0)), 2_166_136_261);
  let hex = "";
  for (let at = 0; at < 8; at += 1) {
    state = mix(state ^ (state >>> 13), at + 1);
    hex += state.toString(16).padStart(8, "0");
  }
  return `sha256:${hex}`;
}

/** Five images, the newest first: one that lost its name, one for another machine. */
export function fakeImages(): ImageSummary[] {
  return [
    fakeImage("docker.io/library/shop-api:1.4", { layerCount: 6, sizeBytes: 412_000_000, onlyHereBytes: 51_000_000, sharedBytes: 87_000_000 }),
    fakeImage("docker.io/library/shop-api:1.3", { layerCount: 6, sizeBytes: 409_000_000, onlyHereBytes: 50_000_000, sharedBytes: 87_000_000, age: 26 }),
    { ...fakeImage("docker.io/library/shop-api:old", { layerCount: 6, sizeBytes: 401_000_000, onlyHereBytes: 48_000_000, sharedBytes: 41_700_000, age: 700 }), reference: null, tag: null, familiar: "shop-api" },
    fakeImage("ghcr.io/acme/a-longer-name-of-a-service:2025.11.24-rc.1", { layerCount: 11, sizeBytes: 890_000_000, onlyHereBytes: 310_000_000, sharedBytes: 0, age: 90, platform: "linux/arm64/v8" }),
    fakeImage("docker.io/library/nginx:1.27-alpine", { layerCount: 8, sizeBytes: 48_000_000, onlyHereBytes: 19_000_000, sharedBytes: 0, age: 2000 }),
  ];
}

interface Traits {
  layerCount: number;
  sizeBytes: number;
  onlyHereBytes: number;
  sharedBytes: number;
  /** Hours since it was made. */
  age?: number;
  platform?: string;
}

/** An image under this full reference. */
export function fakeImage(reference: string, { age = 2, platform = "linux/amd64", ...sizes }: Traits): ImageSummary {
  const { familiar, tag } = fakeParts(reference);
  const then = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();
  return {
    reference, familiar, repository: familiar.replace(/:[^/:]*$/, ""), tag, target: fakeDigest(`target ${reference}`), manifest: fakeDigest(reference),
    imageId: fakeDigest(`id ${reference}`), platform, runsHere: platform === "linux/amd64", downloadBytes: sizes.onlyHereBytes + sizes.sharedBytes,
    created: then(age), pulledAt: then(age / 2), ...sizes,
  };
}

/** The list with its totals. */
export function fakeList(images: readonly ImageSummary[]): ImageList {
  const imageBytes = images.reduce((sum, image) => sum + image.downloadBytes, 0);
  const savedBytes = Math.round(images.reduce((sum, image) => sum + image.sharedBytes, 0) / 2);
  return { images: [...images], totals: { imageCount: images.length, storedBytes: imageBytes - savedBytes, imageBytes, savedBytes } };
}

/** What was typed, taken apart; nothing if it cannot be a name. The real rules are the work's: these are enough to look at. */
export function fakeParts(typed: string): ReferenceParts {
  const match = /^(?:((?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?|localhost:\d+)\/)?([a-z0-9][a-z0-9._/-]*)(?::([\w][\w.-]*))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(typed);
  if (match === null) throw new RangeError(typed);
  const [, host, path = "", typedTag, digest = null] = match;
  const registry = host ?? "docker.io";
  const isHub = registry === "docker.io";
  const repository = isHub && !path.includes("/") ? `library/${path}` : path;
  const tag = typedTag ?? (digest === null ? "latest" : null);
  const tail = `${tag === null ? "" : `:${tag}`}${digest === null ? "" : `@${digest}`}`;
  const short = isHub ? repository.replace(/^library\//, "") : `${registry}/${repository}`;
  return { registry, repository, tag, digest, full: `${registry}/${repository}${tail}`, familiar: `${short}${tail}` };
}

function strata(): Stratum[] {
  const step = (layer: number | null, kind: Stratum["kind"], instruction: string, bytes: number, sharedWith = 0): Stratum => ({
    layer, kind, instruction, created: null, comment: null, mediaType: null, sharedWith, sizeBytes: bytes, downloadBytes: Math.round(bytes / 3),
    digest: layer === null ? null : fakeDigest(`layer ${layer}`), diffId: layer === null ? null : fakeDigest(`diff ${layer}`),
  });
  return [
    step(1, "base", "FROM debian:12-slim", 125_000_000, 3),
    step(2, "run", "RUN apt-get update && apt-get install -y python3 build-essential", 136_000_000),
    step(null, "settings", "ENV PYTHONUNBUFFERED=1", 0),
    step(3, "copy", "COPY requirements.txt /app/", 1_200),
    step(4, "run", "RUN pip install -r requirements.txt", 148_000_000),
    step(5, "run", "RUN rm -rf /var/lib/apt/lists", 200),
    step(6, "copy", "COPY . /app", 3_100_000),
    step(null, "settings", "EXPOSE map[8000/tcp:{}]", 0),
    step(null, "settings", 'CMD ["python" "app.py"]', 0),
  ];
}

/** The plan of a pull; the lowest layer is here already. */
export function fakePlan(reference: string, platform: string): PullPlan {
  const all = strata();
  const totalBytes = all.reduce((sum, stratum) => sum + stratum.downloadBytes, 0);
  const { familiar, full } = fakeParts(reference);
  return { reference: full, familiar, target: fakeDigest(`target ${full}`), manifest: fakeDigest(full), platform, strata: all, totalBytes, alreadyHereBytes: all[0]?.downloadBytes ?? 0 };
}

/** One image, whole. */
export function fakeDetail(summary: ImageSummary): ImageDetail {
  return {
    summary,
    strata: strata(),
    settings: { command: ["python", "app.py"], entrypoint: [], env: ["PATH=/usr/bin:/bin"], user: "", workingDir: "/app", ports: ["8000/tcp"], volumes: [], labels: {}, stopSignal: null, healthCheck: null, shell: [], onBuild: [] },
    author: null,
    base: { layers: 1, strata: 1, name: "debian:12-slim", otherNames: [], reference: "docker.io/library/debian:12-slim", manifest: fakeDigest("debian"), how: "local" },
  };
}

/** Packages and secrets: one of each kind that is shown in a way of its own. */
export function fakeFindings(): Findings {
  const found = (name: string, layer: number): Findings["packages"][number] => ({
    ecosystem: layer === 1 ? "deb" : "python", name, version: "1.0", architecture: "amd64", license: null, layer, path: "var/lib/dpkg/status", installedBytes: 1000, purl: `pkg:deb/debian/${name}@1.0`,
  });
  return {
    distribution: "Debian 12", packages: [found("curl", 1), found("flask", 4)], unread: [], skipped: 0,
    secrets: [
      { rule: "aws-access-key", severity: "certain", place: { type: "file", path: "root/.env", layer: 2, row: 0, hiddenBy: 5 }, line: 1, masked: "AKIA****" },
      { rule: "password", severity: "likely", place: { type: "environment", name: "DB_PASSWORD" }, line: null, masked: "hu****" },
    ],
  };
}

/** The documents of an image. */
export function fakeChain(image: ImageSummary): Chain {
  const text = JSON.stringify({ schemaVersion: 2, config: { digest: image.imageId, size: 7 }, layers: [] });
  return {
    documents: [{ role: "manifest", digest: image.manifest, mediaType: "application/vnd.oci.image.manifest.v1+json", sizeBytes: text.length, text }],
    layers: [{ layer: 1, digest: fakeDigest("layer 1"), diffId: fakeDigest("diff 1"), mediaType: "", sizeBytes: 1000 }],
  };
}

/** Two images beside each other: one layer is the same, one was made anew, one is only in the right one. */
export function fakeComparison(left: ImageSummary, right: ImageSummary): Comparison {
  const side = (image: ImageSummary): ComparedImage => ({
    familiar: image.familiar, manifest: image.manifest, platform: image.platform, created: image.created,
    layerCount: image.layerCount, downloadBytes: image.downloadBytes, sizeBytes: image.sizeBytes, isHere: true,
  });
  const layer = (number: number, instruction: string): Comparison["layers"][number]["left"] => ({
    layer: number, kind: "run", instruction, digest: fakeDigest(instruction), downloadBytes: 1_000_000,
  });
  return {
    left: side(left), right: side(right),
    layers: [
      { state: "same", left: layer(1, "FROM debian"), right: layer(1, "FROM debian") },
      { state: "changed", left: layer(2, "RUN make"), right: layer(2, "RUN make") },
      { state: "right", left: null, right: layer(3, "COPY . /app") },
    ],
    settings: [
      { field: "command", name: "", state: "same", left: "sh", right: "sh" },
      { field: "env", name: "VERSION", state: "changed", left: "1", right: "2" },
    ],
    files: { changed: 1, left: 2, right: 3 }, sharedBytes: 1_000_000, missingBytes: 0,
  };
}

/** The practice registry, at work. */
export function fakePractice(): PracticeStatus {
  const address = "localhost:5150";
  const image = (title: string, layerCount: number, downloadBytes: number): PracticeStatus["images"][number] => {
    const reference = `${address}/practice/${title}:1.0`;
    return { reference, familiar: reference, title, layerCount, downloadBytes };
  };
  return { state: "running", address, images: [image("hello", 3, 49_000), image("greeter", 4, 200_000), image("toolbox", 3, 1_900_000)], error: null };
}

const FILES = 1000;

/** A page of a flat list of files. */
export function fakeFiles(query: FileQuery): FileRows {
  const end = Math.min(FILES, query.from + query.count);
  const rows: FileRow[] = [];
  for (let index = query.from; index < end; index += 1) {
    const name = `file-${String(index).padStart(4, "0")}.py`;
    rows.push({
      id: index, index, depth: 0, name, path: name, kind: "file", hasChildren: false, open: false, sizeBytes: 1000 + index, files: 1, share: 1 / FILES,
      ofNothing: false, changedBelow: false, mode: "0644", uid: 0, gid: 0, modified: "2025-01-01T00:00:00Z", target: null, device: null, capabilities: null, xattrs: [], change: "added", layer: query.layer, wasIn: null,
      positionInSet: index + 1, setSize: FILES,
    });
  }
  return { total: FILES, files: FILES, counts: { added: FILES, changed: 0, deleted: 0 }, from: query.from, rows };
}

/** What a folder of the pretended image holds: the root, or whatever folder is asked for. */
export function fakeSpace({ id, buried }: SpaceRead): Space {
  const part = (at: number, name: string, kind: SpacePart["kind"], bytes: number, layer: number, children: SpacePart[] = []): SpacePart => ({
    id: at, name, path: id === null ? name : `usr/${name}`, kind, bytes, files: kind === "directory" ? 40 : 1, share: bytes / 409_000_000, layer, oneLayer: children.length === 0, count: 1, by: null, children,
  });
  const inside = [part(11, "lib", "directory", 180_000_000, 4), part(12, "bin", "directory", 60_000_000, 2), part(13, "share", "directory", 30_000_000, 1), part(14, "notes.txt", "file", 3_000_000, 3)];
  const parts = id === null ? [part(1, "usr", "directory", 273_000_000, 4, inside), part(2, "var", "directory", 90_000_000, 2), part(3, "app", "directory", 40_000_000, 6), part(4, "etc", "directory", 6_000_000, 1)] : inside;
  const more: SpacePart = { ...part(0, "", "directory", 400_000, 1), id: null, count: 12, files: 12 };
  const hidden: SpacePart = { ...part(0, "var", "directory", 41_000_000, 2), id: null, by: 5 };
  const bytes = parts.reduce((sum, each) => sum + each.bytes, more.bytes);
  return {
    steps: id === null ? [] : [{ id, name: "usr" }], bytes, files: 15_000, allBytes: bytes,
    layers: [1, 2, 4, 6].map((layer) => ({ layer, bytes: Math.round(bytes / 4) })), parts: [...parts, more],
    buriedBytes: buried ? hidden.bytes : 0, buried: buried ? [hidden] : [],
  };
}

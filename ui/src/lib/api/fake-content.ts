// What the pretended backend shows: a few images, the strata of one, some files.
import type { FileQuery, FileRow, FileRows, ImageDetail, ImageSummary, PullPlan, Stratum } from "./generated/types";

const MANIFEST = `sha256:${"9f2c41d8".repeat(8)}`;

/** Three images, the newest first. */
export function fakeImages(): ImageSummary[] {
  return [
    summary("shop-api", "1.4", 6, 412_000_000, 151_000_000, 261_000_000),
    summary("shop-api", "1.3", 6, 409_000_000, 148_000_000, 261_000_000),
    summary("nginx", "1.27-alpine", 8, 48_000_000, 19_000_000, 0),
  ];
}

function summary(repository: string, tag: string, layerCount: number, sizeBytes: number, onlyHereBytes: number, sharedBytes: number): ImageSummary {
  const familiar = `${repository}:${tag}`;
  return {
    reference: `docker.io/library/${familiar}`, familiar, repository, tag, target: MANIFEST, manifest: MANIFEST, imageId: MANIFEST,
    platform: "linux/amd64", runsHere: true, layerCount, downloadBytes: onlyHereBytes + sharedBytes, sizeBytes, onlyHereBytes, sharedBytes,
    created: "2025-01-01T00:00:00Z", pulledAt: "2025-01-02T00:00:00Z",
  };
}

function strata(): Stratum[] {
  const step = (layer: number | null, kind: Stratum["kind"], instruction: string, bytes: number, sharedWith = 0): Stratum => ({
    layer, kind, instruction, created: null, comment: null, mediaType: null, counts: null, sharedWith, sizeBytes: bytes, downloadBytes: Math.round(bytes / 3),
    digest: layer === null ? null : `sha256:${String(layer).repeat(64)}`, diffId: layer === null ? null : `sha256:${String(layer).repeat(64)}`,
  });
  return [
    step(1, "base", "FROM debian:12-slim", 125_000_000, 3),
    step(2, "run", "RUN apt-get update && apt-get install -y python3 build-essential", 136_000_000),
    step(null, "settings", "ENV PYTHONUNBUFFERED=1", 0),
    step(3, "copy", "COPY requirements.txt /app/", 1_200),
    step(4, "run", "RUN pip install -r requirements.txt", 148_000_000),
    step(5, "run", "RUN rm -rf /var/lib/apt/lists", 200),
    step(6, "copy", "COPY . /app", 3_100_000),
    step(null, "settings", 'CMD ["python","app.py"]', 0),
  ];
}

/** The plan of a pull. */
export function fakePlan(reference: string): PullPlan {
  const all = strata();
  const totalBytes = all.reduce((sum, stratum) => sum + stratum.downloadBytes, 0);
  return { reference, familiar: reference, target: MANIFEST, manifest: MANIFEST, platform: "linux/amd64", strata: all, totalBytes, alreadyHereBytes: 0 };
}

/** One image, whole. */
export function fakeDetail(manifest: string): ImageDetail {
  const [first] = fakeImages();
  if (!first) throw new Error("there is no image");
  return {
    summary: { ...first, manifest },
    strata: strata(),
    settings: { command: ["python", "app.py"], entrypoint: [], env: ["PATH=/usr/bin:/bin"], user: "", workingDir: "/app", ports: ["8000/tcp"], volumes: [], labels: {}, stopSignal: null },
    author: null,
  };
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
      mode: "0644", uid: 0, gid: 0, modified: "2025-01-01T00:00:00Z", target: null, change: "added", layer: query.layer, wasIn: null,
      positionInSet: index + 1, setSize: FILES,
    });
  }
  return { total: FILES, files: FILES, counts: { added: FILES, changed: 0, deleted: 0 }, from: query.from, rows };
}

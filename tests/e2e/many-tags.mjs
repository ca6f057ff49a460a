// A registry with one repository of very many tags, which counts what it is asked.

import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import { gzipSync } from "node:zlib";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const PAGE = 1000;

const digest = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** Tags as a busy project has them: every patch of every minor version, with and without a flavour, and moving names. */
export function tagsOf(count) {
  const tags = ["latest", "stable", "edge", "1", "1.27"];
  for (let minor = 0; tags.length < count; minor += 1) {
    for (let patch = 0; patch < 40 && tags.length < count; patch += 1) {
      for (const flavour of ["", "-alpine", "-slim", "-bookworm", "-perl"]) {
        if (tags.length < count) tags.push(`1.${minor}.${patch}${flavour}`);
      }
    }
  }
  return tags;
}

/** The tag that a moving name stands for. */
const MOVING = { latest: "1.27.3", stable: "1.27.3", 1: "1.27.3", 1.27: "1.27.3" };

export class ManyTags {
  /** With so many tags; each image's layer has so many bytes that do not compress. */
  static async start(count, { bytes = 0 } = {}) {
    const registry = new ManyTags();
    registry.noise = randomBytes(bytes);
    registry.tags = tagsOf(count);
    /** The tags whose manifest was asked for by HEAD, each time. */
    registry.heads = [];
    registry.lists = 0;
    registry.server = http.createServer((request, response) => registry.#answer(request, response));
    await new Promise((resolve) => registry.server.listen(0, "127.0.0.1", resolve));
    registry.address = `localhost:${registry.server.address().port}`;
    registry.repository = `${registry.address}/story/many`;
    return registry;
  }

  #answer(request, response) {
    const url = new URL(request.url, "http://localhost");
    const send = (status, body, headers = {}) => {
      response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    if (url.pathname.endsWith("/tags/list")) return this.#list(url, send);
    const [, kind, name] = url.pathname.match(/\/story\/many\/(manifests|blobs)\/(.+)$/) ?? [];
    if (kind === "blobs") {
      const blob = this.blobs?.get(name);
      return blob ? send(200, blob) : send(404, "{}");
    }
    if (kind !== "manifests") return send(200, "{}");
    const tag = name.startsWith("sha256:") ? null : name;
    if (request.method === "HEAD" && tag) this.heads.push(tag);
    const manifest = tag ? this.#manifest(tag) : this.manifests?.get(name);
    if (!manifest) return send(404, JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] }));
    return send(200, manifest, { "content-type": MANIFEST, "docker-content-digest": digest(manifest) });
  }

  #list(url, send) {
    this.lists += 1;
    const sorted = this.tags.toSorted();
    const from = url.searchParams.get("last") ? sorted.indexOf(url.searchParams.get("last")) + 1 : 0;
    const page = sorted.slice(from, from + Math.min(Number(url.searchParams.get("n") ?? PAGE), PAGE));
    const more = from + page.length < sorted.length;
    const link = more ? { link: `</v2/story/many/tags/list?last=${page.at(-1)}&n=${PAGE}>; rel="next"` } : {};
    send(200, JSON.stringify({ name: "story/many", tags: page }), { "content-type": "application/json", ...link });
  }

  /** One small image for each version; moving names share that of the version they stand for. */
  #manifest(tag) {
    if (!this.tags.includes(tag)) return undefined;
    this.blobs ??= new Map();
    this.manifests ??= new Map();
    const version = MOVING[tag] ?? tag;
    // An empty tar, and what stands after its end.
    const tar = Buffer.concat([Buffer.alloc(1024), this.noise]);
    const layer = gzipSync(tar);
    const config = JSON.stringify({
      architecture: process.arch === "arm64" ? "arm64" : "amd64", os: "linux",
      config: { Cmd: ["/bin/true"], Env: [`VERSION=${version}`] },
      rootfs: { type: "layers", diff_ids: [digest(tar)] },
      history: [{ created_by: `COPY ${version} /` }],
    });
    this.blobs.set(digest(layer), layer).set(digest(config), config);
    const manifest = JSON.stringify({
      schemaVersion: 2, mediaType: MANIFEST,
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digest(config), size: Buffer.byteLength(config) },
      layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: digest(layer), size: layer.length }],
    });
    this.manifests.set(digest(manifest), manifest);
    return manifest;
  }

  end() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

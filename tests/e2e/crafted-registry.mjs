// A registry with images that are made here, byte by byte: of names and contents that no honest builder writes.

import { createHash } from "node:crypto";
import http from "node:http";
import { gzipSync } from "node:zlib";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const BLOCK = 512;

const digest = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** A tar of `{ path, content, type, target, mode }`; paths and targets may be bytes. Long ones get GNU's long names. */
export function tar(entries) {
  const blocks = [];
  for (const { path, content = "", type = "0", target = "", mode = 0o644 } of entries) {
    for (const [kind, text] of [["L", path], ["K", target]]) {
      const bytes = Buffer.from(text);
      if (bytes.length > 100) blocks.push(header({ path: "././@LongLink", size: bytes.length + 1, type: kind }), padded(Buffer.concat([bytes, Buffer.alloc(1)])));
    }
    const body = Buffer.from(content);
    blocks.push(header({ path, size: type === "0" ? body.length : 0, type, target, mode }));
    if (type === "0" && body.length > 0) blocks.push(padded(body));
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header({ path, size, type, target = "", mode = 0o644 }) {
  const block = Buffer.alloc(BLOCK);
  Buffer.from(path).copy(block, 0, 0, 100);
  block.write(`${mode.toString(8).padStart(7, "0")}\0`, 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("14742044000\0", 136);
  block.write("        ", 148);
  block.write(type, 156);
  Buffer.from(target).copy(block, 157, 0, 100);
  block.write("ustar  \0", 257);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

export class CraftedRegistry {
  /** With these images: `{ name, layers: [{ entries, createdBy }], config, annotations }`. */
  static async start(images) {
    const registry = new CraftedRegistry();
    registry.blobs = new Map();
    registry.manifests = new Map();
    for (const image of images) registry.#add(image);
    registry.server = http.createServer((request, response) => registry.#answer(request, response));
    await new Promise((resolve) => registry.server.listen(0, "127.0.0.1", resolve));
    registry.address = `localhost:${registry.server.address().port}`;
    return registry;
  }

  #add({ name, layers, config = {}, history = [], annotations = {} }) {
    const made = layers.map(({ entries }) => {
      const plain = tar(entries);
      const packed = gzipSync(plain);
      this.blobs.set(digest(packed), packed);
      return { plain, packed };
    });
    const text = JSON.stringify({
      architecture: process.arch === "arm64" ? "arm64" : "amd64", os: "linux", config,
      rootfs: { type: "layers", diff_ids: made.map(({ plain }) => digest(plain)) },
      history: [...layers.map(({ createdBy }) => ({ created_by: createdBy })), ...history.map((line) => ({ created_by: line, empty_layer: true }))],
    });
    this.blobs.set(digest(text), Buffer.from(text));
    const manifest = JSON.stringify({
      schemaVersion: 2, mediaType: MANIFEST, annotations,
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digest(text), size: Buffer.byteLength(text) },
      layers: made.map(({ packed }) => ({ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: digest(packed), size: packed.length })),
    });
    this.manifests.set(`${name}:1`, manifest).set(digest(manifest), manifest);
  }

  #answer(request, response) {
    const send = (status, body, headers = {}) => {
      response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    const [, name, kind, what] = new URL(request.url, "http://localhost").pathname.match(/^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/) ?? [];
    if (kind === undefined) return send(200, "{}");
    const body = kind === "blobs" ? this.blobs.get(what) : this.manifests.get(what.startsWith("sha256:") ? what : `${name}:${what}`);
    if (body === undefined) return send(404, JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] }));
    return send(200, body, kind === "manifests" ? { "content-type": MANIFEST, "docker-content-digest": digest(body) } : {});
  }

  end() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

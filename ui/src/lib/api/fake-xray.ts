// A pretended ladder: a pull as it goes with a token service and layers that lie elsewhere, one of which breaks off once.
import { fakeDigest } from "./fake-content";
import type { Xray, XrayRequest } from "./generated/types";

const REGISTRY = "https://registry-1.docker.io";
const ELSEWHERE = "https://cdn.example";

function request(id: number, part: Partial<XrayRequest>): XrayRequest {
  return {
    id, atMillis: id * 70, purpose: "manifest", outcome: "answered", method: "GET", origin: REGISTRY, path: "/v2/library/nginx/manifests/1.27", registry: "docker.io",
    subject: "1.27", signed: "bearer", rangeFrom: null, attempt: 1, status: 200, millis: 30 + ((id * 37) % 90), bytes: 2_290, httpVersion: "HTTP/2.0", detail: null,
    loginDropped: false, requestId: null, warnings: [], reason: null, ...part,
  };
}

/** All requests of a pull of six layers, as they are in the end. */
function requests(): XrayRequest[] {
  const all: Partial<XrayRequest>[] = [
    { outcome: "challenged", status: 401, signed: "no", detail: "Bearer", bytes: 160 },
    { purpose: "token", origin: "https://auth.docker.io", path: "/token?service=registry.docker.io&scope=repository%3Alibrary%2Fnginx%3Apull", subject: null, signed: "no", bytes: 4_100 },
    { requestId: "6fa1c2e7" },
    { subject: fakeDigest("manifest"), path: `/v2/library/nginx/manifests/${fakeDigest("manifest")}` },
  ];
  for (let layer = 1; layer <= 6; layer += 1) {
    const digest = fakeDigest(`layer ${layer}`);
    const blob = { purpose: "blob", subject: digest } as const;
    const moved = { ...blob, origin: ELSEWHERE, path: `/blobs/${digest}/data`, signed: "no" } as const;
    all.push({ ...blob, path: `/v2/library/nginx/blobs/${digest}`, outcome: "redirected", status: 307, detail: "cdn.example", loginDropped: true, bytes: null });
    if (layer === 2) {
      all.push({ ...moved, outcome: "broken", bytes: 3_100_000, reason: "the other side closed the connection" });
      all.push({ ...moved, outcome: "part", status: 206, rangeFrom: 3_100_000, attempt: 2, bytes: 42_200_000 });
    } else {
      all.push({ ...moved, bytes: layer * 4_100_000 });
    }
  }
  return all.map((part, at) => request(at + 1, part));
}

/** The ladder with so many of its requests sent; the last one has no answer yet unless all were. A version is a number of requests. */
export function fakeXray(sent: number, since: number): Xray {
  const all = requests();
  const shown = all.slice(0, Math.max(0, sent));
  const last = shown.at(-1);
  if (last !== undefined && shown.length < all.length) shown[shown.length - 1] = { ...last, outcome: "waiting", status: null, millis: null, bytes: null };
  // The one before the last was answered since then.
  return { version: shown.length, total: shown.length, requests: since > shown.length ? [] : shown.slice(Math.max(0, since - 1)) };
}

/** How many requests a pull has sent when a part of it, from 0 to 1, is done. */
export function sentAt(part: number): number {
  return Math.ceil(requests().length * Math.min(1, part + 0.2));
}

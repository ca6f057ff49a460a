// Requests for tests: a pull as it goes with a token service and a second server, and single ones with what matters set.
import type { XrayRequest } from "../../api/generated/types";

/** A request, with what is not told being of no matter. */
export function xrayRequest(part: Partial<XrayRequest> = {}): XrayRequest {
  return {
    id: 1, atMillis: 0, purpose: "manifest", outcome: "answered", method: "GET", origin: "https://registry-1.docker.io", path: "/v2/library/nginx/manifests/1.27",
    registry: "docker.io", subject: "1.27", signed: "no", rangeFrom: null, attempt: 1, status: 200, millis: 40, bytes: 1_024, httpVersion: "HTTP/2.0", detail: null,
    loginDropped: false, requestId: null, warnings: [], reason: null, ...part,
  };
}

/** Asked who we are, a token, a manifest, and a layer that lies elsewhere and breaks off once. */
export function pullRequests(): XrayRequest[] {
  const layer = `sha256:${"ab".repeat(32)}`;
  const blob = { purpose: "blob", path: `/v2/library/nginx/blobs/${layer}`, subject: layer, signed: "bearer" } as const;
  const elsewhere = { ...blob, origin: "https://cdn.example", path: `/data?sig=${"s3cret"}&n=1`, signed: "no" } as const;
  return [
    xrayRequest({ id: 1, outcome: "challenged", status: 401, detail: "Bearer" }),
    xrayRequest({ id: 2, atMillis: 50, purpose: "token", origin: "https://auth.docker.io", path: "/token?service=registry.docker.io&scope=repository:library/nginx:pull", subject: null }),
    xrayRequest({ id: 3, atMillis: 160, signed: "bearer" }),
    xrayRequest({ id: 4, atMillis: 210, ...blob, outcome: "redirected", status: 307, detail: "cdn.example", loginDropped: true, bytes: null }),
    xrayRequest({ id: 5, atMillis: 260, ...elsewhere, outcome: "broken", bytes: 3_100_000, reason: "the connection was reset" }),
    xrayRequest({ id: 6, atMillis: 900, ...elsewhere, outcome: "part", status: 206, rangeFrom: 3_100_000, attempt: 2, bytes: 9_000_000 }),
  ];
}

// Where each request went: to the registry, to its token service, or to a server that the registry sent us to.
import type { XrayRequest } from "../../api/generated/types";

/** One of the columns that the ladder stands on, from left to right. */
export type Lane = "registry" | "tokens" | "elsewhere";

const LANES = ["registry", "tokens", "elsewhere"] as const;

/** The columns of a ladder, and what stands in each. */
export interface Lanes {
  /** Those that are needed, from left to right; the registry always is. */
  shown: readonly Lane[];
  /** The hosts of each. */
  hosts: Readonly<Record<Lane, readonly string[]>>;
  /** Where a request went. */
  of: (request: XrayRequest) => Lane;
  /** Where a redirect leads; none for what is no redirect, or leads to the same column. */
  target: (request: XrayRequest) => Lane | null;
}

/** The host of an origin, with its port if that is not the usual one. */
export function hostOf(origin: string): string {
  return origin.replace(/^https:\/\/(.*?)(?::443)?$/i, "$1").replace(/^http:\/\/(.*?)(?::80)?$/i, "$1");
}

/** Hosts that redirects lead to, less those that are asked as registries themselves. */
function foreignHosts(requests: readonly XrayRequest[]): ReadonlySet<string> {
  const foreign = new Set<string>();
  const own = new Set<string>();
  for (const { outcome, detail, origin, purpose, registry } of requests) {
    const host = hostOf(origin);
    if (outcome === "redirected" && detail !== null && hostOf(detail) !== host) foreign.add(hostOf(detail));
    // Only a registry asks who we are, or is asked whether it is one.
    if (purpose === "ping" || (outcome === "challenged" && purpose !== "token") || host === registry) own.add(host);
  }
  for (const host of own) foreign.delete(host);
  return foreign;
}

/** The columns for these requests. */
export function lanesOf(requests: readonly XrayRequest[]): Lanes {
  const foreign = foreignHosts(requests);
  const of = (request: XrayRequest): Lane => {
    if (request.purpose === "token") return "tokens";
    if (request.purpose === "hub" || foreign.has(hostOf(request.origin))) return "elsewhere";
    return "registry";
  };
  const target = (request: XrayRequest): Lane | null => {
    if (request.outcome !== "redirected" || request.detail === null) return null;
    const lane = foreign.has(hostOf(request.detail)) ? "elsewhere" : "registry";
    return lane === of(request) ? null : lane;
  };
  const sets: Record<Lane, Set<string>> = { registry: new Set(), tokens: new Set(), elsewhere: new Set() };
  for (const request of requests) {
    sets[of(request)].add(hostOf(request.origin));
    if (target(request) === "elsewhere" && request.detail !== null) sets.elsewhere.add(hostOf(request.detail));
  }
  const hosts = { registry: [...sets.registry], tokens: [...sets.tokens], elsewhere: [...sets.elsewhere] };
  return { shown: LANES.filter((lane) => lane === "registry" || hosts[lane].length > 0), hosts, of, target };
}

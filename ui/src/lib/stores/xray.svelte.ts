// The requests of a job or of this run, followed while somebody looks at them.
import { call, type Stop } from "../api";
import type { XrayRequest, XrayScope } from "../api/generated/types";

/** How often a ladder that is looked at is asked for what is new. */
const PAUSE_MS = 300;
/** As many as the work keeps. */
const MOST = 2000;
/** No version is later than this one: asking for what came after it brings no request, only how many there were. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** The requests that are known with those that came or changed, by number. */
export function merged(known: readonly XrayRequest[], fresh: readonly XrayRequest[]): readonly XrayRequest[] {
  if (fresh.length === 0) return known;
  const all = new Map(known.map((request) => [request.id, request]));
  for (const request of fresh) all.set(request.id, request);
  return [...all.values()].sort((a, b) => a.id - b.id).slice(-MOST);
}

/** The ladder of one scope, as far as it was read. */
export class XrayFeed {
  requests = $state.raw<readonly XrayRequest[]>([]);
  /** How many requests there were in all. */
  total = $state(0);
  problem = $state.raw<unknown>(null);
  #version = 0;
  #asking = false;

  constructor(readonly scope: XrayScope) {}

  /** Asks for what changed since the last time. */
  async read(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const answer = await call("xray_read", { scope: this.scope, since: this.#version });
      this.#version = answer.version;
      this.total = answer.total;
      this.requests = merged(this.requests, answer.requests);
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
    this.#asking = false;
  }

  /** Reads now and then again and again, but not while nobody can see it. */
  follow(): Stop {
    const look = (): void => {
      if (!document.hidden) void this.read();
    };
    look();
    const timer = setInterval(look, PAUSE_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }
}

/** The number of the latest request outside of jobs; 0 if there is none. */
export async function latestOfSession(): Promise<number> {
  const answer = await call("xray_read", { scope: { type: "session" }, since: NEVER }).catch(() => null);
  return answer?.total ?? 0;
}

// The registries that are known, asked for anew whenever something about one changed, and which of them is looked at.
import { call, onChanged, type Stop } from "../api";
import type { RegistryEntry, RegistryList, SignedOut, Topic } from "../api/generated/types";
import { go } from "./route.svelte";
import { change, session } from "./session.svelte";

/** The name of Docker's registry in references. */
export const DOCKER_HUB = "docker.io";

/** What a person sees of a registry at a time. */
export type RegistryPart = "access" | "browse" | "trust" | "xray";

/** Changes that change what is known of registries. */
const TOPICS: readonly Topic[] = ["registries", "images", "settings"];

let list = $state.raw<RegistryList | null>(null);
let problem = $state.raw<unknown>(null);
let chosen = $state<string | null>(null);
let part = $state<RegistryPart>("access");
let asking = false;
let askAgain = false;

export const registries = {
  /** All that is known; none before it was read. */
  get list(): RegistryList | null {
    return list;
  },
  /** Why it could not be read. */
  get problem(): unknown {
    return problem;
  },
  /** The name of the one that is looked at; none for the practice registry. */
  get chosen(): string | null {
    return chosen;
  },
  /** What of it is looked at. */
  get part(): RegistryPart {
    return part;
  },
  set part(next: RegistryPart) {
    part = next;
  },
};

/** A registry of which nothing is known but its name. */
function unknown(registry: string): RegistryEntry {
  return {
    registry, isAdded: false, images: 0, login: null, isPlainHttp: false, isLoopback: /^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(registry), certificateFolders: [],
    hasOwnCertificate: false, mirrors: [], isBlocked: false, trustedRealms: [], rateLimit: null, warnings: [],
  };
}

/** Those to show: the known ones, and the one that is looked at even if nothing is known of it. */
export function shownRegistries(): readonly RegistryEntry[] {
  const known = list?.registries ?? [];
  return chosen === null || known.some((entry) => entry.registry === chosen) ? known : [...known, unknown(chosen)];
}

/** Looks at a registry, at the practice registry if none is named. */
export function choose(registry: string | null, wanted: RegistryPart = "access"): void {
  chosen = registry;
  part = wanted;
}

/** Shows the screen with a registry. */
export function showRegistry(registry: string | null, wanted: RegistryPart = "access"): void {
  choose(registry, wanted);
  go({ screen: "registries" });
}

/** Reads the list; a call while one runs makes it run once more. */
export async function readRegistries(): Promise<void> {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    list = await call("registries_list", {});
    problem = null;
  } catch (error) {
    problem = error;
  }
  asking = false;
  if (askAgain) {
    askAgain = false;
    await readRegistries();
  }
}

/** Reads the list now and after each change. */
export function followRegistries(): Stop {
  void readRegistries();
  return onChanged((topic) => {
    if (TOPICS.includes(topic)) void readRegistries();
  });
}

/** Puts a registry on the list and looks at it. What is no registry's name is refused. */
export async function addRegistry(typed: string): Promise<boolean> {
  const host = typed.trim().replace(/^https?:\/\//i, "").replace(/\/+$/, "").toLowerCase();
  // The work knows what is a name, and by what name references call it; that only the repository is left behind it shows that
  // all of it was taken as the registry.
  const parts = host === "" ? null : await call("reference_explain", { text: `${host}/repository` }).catch(() => null);
  if (parts === null || !/^(library\/)?repository$/.test(parts.repository)) return false;
  const { registry } = parts;
  if (!(list?.registries ?? []).some((entry) => entry.registry === registry)) {
    await change({ registries: [...session.settings.registries, registry] });
    await readRegistries();
  }
  choose(registry);
  return true;
}

/** Takes a registry that was added off the list. */
export async function removeRegistry(registry: string): Promise<void> {
  await change({ registries: session.settings.registries.filter((each) => each !== registry) });
  choose(DOCKER_HUB);
  await readRegistries();
}

/** Forgets a login that is kept here; tells which one of another tool is left. */
export async function signOut(registry: string): Promise<SignedOut> {
  const answer = await call("sign_out", { registry });
  await readRegistries();
  return answer;
}

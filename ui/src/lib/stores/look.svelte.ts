// What the registry has under a name, before anything is pulled: its tags, and one image. Asked for only when somebody wants to
// look: a registry is not asked with each key that is typed.
import { call } from "../api";
import type { ImageLook, OfferSize, TagFacts, TagList, TagTarget } from "../api/generated/types";

/** Tags that are followed to their digest, for one repository; each costs the registry a HEAD. */
const MOST_TARGETS = 100;
const AT_ONCE = 4;
/** Pages of facts that are read of one repository: Docker Hub gives a hundred tags a page, the newest first. */
const MOST_FACT_PAGES = 5;

/** The platform that was looked at; none for this machine's. */
type Platform = string | null;

let reference = $state("");
let platform = $state.raw<Platform>(null);
let tags = $state.raw<TagList | null>(null);
let tagsProblem = $state.raw<unknown>(null);
let image = $state.raw<ImageLook | null>(null);
let imageProblem = $state.raw<unknown>(null);
let targets = $state.raw<ReadonlyMap<string, TagTarget>>(new Map());
let facts = $state.raw<ReadonlyMap<string, TagFacts>>(new Map());
let offerSizes = $state.raw<ReadonlyMap<string, OfferSize>>(new Map());
let readingSizes = $state(false);
let turn = 0;
const asked = new Set<string>();
let waiting: string[] = [];
let running = 0;

export const looked = {
  /** What is looked at; empty for nothing. */
  get reference(): string {
    return reference;
  },
  get platform(): Platform {
    return platform;
  },
  get tags(): TagList | null {
    return tags;
  },
  get tagsProblem(): unknown {
    return tagsProblem;
  },
  get image(): ImageLook | null {
    return image;
  },
  get imageProblem(): unknown {
    return imageProblem;
  },
  /** What the tags that were seen point to. */
  get targets(): ReadonlyMap<string, TagTarget> {
    return targets;
  },
  /** What the registry tells of tags beside their names, where it does. */
  get facts(): ReadonlyMap<string, TagFacts> {
    return facts;
  },
  /** How large the images of other platforms are, by their manifests. */
  get offerSizes(): ReadonlyMap<string, OfferSize> {
    return offerSizes;
  },
  get readingSizes(): boolean {
    return readingSizes;
  },
};

/** The tag that a reference names; none if it names a digest. */
export function tagOf(name: string): string | null {
  return /:([^/:@]+)(@|$)/.exec(name)?.[1] ?? (name.includes("@") ? null : "latest");
}

/** The part of a reference that names its repository. */
export function repositoryOf(name: string): string {
  return name.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

/** How long one rests on a tag before its image is asked for, where the arrows may go on to the next. */
const REST_MS = 250;

/** Looks at a reference; the tags are asked for once for each repository, and the image only if one rests there. */
export async function lookAt(name: string, forPlatform: Platform, inPassing = false): Promise<void> {
  turn += 1;
  const mine = turn;
  const sameRepository = repositoryOf(name) === repositoryOf(reference) && tags !== null;
  reference = name;
  platform = forPlatform;
  image = null;
  imageProblem = null;
  if (!sameRepository) forgetTags();
  if (inPassing) await new Promise((resolve) => setTimeout(resolve, REST_MS));
  if (mine !== turn) return;
  const readTags = sameRepository ? Promise.resolve() : read(() => call("tags_list", { reference: name }), mine, (list) => (tags = list), (error) => (tagsProblem = error));
  await Promise.all([
    readTags,
    read(() => call("image_look", { reference: name, platform: forPlatform }), mine, seen, (error) => (imageProblem = error)),
    sameRepository ? Promise.resolve() : readFacts(name, mine),
  ]);
}

/** An image that was looked at also tells what its tag points to. */
function seen(look: ImageLook): void {
  image = look;
  const tag = tagOf(reference);
  if (tag !== null && !reference.includes("@")) {
    const here = targets.get(tag)?.here ?? null;
    targets = new Map(targets).set(tag, { digest: look.plan.target, here });
  }
  // Docker Hub counts each manifest as a pull: there the sizes are asked for only when somebody wants them.
  if (look.offers.length > 1 && !look.plan.reference.startsWith("docker.io/")) void readOfferSizes();
}

/** Asks how large the images of all platforms are. */
export async function readOfferSizes(): Promise<void> {
  const mine = turn;
  readingSizes = true;
  const sizes = await call("offer_sizes", { reference }).catch(() => []);
  if (mine !== turn) return;
  readingSizes = false;
  offerSizes = new Map([...offerSizes, ...sizes.map((size) => [size.manifest, size] as const)]);
}

async function readFacts(name: string, mine: number): Promise<void> {
  const repository = repositoryOf(name);
  let next: string | null = null;
  for (let page = 0; page < MOST_FACT_PAGES; page += 1) {
    const found: { tags: TagFacts[]; next: string | null } | null = await call("tag_facts", { reference: name, next }).catch(() => null);
    // A repository that is looked at no more, or a registry that tells nothing.
    if (found === null || repository !== repositoryOf(reference) || (mine !== turn && tags === null)) return;
    if (found.tags.length > 0) facts = new Map([...facts, ...found.tags.map((each) => [each.name, each] as const)]);
    if (found.next === null) return;
    next = found.next;
  }
}

/** Looks at nothing any more. */
export function lookAway(): void {
  turn += 1;
  reference = "";
  image = null;
  imageProblem = null;
  forgetTags();
}

async function read<T>(ask: () => Promise<T>, mine: number, keep: (answer: T) => void, fail: (error: unknown) => void): Promise<void> {
  try {
    const answer = await ask();
    if (mine === turn) keep(answer);
  } catch (error) {
    if (mine === turn) fail(error);
  }
}

function forgetTags(): void {
  tags = null;
  tagsProblem = null;
  targets = new Map();
  facts = new Map();
  offerSizes = new Map();
  readingSizes = false;
  asked.clear();
  waiting = [];
}

/** Follows tags that are on the screen to what they point to, a few at once, and each at most once. */
export function follow(names: readonly string[]): void {
  for (const name of names) {
    if (asked.has(name) || asked.size >= MOST_TARGETS) continue;
    asked.add(name);
    waiting.push(name);
  }
  while (running < AT_ONCE && waiting.length > 0) void followNext();
}

async function followNext(): Promise<void> {
  const name = waiting.shift();
  if (name === undefined) return;
  const repository = repositoryOf(reference);
  running += 1;
  try {
    const target = await call("tag_target", { reference: `${repository}:${name}` });
    if (repository === repositoryOf(reference)) targets = new Map(targets).set(name, target);
  } catch {
    // A tag that cannot be followed is shown without its other names.
  }
  running -= 1;
  if (waiting.length > 0) void followNext();
}

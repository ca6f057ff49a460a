// What the registry has under a name, before anything is pulled: its tags, and one image. Asked for only when somebody wants to
// look: a registry is not asked with each key that is typed.
import { call } from "../api";
import type { ImageLook, TagList, TagTarget } from "../api/generated/types";

/** Tags that are followed to their digest, for one repository; each costs the registry a HEAD. */
const MOST_TARGETS = 100;
const AT_ONCE = 4;

/** The platform that was looked at; none for this machine's. */
type Platform = string | null;

let reference = $state("");
let platform = $state.raw<Platform>(null);
let tags = $state.raw<TagList | null>(null);
let tagsProblem = $state.raw<unknown>(null);
let image = $state.raw<ImageLook | null>(null);
let imageProblem = $state.raw<unknown>(null);
let targets = $state.raw<ReadonlyMap<string, TagTarget>>(new Map());
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
};

/** The part of a reference that names its repository. */
export function repositoryOf(name: string): string {
  return name.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

/** Looks at a reference; the tags are asked for once for each repository. */
export async function lookAt(name: string, forPlatform: Platform): Promise<void> {
  turn += 1;
  const mine = turn;
  const sameRepository = repositoryOf(name) === repositoryOf(reference) && tags !== null;
  reference = name;
  platform = forPlatform;
  image = null;
  imageProblem = null;
  if (!sameRepository) forgetTags();
  const readTags = sameRepository ? Promise.resolve() : read(() => call("tags_list", { reference: name }), mine, (list) => (tags = list), (error) => (tagsProblem = error));
  await Promise.all([
    readTags,
    read(() => call("image_look", { reference: name, platform: forPlatform }), mine, (look) => (image = look), (error) => (imageProblem = error)),
  ]);
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

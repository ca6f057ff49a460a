// The tags as rows: filtered as one types, those of one image together under the name that says most. Ten thousand tags are
// filtered with each key: a row is made only when it is seen.
import type { TagEntry, TagTarget } from "../../api/generated/types";

/** One row: a tag, and what else the same image is called. */
export interface TagRow {
  name: string;
  /** Names before versions: `latest` tells more than `1.27`. */
  alsoCalled: readonly string[];
  isHere: boolean;
  /** The store's image of this name is another than the tag points to now. */
  hasMoved: boolean;
}

/** Tags with what a search in them needs. */
export interface TagIndex {
  /** The tag of a name. */
  readonly byName: (name: string | undefined) => TagEntry | undefined;
  readonly tags: readonly TagEntry[];
  /** Their names in small letters. */
  readonly lower: readonly string[];
  /** Where each name stands. */
  readonly places: ReadonlyMap<string, number>;
}

/** What is known of where tags point to: a digest for some names. */
export type Digests = ReadonlyMap<string, string>;

export function indexTags(tags: readonly TagEntry[]): TagIndex {
  const places = new Map(tags.map((tag, at) => [tag.name, at]));
  const byName = (name: string | undefined): TagEntry | undefined => (name === undefined ? undefined : tags[places.get(name) ?? -1]);
  return { tags, lower: tags.map((tag) => tag.name.toLowerCase()), places, byName };
}

/** The places of the tags that a filter leaves, in the order of the list. */
export function matching(index: TagIndex, filter: string, versionsOnly: boolean): readonly number[] {
  const wanted = filter.trim().toLowerCase();
  const found: number[] = [];
  for (let at = 0; at < index.lower.length; at += 1) {
    if (versionsOnly && !index.tags[at]?.isVersion) continue;
    if (wanted === "" || index.lower[at]?.includes(wanted)) found.push(at);
  }
  // Who types a whole name means that one.
  const whole = index.places.get(filter.trim());
  const place = whole === undefined ? -1 : found.indexOf(whole);
  if (place > 0) found.unshift(...found.splice(place, 1));
  return found;
}

/** The rows for a filter. Tags whose target is not known yet stand alone. */
export class TagRows {
  readonly #index: TagIndex;
  readonly #rows: readonly number[];
  readonly #targets: ReadonlyMap<string, TagTarget>;
  /** All names of one image, in the order of the list. */
  readonly #names: ReadonlyMap<string, readonly number[]>;
  readonly #digests: Digests;

  constructor(index: TagIndex, found: readonly number[], targets: ReadonlyMap<string, TagTarget>, digests: Digests) {
    const names = new Map<string, number[]>();
    const followers = new Set<number>();
    const isFound = digests.size === 0 ? new Set<number>() : new Set(found);
    for (const [name, digest] of digests) {
      const at = index.places.get(name);
      if (at === undefined) continue;
      const group = names.get(digest) ?? [];
      names.set(digest, group);
      group.push(at);
    }
    for (const group of names.values()) {
      group.sort((one, other) => one - other);
      // The first of them that the filter leaves stands for all: a version before a name.
      const [, ...rest] = group.filter((at) => isFound.has(at));
      for (const at of rest) followers.add(at);
    }
    this.#index = index;
    this.#targets = targets;
    this.#digests = digests;
    this.#names = names;
    this.#rows = followers.size === 0 ? found : found.filter((at) => !followers.has(at));
  }

  get length(): number {
    return this.#rows.length;
  }

  /** The row at a place. */
  at(place: number): TagRow | undefined {
    const at = this.#rows[place];
    const tag = at === undefined ? undefined : this.#index.tags[at];
    if (at === undefined || tag === undefined) return undefined;
    const digest = this.#digests.get(tag.name);
    const group = (digest === undefined ? undefined : this.#names.get(digest)) ?? [at];
    const entries = group.flatMap((each) => this.#index.tags[each] ?? []);
    const others = entries.filter((each) => each !== tag);
    const targets = entries.flatMap((each) => this.#targets.get(each.name) ?? []);
    return {
      name: tag.name,
      alsoCalled: [...others.filter((each) => !each.isVersion), ...others.filter((each) => each.isVersion)].map((each) => each.name),
      isHere: entries.some((each) => each.isHere) || targets.some((target) => target.here !== null),
      hasMoved: targets.some((target) => target.here !== null && target.here !== target.digest),
    };
  }

  /** The rows from one place to another. */
  slice(first: number, end: number): TagRow[] {
    return Array.from({ length: Math.max(0, Math.min(end, this.length) - first) }, (_, step) => this.at(first + step)).filter((row) => row !== undefined);
  }

  /** Where the row of a name is, under whichever name it stands; -1 if it has none. */
  placeOf(name: string): number {
    const at = this.#index.places.get(name);
    if (at === undefined) return -1;
    const digest = this.#digests.get(name);
    const group = (digest === undefined ? undefined : this.#names.get(digest)) ?? [at];
    return this.#rows.findIndex((row) => group.includes(row));
  }
}

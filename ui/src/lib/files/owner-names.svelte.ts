// Users and groups of images by name, asked for once an image: rows show numbers until the names have come.
import { call } from "../api";
import type { OwnerName, Owners } from "../api/generated/types";

/** How many images are remembered. */
const MOST_IMAGES = 16;

interface Names {
  users: ReadonlyMap<number, string>;
  groups: ReadonlyMap<number, string>;
}

const NOBODY: Names = { users: new Map(), groups: new Map() };
const asked = new Map<string, Promise<Names>>();

function byNumber(names: readonly OwnerName[]): ReadonlyMap<number, string> {
  return new Map(names.map(({ id, name }) => [id, name]));
}

async function read(manifest: string): Promise<Names> {
  try {
    const { users, groups }: Owners = await call("owners_read", { manifest });
    return { users: byNumber(users), groups: byNumber(groups) };
  } catch {
    return NOBODY; // numbers say it too
  }
}

/** The names of one image after the other. */
export class OwnerNames {
  #names = $state.raw(NOBODY);
  #manifest = "";

  /** Shows those of another image; an empty one has none. */
  async show(manifest: string): Promise<void> {
    if (manifest === this.#manifest) return;
    this.#manifest = manifest;
    this.#names = NOBODY;
    if (manifest === "") return;
    const coming = asked.get(manifest) ?? read(manifest);
    if (asked.size >= MOST_IMAGES) asked.clear();
    asked.set(manifest, coming);
    const names = await coming;
    if (manifest === this.#manifest) this.#names = names;
  }

  /** `user:group`, by name where there is one. */
  of(uid: number, gid: number): string {
    return `${this.#names.users.get(uid) ?? uid}:${this.#names.groups.get(gid) ?? gid}`;
  }
}

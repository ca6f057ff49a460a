// Which folders are open: all or none, but for some. Opening everything in a list of 100,000 rows is one word, not 100,000.
import type { OpenBase } from "../api/generated/types";

/** Folders that are open, as the backend takes it. */
export interface OpenSet {
  readonly base: OpenBase;
  readonly except: ReadonlySet<number>;
}

/** Every folder closed. */
export const ALL_CLOSED: OpenSet = { base: "closed", except: new Set() };

/** Every folder open. */
export const ALL_OPEN: OpenSet = { base: "open", except: new Set() };

/** Whether folder `id` is open. */
export function isOpen(set: OpenSet, id: number): boolean {
  return (set.base === "open") !== set.except.has(id);
}

/** The set with folder `id` opened or closed. */
export function withFolder(set: OpenSet, id: number, open: boolean): OpenSet {
  if (isOpen(set, id) === open) return set;
  const except = new Set(set.except);
  if (!except.delete(id)) except.add(id);
  return { base: set.base, except };
}

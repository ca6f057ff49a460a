// The tags as rows: filtered as one types, those of one image together under the name that says most.
import type { TagEntry, TagTarget } from "../../api/generated/types";

/** One row: a tag, and what else the same image is called. */
export interface TagRow {
  name: string;
  alsoCalled: readonly string[];
  isHere: boolean;
  /** The store's image of this name is another than the tag points to now. */
  hasMoved: boolean;
}

/** The rows for a filter. Tags whose target is not known yet stand alone. */
export function tagRows(tags: readonly TagEntry[], filter: string, targets: ReadonlyMap<string, TagTarget>): TagRow[] {
  const wanted = filter.trim().toLowerCase();
  const shown = wanted === "" ? tags : tags.filter((tag) => tag.name.toLowerCase().includes(wanted));
  const groups = new Map<string, TagRow & { alsoCalled: string[] }>();
  const rows: (TagRow & { alsoCalled: string[] })[] = [];
  for (const tag of shown) {
    const target = targets.get(tag.name);
    const known = target === undefined ? undefined : groups.get(target.digest);
    const isHere = tag.isHere || target?.here != null;
    const hasMoved = target !== undefined && target.here !== null && target.here !== target.digest;
    if (known !== undefined) {
      // The first of them stands first in the order: a version before a name.
      known.alsoCalled.push(tag.name);
      known.isHere ||= isHere;
      known.hasMoved ||= hasMoved;
      continue;
    }
    const row = { name: tag.name, alsoCalled: [], isHere, hasMoved };
    rows.push(row);
    if (target !== undefined) groups.set(target.digest, row);
  }
  return rows;
}

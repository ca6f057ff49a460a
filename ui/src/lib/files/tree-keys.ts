// What a key means in a file tree, after the tree pattern of the ARIA Authoring Practices.
import type { FileRow } from "../api/generated/types";

/** What to do. */
export type TreeIntent =
  | { type: "move"; index: number }
  | { type: "parent" }
  | { type: "setOpen"; open: boolean }
  | { type: "activate" };

/** Where the tree stands when the key is pressed. */
export interface TreePlace {
  index: number;
  total: number;
  /** Rows that fit on the screen. */
  pageRows: number;
  row: FileRow | undefined;
}

function move(place: TreePlace, by: number): TreeIntent {
  return { type: "move", index: Math.min(Math.max(0, place.index + by), place.total - 1) };
}

function towardsChild(place: TreePlace): TreeIntent | null {
  if (!place.row?.hasChildren) return null;
  return place.row.open ? move(place, 1) : { type: "setOpen", open: true };
}

function towardsParent(place: TreePlace): TreeIntent | null {
  if (place.row?.hasChildren && place.row.open) return { type: "setOpen", open: false };
  return place.row && place.row.depth > 0 ? { type: "parent" } : null;
}

/** The intent of a key, or null where the key means nothing here. */
export function treeIntent(key: string, place: TreePlace): TreeIntent | null {
  if (place.total === 0) return null;
  switch (key) {
    case "ArrowDown":
      return move(place, 1);
    case "ArrowUp":
      return move(place, -1);
    case "PageDown":
      return move(place, Math.max(1, place.pageRows - 1));
    case "PageUp":
      return move(place, -Math.max(1, place.pageRows - 1));
    case "Home":
      return move(place, -place.total);
    case "End":
      return move(place, place.total);
    case "ArrowRight":
      return towardsChild(place);
    case "ArrowLeft":
      return towardsParent(place);
    case "Enter":
    case " ":
      return { type: "activate" };
    default:
      return null;
  }
}

/** The highest place at which the parent of a row can stand: all its earlier siblings lie between. */
export function parentAtMost(row: FileRow): number {
  return row.index - row.positionInSet;
}

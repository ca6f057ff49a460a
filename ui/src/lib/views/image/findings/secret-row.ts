// The file that a secret stands in, as a row that can be looked into.
import type { FileRow, FoundSecret } from "../../../api/generated/types";

/** The row; none for what stands in no file. */
export function secretRow({ place }: FoundSecret): FileRow | null {
  if (place.type !== "file" || place.row === null) return null;
  return {
    id: place.row, index: 0, depth: 0, name: place.path.split("/").at(-1) ?? place.path, path: place.path, kind: "file", hasChildren: false, open: false, ofNothing: false, changedBelow: false,
    sizeBytes: 0, files: 1, share: 0, mode: "", uid: 0, gid: 0, modified: "", target: null, device: null, capabilities: null, xattrs: [], change: "added", layer: place.layer, wasIn: null, positionInSet: 1, setSize: 1,
  };
}

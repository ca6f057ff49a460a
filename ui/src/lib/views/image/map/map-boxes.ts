// What is drawn where on the map: the parts of a folder, and within those that are large enough, what is in them.
import type { SpacePart } from "../../../api/generated/types";
import { squarify, type Box } from "./squarify";

/** A part with its place. */
export interface PartBox extends Box {
  part: SpacePart;
  /** Room for its name. */
  hasLabel: boolean;
  /** What is in it, placed relative to it. */
  inner: PartBox[];
}

/** A name needs this much. */
const LABEL_WIDTH_PX = 44;
const LABEL_HEIGHT_PX = 18;
/** The line with a folder's name above what is in it, and the edge around that. */
const HEAD_PX = 19;
const EDGE_PX = 3;
/** What is smaller is not drawn: it could not be told from its edge. */
const LEAST_PX = 3;
/** A folder must be this large for what is in it to be seen. */
const OPEN_WIDTH_PX = 70;
const OPEN_HEIGHT_PX = 52;

/** The parts of a folder on a map of this size. */
export function mapBoxes(parts: readonly SpacePart[], box: Box): PartBox[] {
  const boxes = squarify(parts.map((part) => part.bytes), box);
  return parts.flatMap((part, at) => {
    const place = boxes[at];
    return place === undefined ? [] : [{ ...place, part, hasLabel: place.width >= LABEL_WIDTH_PX && place.height >= LABEL_HEIGHT_PX, inner: within(part, place) }];
  });
}

function within(part: SpacePart, { width, height }: Box): PartBox[] {
  if (part.children.length === 0 || width < OPEN_WIDTH_PX || height < OPEN_HEIGHT_PX) return [];
  const room = { x: EDGE_PX, y: HEAD_PX, width: width - 2 * EDGE_PX - 1, height: height - HEAD_PX - EDGE_PX - 1 };
  return mapBoxes(part.children, room).filter((inner) => inner.width >= LEAST_PX && inner.height >= LEAST_PX);
}

// The order of the list, and what fits a search.
import type { ImageSummary } from "../../api/generated/types";

/** What a column sorts by. */
export type Column = "image" | "platform" | "layers" | "size" | "download" | "onlyHere" | "shared" | "created" | "pulled";

/** All columns, in their order on the screen. */
export const COLUMNS: readonly Column[] = ["image", "platform", "layers", "size", "download", "onlyHere", "shared", "created", "pulled"];

export interface Order {
  column: Column;
  descending: boolean;
}

function key(image: ImageSummary, column: Column): string | number {
  switch (column) {
    case "image": return image.familiar;
    case "platform": return image.platform;
    case "layers": return image.layerCount;
    case "size": return image.sizeBytes;
    case "download": return image.downloadBytes;
    case "onlyHere": return image.onlyHereBytes;
    case "shared": return image.sharedBytes;
    case "created": return image.created ?? "";
    case "pulled": return image.pulledAt;
  }
}

/** Whether text comes first in this column; numbers and times begin with the largest. */
export function firstOrder(column: Column): Order {
  return { column, descending: column !== "image" && column !== "platform" };
}

/** The images in this order; without one, as they came. */
export function sorted(images: readonly ImageSummary[], order: Order | null): readonly ImageSummary[] {
  if (order === null) return images;
  const turn = order.descending ? -1 : 1;
  const compare = (one: string | number, other: string | number): number => (one < other ? -1 : one > other ? 1 : 0);
  return images.toSorted((one, other) => turn * compare(key(one, order.column), key(other, order.column)));
}

/** The images that hold all words of a search in name, platform or digest. */
export function matching(images: readonly ImageSummary[], text: string): readonly ImageSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return images;
  return images.filter((image) => {
    const all = `${image.reference ?? ""} ${image.familiar} ${image.platform} ${image.manifest} ${image.target} ${image.imageId}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

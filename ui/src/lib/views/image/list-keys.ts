// What a key means in the list of strata. It is drawn newest on top, so down is towards older ones.

/** The place to go to in a list of `total`, or null where the key means nothing here. */
export function listTarget(key: string, index: number, total: number): number | null {
  if (total === 0) return null;
  switch (key) {
    case "ArrowDown":
      return Math.min(total - 1, index + 1);
    case "ArrowUp":
      return Math.max(0, index - 1);
    case "Home":
      return 0;
    case "End":
      return total - 1;
    default:
      return null;
  }
}

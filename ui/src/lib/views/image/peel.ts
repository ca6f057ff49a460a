// Where the handle beside the bands is, and where it goes.

/** A band's index among the strata, and where it ends, in pixels from the top. */
export interface Edge {
  index: number;
  end: number;
}

/** The band at a height; the outermost ones where it is beyond them. None if there are no bands. */
export function bandAt(edges: readonly Edge[], y: number): number | null {
  const found = edges.find((edge) => y < edge.end) ?? edges.at(-1);
  return found?.index ?? null;
}

/** Which stratum is on top after a key; none if the key is not one of a slider. */
export function peelTarget(key: string, selected: number, count: number): number | null {
  const wanted = {
    ArrowUp: selected + 1,
    ArrowRight: selected + 1,
    ArrowDown: selected - 1,
    ArrowLeft: selected - 1,
    PageUp: selected + 10,
    PageDown: selected - 10,
    Home: 0,
    End: count - 1,
  }[key];
  return wanted === undefined ? null : Math.max(0, Math.min(count - 1, wanted));
}

// The packages of two images, paired by kind and name.
import type { FoundPackage, PairState } from "../../api/generated/types";

export interface PackagePair {
  state: PairState;
  ecosystem: string;
  name: string;
  left: string | null;
  right: string | null;
}

/** All packages of both, in the order of kinds and names; of several versions of one the same ones stand beside each other. */
export function packagePairs(left: readonly FoundPackage[], right: readonly FoundPackage[]): PackagePair[] {
  const all = new Map<string, { one: FoundPackage; left: string[]; right: string[] }>();
  const put = (found: FoundPackage, side: "left" | "right"): void => {
    const key = `${found.ecosystem} ${found.name} ${found.architecture ?? ""}`;
    const known = all.get(key) ?? { one: found, left: [], right: [] };
    known[side].push(found.version);
    all.set(key, known);
  };
  left.forEach((found) => put(found, "left"));
  right.forEach((found) => put(found, "right"));
  const pairs: PackagePair[] = [];
  for (const key of [...all.keys()].sort()) {
    const known = all.get(key);
    if (known === undefined) continue;
    const { one } = known;
    const pair = (state: PairState, before: string | null, after: string | null): number => pairs.push({ state, ecosystem: one.ecosystem, name: one.name, left: before, right: after });
    const same = known.left.filter((version) => known.right.includes(version));
    const [gone, come] = [known.left, known.right].map((versions) => versions.filter((version) => !same.includes(version)));
    same.forEach((version) => pair("same", version, version));
    for (let at = 0; at < Math.max(gone?.length ?? 0, come?.length ?? 0); at += 1) {
      const [before, after] = [gone?.[at] ?? null, come?.[at] ?? null];
      pair(before === null ? "right" : after === null ? "left" : "changed", before, after);
    }
  }
  return pairs;
}

// How old a tag is.

/** From then on a tag is called old: nobody mends it any more, as a rule. */
const OLD_DAYS = 2 * 365;

/** Whether a tag was last pushed so long ago that one should know. */
export function isOld(updatedAt: string, now: number): boolean {
  const then = Date.parse(updatedAt);
  return !Number.isNaN(then) && now - then > OLD_DAYS * 24 * 3600 * 1000;
}

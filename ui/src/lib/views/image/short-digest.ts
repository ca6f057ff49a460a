// A digest as it is shown where the whole does not fit: enough to tell two apart, and plainly cut.

/** Hex digits shown. */
const SHOWN = 8;

/** `sha256:9f86d081…`; what is no digest, or short anyway, stays as it is. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(":");
  const end = colon + 1 + SHOWN;
  return colon === -1 || digest.length <= end ? digest : `${digest.slice(0, end)}…`;
}

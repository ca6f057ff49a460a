// A body that breaks off ends like any other as far as its own request goes; that the rest was asked for shows that it did.
import type { XrayRequest } from "../../api/generated/types";

/** The requests, those whose rest was asked for later on being called broken. */
export function withBreaks(requests: readonly XrayRequest[]): readonly XrayRequest[] {
  /** Where what follows begins, by what it is about: walking backwards, of later requests only. */
  const rests = new Map<string, number[]>();
  const marked: XrayRequest[] = [];
  for (const request of [...requests].reverse()) {
    marked.push(isCut(request, rests) ? { ...request, outcome: "broken" } : request);
    if (request.purpose !== "blob" || request.subject === null || request.rangeFrom === null) continue;
    const known = rests.get(request.subject) ?? [];
    known.push(request.rangeFrom);
    rests.set(request.subject, known);
  }
  return marked.reverse();
}

function isCut({ purpose, outcome, subject, bytes, rangeFrom }: XrayRequest, rests: ReadonlyMap<string, readonly number[]>): boolean {
  if (purpose !== "blob" || subject === null || bytes === null || (outcome !== "answered" && outcome !== "part")) return false;
  const begin = rangeFrom ?? 0;
  return (rests.get(subject) ?? []).some((rest) => rest > begin && rest <= begin + bytes);
}

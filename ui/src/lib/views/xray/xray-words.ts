// What a request means, in one sentence of the catalogue, by what it was for and what came of it.
import type { XrayOutcome, XrayPurpose, XrayRequest } from "../../api/generated/types";
import { formatBytes, t, type MessageKey, type Params } from "../../i18n";
import { hostOf } from "./xray-lanes";
import { withoutSecrets } from "./xray-secrets";

/** What has a sentence of its own for what it is for; anything else has the one that all share. */
const OWN = {
  ping: ["waiting", "answered", "notFound"],
  token: ["waiting", "answered", "challenged", "refused", "notFound"],
  manifest: ["waiting", "answered", "notFound"],
  blob: ["waiting", "answered", "part", "notFound"],
  tags: ["waiting", "answered", "notFound"],
  catalog: ["waiting", "answered", "notFound", "refused"],
  referrers: ["waiting", "answered", "notFound"],
  hub: ["waiting", "answered", "challenged"],
} as const satisfies Record<XrayPurpose, readonly XrayOutcome[]>;

/** A digest that leaves room for words. */
export function shortDigests(text: string): string {
  return text.replace(/\b([0-9a-f]{8})[0-9a-f]{24,}\b/g, "$1…");
}

/** Whether something went wrong. Nothing that refers to an image is no fault, and neither is being asked who we are. */
export function isFailure({ purpose, outcome, signed }: XrayRequest): boolean {
  if (outcome === "notFound") return purpose !== "referrers";
  if (outcome === "challenged") return purpose === "token" || signed !== "no";
  return ["refused", "limited", "serverFailed", "broken"].includes(outcome);
}

/** The sentence's key. */
export function sentenceKey(request: XrayRequest): MessageKey {
  const { purpose, outcome, bytes, method } = request;
  if (purpose === "manifest" && outcome === "answered" && method === "HEAD") return "xray.says.manifest.found";
  if (outcome === "broken" && (bytes ?? 0) > 0) return purpose === "blob" ? "xray.says.blob.brokeOff" : "xray.says.any.brokeOff";
  if (outcome === "redirected" && request.loginDropped) return purpose === "blob" ? "xray.says.blob.moved" : "xray.says.any.moved";
  const own: readonly XrayOutcome[] = OWN[purpose];
  if (own.includes(outcome) && !(outcome === "part" && request.rangeFrom === null)) return `xray.says.${purpose}.${outcome}` as MessageKey;
  return sharedKey(request);
}

/** The sentence that all purposes share. What is not asked twice of anything has its own key everywhere. */
function sharedKey({ outcome, signed, detail, rangeFrom, reason }: XrayRequest): MessageKey {
  switch (outcome) {
    case "challenged":
      if (signed !== "no") return "xray.says.any.challengedAgain";
      return /bearer/i.test(detail ?? "") ? "xray.says.any.challengedToken" : "xray.says.any.challengedPassword";
    case "part":
      return rangeFrom === null ? "xray.says.any.partAll" : "xray.says.any.part";
    case "broken":
      return reason === null ? "xray.says.any.brokenSilent" : "xray.says.any.broken";
    default:
      return `xray.says.any.${outcome}` as MessageKey;
  }
}

/** The sentence. */
export function sentence(request: XrayRequest): string {
  const params: Params = {
    subject: shortDigests(request.subject ?? withoutSecrets(request.path)),
    host: request.detail === null ? "…" : hostOf(request.detail),
    from: formatBytes(request.rangeFrom ?? 0),
    bytes: formatBytes(request.bytes ?? 0),
    status: String(request.status ?? 401),
    reason: withoutSecrets(request.reason ?? ""),
  };
  return t(sentenceKey(request), params);
}

/** What came of it, in a word or two, with the status if there was one. */
export function outcomeWords({ outcome, status }: XrayRequest): string {
  const words = t(`xray.outcome.${outcome}`);
  return status === null ? words : t("xray.status", { status: String(status), words });
}

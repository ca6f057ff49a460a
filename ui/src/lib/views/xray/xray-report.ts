// A ladder as plain text, for whoever is to find the fault. In the field's own words and in no language: it is read by those who
// know them.
import type { AppInfo, XrayRequest, XrayScope } from "../../api/generated/types";
import { hostOf } from "./xray-lanes";
import { isFailure } from "./xray-words";
import { withoutSecrets } from "./xray-secrets";

/** What a report says besides its requests. */
export interface ReportFacts {
  info: AppInfo | null;
  scope: XrayScope;
  /** What the job works on, or the registry that was looked at. */
  about: string | null;
  /** How many requests there were; more than are listed if some were not kept. */
  total: number;
  writtenAt: Date;
  /** What the window runs in. */
  agent: string;
}

/** The report. Nothing in it lets anybody in. */
export function xrayReport(requests: readonly XrayRequest[], facts: ReportFacts): string {
  const { info, scope } = facts;
  const head = [
    `Strata ${info?.version ?? "?"} on ${info?.hostPlatform ?? "?"}, registry X-ray`,
    `window: ${facts.agent}`,
    `written: ${facts.writtenAt.toISOString()}`,
    `scope: ${scope.type === "job" ? `job ${scope.id}` : "session"}${facts.about === null ? "" : `, ${facts.about}`}`,
    `requests: ${requests.length} listed, ${facts.total} in all, ${requests.filter(isFailure).length} failed`,
  ];
  return withoutSecrets([...head, "", ...requests.map(entry)].join("\n"));
}

function entry(request: XrayRequest): string {
  const { status, bytes, millis, detail } = request;
  const facts = [
    status === null ? null : `status ${status}`,
    millis === null ? null : `${millis} ms`,
    bytes === null ? null : `${bytes} bytes`,
    request.httpVersion,
    `signed ${request.signed}`,
    request.rangeFrom === null ? null : `from byte ${request.rangeFrom}`,
    request.attempt > 1 ? `try ${request.attempt}` : null,
    detail === null ? null : `${request.outcome === "redirected" ? `to ${hostOf(detail)}` : `offers ${detail}`}`,
    request.loginDropped ? "login dropped" : null,
    request.requestId === null ? null : `request id ${request.requestId}`,
  ].filter((fact) => fact !== null);
  const lines = [
    `#${request.id} +${request.atMillis} ms ${request.purpose}: ${request.outcome}`,
    `  ${request.method} ${request.origin}${request.path}`,
    `  ${facts.join(", ")}`,
    ...(request.reason === null ? [] : [`  reason: ${request.reason}`]),
    ...request.warnings.map((warning) => `  warning: ${warning}`),
  ];
  return lines.join("\n");
}

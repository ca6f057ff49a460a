// What to say of something that went wrong: an error of ours has its sentences under its code; anything else is internal.
import type { ErrorCode, UserError } from "./api/generated/types";
import { formatBytes, type Params } from "./i18n";

/** A catalogue entry with what its sentences need, and the technical chain. */
export interface Explained {
  key: `errors.${ErrorCode}`;
  params: Params;
  causes: readonly string[];
}

/** Whether something that was thrown is an error of ours. */
export function isUserError(problem: unknown): problem is UserError {
  return typeof problem === "object" && problem !== null && "code" in problem && "params" in problem && "causes" in problem;
}

/** The entry for what was thrown. */
export function explainProblem(problem: unknown): Explained {
  if (isUserError(problem)) {
    return { key: `errors.${problem.code}`, params: { subject: problem.subject ?? "", ...readable(problem) }, causes: problem.causes };
  }
  const reason = problem instanceof Error ? problem.message : String(problem);
  return { key: "errors.internal", params: { subject: "", reason }, causes: [reason] };
}

/** Parameters whose name ends in `Bytes` are sizes. */
function readable(error: UserError): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(error.params)) {
    if (value !== undefined) params[name] = name.endsWith("Bytes") ? formatBytes(Number(value)) : value;
  }
  return params;
}

// What to say of something that went wrong: an error of ours has its sentences under its code; anything else is internal.
import type { UserError } from "../../api/generated/types";

/** A catalogue entry with what its sentences need, and the technical chain. */
export interface Explained {
  key: string;
  params: Record<string, string>;
  causes: readonly string[];
}

function isUserError(problem: unknown): problem is UserError {
  return typeof problem === "object" && problem !== null && "code" in problem && "params" in problem && "causes" in problem;
}

/** The entry for what was thrown. */
export function explainProblem(problem: unknown): Explained {
  if (isUserError(problem)) {
    return { key: `errors.${problem.code}`, params: { subject: problem.subject ?? "", ...problem.params }, causes: problem.causes };
  }
  return { key: "errors.internal", params: { subject: "" }, causes: [problem instanceof Error ? problem.message : String(problem)] };
}

// A document's JSON as lines with the path of each, so that each field can be explained. The text is never run, only read.

/** One line of a document. */
export interface JsonLine {
  depth: number;
  /** The field's name; none for an entry of a list and for closing brackets. */
  name: string | null;
  /** What stands after the name. */
  text: string;
  /** Names from the root, lists left out: `layers.digest`. Empty for brackets that close. */
  path: string;
  /** The value, if it is a text. */
  value: string | null;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The lines of a document; none if it is no JSON. */
export function jsonLines(text: string): JsonLine[] | null {
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  const lines: JsonLine[] = [];
  put(lines, parsed, null, "", 0, true);
  return lines;
}

function put(lines: JsonLine[], value: Json, name: string | null, path: string, depth: number, isLast: boolean): void {
  const comma = isLast ? "" : ",";
  if (typeof value !== "object" || value === null) {
    lines.push({ depth, name, path, text: JSON.stringify(value) + comma, value: typeof value === "string" ? value : null });
    return;
  }
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const entries: [string | null, Json][] = Array.isArray(value) ? value.map((each) => [null, each]) : Object.entries(value);
  if (entries.length === 0) {
    lines.push({ depth, name, path, text: `${open}${close}${comma}`, value: null });
    return;
  }
  lines.push({ depth, name, path, text: open, value: null });
  entries.forEach(([key, each], at) => put(lines, each, key, key === null ? path : path === "" ? key : `${path}.${key}`, depth + 1, at === entries.length - 1));
  lines.push({ depth, name: null, path: "", text: close + comma, value: null });
}

// A proxy's address as a person types it.

/** What is wrong with an address of a proxy; none if nothing is. */
export function wrongAddress(typed: string): "address" | "password" | null {
  const text = typed.trim();
  if (!/^https?:\/\/[^\s/]+\/?$/i.test(text)) return "address";
  if (!URL.canParse(text)) return "address";
  return text.includes("@") ? "password" : null;
}

/** Hosts apart: commas or spaces between them. */
export function hostsOf(typed: string): string[] {
  return [...new Set(typed.split(/[\s,;]+/).filter((host) => host !== ""))];
}

// Numbers as a person types them in the settings, and as they are kept.

/** A number between two, both allowed; none if what was typed is none. */
export function wholeNumber(typed: string, least: number, most: number): number | null {
  const text = typed.trim();
  if (!/^\d{1,4}$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}

/** Bytes a second of a number of units; 0 for nothing typed, none if what was typed is no rate. */
export function bytesOf(typed: string, unit: number): number | null {
  // Both a dot and a comma are decimal marks somewhere; no rate needs its thousands apart.
  const text = typed.trim().replace(",", ".");
  if (text === "") return 0;
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(text)) return null;
  const bytes = Math.round(Number(text) * unit);
  return bytes > 0 ? bytes : null;
}

/** What stands in the field for so many bytes a second. */
export function typedOf(bytes: number, unit: number): string {
  return bytes === 0 ? "" : String(Math.round((bytes / unit) * 1000) / 1000);
}

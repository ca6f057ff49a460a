// Text of an image is shown as it is, and never does anything: characters that could turn the reading direction around or
// hide are written out by their code point.

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** The text with hidden and direction-changing characters written out as `<U+202E>`; tabs and line ends stay. */
export function visibleText(text: string): string {
  const lines = text.replace(/\r\n/gu, "\n");
  return lines.replace(HIDDEN, (hidden) => `<U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`);
}

/** Numbers for each line of a text, one a line; the empty piece after a last line end is no line. */
export function lineNumbers(text: string): string {
  let lines = text === "" ? 0 : 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < text.length - 1; at = text.indexOf("\n", at + 1)) lines += 1;
  return Array.from({ length: lines }, (_, line) => String(line + 1)).join("\n");
}

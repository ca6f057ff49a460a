// Secrets never reach the window. Should one do so all the same, it is taken out before anybody sees or copies it.

/** Parts of a query whose values are no secret; the value of any other one is left out. */
const PLAIN = new Set(["n", "last", "ns", "scope", "service", "artifactType", "digest", "page", "page_size", "query", "mount", "from"]);
const LEFT_OUT = "…";

/** A text without what could let somebody in: values of a query, users of an address, tokens. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/([?&;])([\w.~%-]+)=([^&;#\s"')]*)/g, (all, mark: string, name: string) => (PLAIN.has(name) ? all : `${mark}${name}=${LEFT_OUT}`))
    .replace(/\/\/[^/@\s]+@/g, `//${LEFT_OUT}@`)
    // A word after it is a word; what holds a digit, a capital or an equals sign may be a token.
    .replace(/\b([Bb]earer|[Bb]asic)\s+(?=\S*[0-9A-Z=])[\w.~+/=-]{8,}/g, `$1 ${LEFT_OUT}`)
    .replace(/\beyJ[\w-]+(?:\.[\w-]+)*/g, LEFT_OUT);
}

// The language that is shown now, and words in it. Reading a word in a component makes the component follow the language.
import { lookUp, type LanguageCode, type MessageKey } from "./messages";

/** What a message's gaps are filled with. `count` chooses the plural form. */
export type Params = Readonly<Record<string, string | number>>;

let current = $state<LanguageCode>("en");

/** The language that is shown. */
export function language(): LanguageCode {
  return current;
}

/** Shows another language. */
export function setLanguage(next: LanguageCode): void {
  current = next;
  if (typeof document !== "undefined") document.documentElement.lang = next;
}

/** The language for a BCP 47 tag, or a locale as POSIX writes it. */
export function languageFor(tag: string): LanguageCode {
  return /^ko(?![a-z])/i.test(tag) ? "ko" : "en";
}

/**
 * A message with its gaps filled; a gap without a value stays empty. Korean sentences are built so that no particle depends on
 * what fills a gap.
 */
export function t(key: MessageKey, params: Params = {}): string {
  return fill(message(current, key, params), params);
}

/** The message of a code that the work gave, with its gaps filled; none where the catalogue does not know the code. */
export function tKnown(key: string, params: Params = {}): string | null {
  const text = message(current, key, params);
  return text === key ? null : fill(text, params);
}

function message(code: LanguageCode, key: string, params: Params): string {
  if (typeof params["count"] === "number") {
    const form = new Intl.PluralRules(code).select(params["count"]);
    const plural = lookUp(code, `${key}_${form}`) ?? lookUp(code, `${key}_other`);
    if (plural !== undefined) return plural;
  }
  return lookUp(code, key) ?? lookUp("en", key) ?? key;
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? "";
    return typeof value === "number" ? new Intl.NumberFormat(current).format(value) : value;
  });
}

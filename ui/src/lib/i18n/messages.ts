// The catalogue's keys as a type: a key that does not exist does not compile.
import en from "../../i18n/en.json";
import ko from "../../i18n/ko.json";

type Stem<K extends string> = K extends `${infer S}_one` | `${infer S}_other` ? S : K;
type Leaves<T> = { [K in keyof T & string]: T[K] extends string ? Stem<K> : `${K}.${Leaves<T[K]>}` }[keyof T & string];

/** A key of the catalogue; of a message with plural forms, without `_one` and `_other`. */
export type MessageKey = Leaves<typeof en>;

/** A language that all words exist in. */
export type LanguageCode = "en" | "ko";

interface Messages {
  readonly [key: string]: string | Messages;
}

/** All words, by language. */
export const CATALOGUE: Record<LanguageCode, Messages> = { en, ko };

/** The message with exactly this key. */
export function lookUp(language: LanguageCode, key: string): string | undefined {
  let at: string | Messages | undefined = CATALOGUE[language];
  for (const part of key.split(".")) at = typeof at === "object" ? at[part] : undefined;
  return typeof at === "string" ? at : undefined;
}

// What a rule finds, in words.
import { language, lookUp, t } from "../../../i18n";
import type { MessageKey } from "../../../i18n";

/** In the language of the window; a rule that has no words yet is called by its own name. */
export function ruleName(rule: string): string {
  const key = `secrets.rule.${rule.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
  return lookUp(language(), key) === undefined ? rule.replaceAll("-", " ") : t(key as MessageKey);
}

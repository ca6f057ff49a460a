// The same catalogue as the window's, so that a story asks for what a person reads.

import { readFile } from "node:fs/promises";

/** The sentences of one language. */
export class Words {
  #messages;

  constructor(messages) {
    this.#messages = messages;
  }

  static async load(language) {
    const url = new URL(`../../ui/src/i18n/${language}.json`, import.meta.url);
    return new Words(JSON.parse(await readFile(url, "utf8")));
  }

  /** A sentence without gaps, as it stands. */
  text(key) {
    return key.split(".").reduce((messages, part) => messages?.[part], this.#messages);
  }

  /** A pattern that a sentence with this key matches in full; parameters match anything unless given. */
  pattern(key, parameters = {}) {
    return new RegExp(`^${this.#source(key, parameters)}$`, "s");
  }

  /** The same for a sentence that stands among others. */
  part(key, parameters = {}) {
    return new RegExp(this.#source(key, parameters), "s");
  }

  #source(key, parameters) {
    const message = key.split(".").reduce((messages, part) => messages?.[part], this.#messages);
    if (typeof message !== "string") throw new Error(`the catalogue has no \`${key}\``);
    return message.split(/(\{[^}]*\})/).map((piece) => {
      if (!piece.startsWith("{")) return quoted(piece);
      const name = piece.slice(1, -1).split(":")[0];
      return name in parameters ? `${quoted(String(parameters[name]))}\\S{0,2}` : ".*?";
    }).join("");
  }
}

function quoted(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

// What a person does with a window: find by role and name, click, type, wait, read.

import { setTimeout as sleep } from "node:timers/promises";

import { findByRole } from "./in-page.mjs";

const PATIENCE_MS = 20_000;

export class Page {
  constructor(session, words) {
    this.session = session;
    this.words = words;
  }

  /** The visible elements with this role whose accessible name matches. */
  async all(role, name = /./s) {
    const pattern = typeof name === "string" ? this.words.pattern(name) : name;
    return await this.session.run(findByRole, role, pattern.source, pattern.flags);
  }

  /** The first of them, waited for. */
  async find(role, name, { patience = PATIENCE_MS } = {}) {
    return await this.until(`a ${role} named ${name}`, async () => (await this.all(role, name))[0], { patience });
  }

  async click(role, name, options) {
    const element = await this.find(role, name, options);
    await this.session.click(element);
    return element;
  }

  /** Types into a field in place of what stands there. */
  async fill(role, name, text) {
    const element = await this.find(role, name);
    await this.session.click(element);
    await this.session.clear(element);
    await this.session.type(element, text);
    return element;
  }

  /** The same for a password, whose field has no role. */
  async fillSecret(label, text) {
    const named = "(source) => [...document.querySelectorAll('input[type=password]')].find((field) => new RegExp(source, 's').test(field.labels[0]?.innerText.trim() ?? ''))";
    const field = await this.until(`the field ${label}`, () => this.session.run(named, this.words.pattern(label).source));
    await this.session.clear(field);
    await this.session.type(field, text);
  }

  /** All text that can be read now. */
  async text() {
    return await this.session.run("() => document.body.innerText");
  }

  async seeText(pattern, options) {
    return await this.until(`the text ${pattern}`, async () => (await this.text()).match(pattern) ?? undefined, options);
  }

  /** Waits until `probe` gives something; a page that is just being replaced is asked again. */
  async until(what, probe, { patience = PATIENCE_MS } = {}) {
    const end = Date.now() + patience;
    let last;
    while (Date.now() < end) {
      try {
        const value = await probe();
        if (value !== undefined && value !== null && value !== false) return value;
      } catch (error) {
        last = error;
      }
      await sleep(100);
    }
    throw new Error(`${what} did not come within ${patience / 1000} s${last ? ` (${last.message})` : ""}; there is:\n${await this.text().catch(() => "nothing")}`);
  }
}

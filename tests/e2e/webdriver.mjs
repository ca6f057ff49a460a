// A client of the W3C WebDriver protocol: as much of it as the stories need.

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** What the driver refused, with its own code. */
export class DriverError extends Error {
  constructor(code, message, call) {
    super(`${call}: ${code}: ${message}`);
    this.code = code;
  }
}

/** One session: one window. */
export class Session {
  #base;

  constructor(base) {
    this.#base = base;
  }

  /** Starts `binary` through the driver at `url`. */
  static async start(url, binary, args = []) {
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary, args } } };
    const value = await call("POST", `${url}/session`, { capabilities }, 60_000);
    const session = new Session(`${url}/session/${value.sessionId}`);
    await session.#post("timeouts", { script: 20_000, pageLoad: 60_000, implicit: 0 });
    return session;
  }

  /** Closes the window and ends the app. */
  async end() {
    await call("DELETE", this.#base, undefined, 20_000);
  }

  /** Sets the window's outer size. */
  async resize(width, height) {
    await this.#post("window/rect", { x: 0, y: 0, width, height });
  }

  /** Runs a function in the page; arguments and result are JSON, or elements. */
  async run(script, ...args) {
    const value = await this.#post("execute/sync", {
      script: `return (${script}).apply(null, arguments);`,
      args: args.map((arg) => (arg instanceof Element ? { [ELEMENT]: arg.id } : arg)),
    });
    return this.#revived(value);
  }

  /** A picture of the window, as PNG. */
  async screenshot() {
    return Buffer.from(await this.#get("screenshot"), "base64");
  }

  /** Presses keys one after the other, as `["Control", "k"]` together. */
  async press(...keys) {
    const values = keys.map((key) => KEYS[key] ?? key);
    const actions = [
      ...values.map((value) => ({ type: "keyDown", value })),
      ...values.toReversed().map((value) => ({ type: "keyUp", value })),
    ];
    await this.#post("actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  async click(element) {
    // What is scrolled out of sight, or moves just now, is brought into sight and tried again.
    for (let tries = 0; ; tries += 1) {
      try {
        await this.#post(`element/${element.id}/click`, {});
        return;
      } catch (error) {
        if (tries === 20 || !/not interactable|stale/.test(error.message)) throw error;
        await this.run("(element) => element.scrollIntoView({ block: 'center' })", element).catch(() => {});
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }

  async clear(element) {
    await this.#post(`element/${element.id}/clear`, {});
  }

  async type(element, text) {
    await this.#post(`element/${element.id}/value`, { text });
  }

  async computedRole(element) {
    return await this.#get(`element/${element.id}/computedrole`);
  }

  async computedLabel(element) {
    return await this.#get(`element/${element.id}/computedlabel`);
  }

  #revived(value) {
    if (Array.isArray(value)) return value.map((part) => this.#revived(part));
    if (value !== null && typeof value === "object") return value[ELEMENT] ? new Element(value[ELEMENT]) : value;
    return value;
  }

  #post(path, body) {
    return call("POST", `${this.#base}/${path}`, body, 30_000);
  }

  #get(path) {
    return call("GET", `${this.#base}/${path}`, undefined, 30_000);
  }
}

/** An element of the page, by the driver's id. */
export class Element {
  constructor(id) {
    this.id = id;
  }
}

const KEYS = {
  Enter: "\uE007", Escape: "\uE00C", Tab: "\uE004", Control: "\uE009", Shift: "\uE008",
  ArrowUp: "\uE013", ArrowDown: "\uE015", ArrowLeft: "\uE012", ArrowRight: "\uE014", Home: "\uE011", End: "\uE010",
};

async function call(method, url, body, milliseconds) {
  const response = await fetch(url, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(milliseconds),
  });
  const { value } = await response.json();
  if (!response.ok) throw new DriverError(value.error, value.message, `${method} ${new URL(url).pathname}`);
  return value;
}

// The built app with folders of its own, driven through WebKitWebDriver.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Page } from "./page.mjs";
import { Session } from "./webdriver.mjs";
import { Words } from "./words.mjs";

/** A running app: its page, its words, its folders. */
export class App {
  /** Starts it with an empty store, unless `folder` is that of an earlier one. */
  static async start({ language = "en", theme = "light", width = 1440, height = 900, folder = null } = {}) {
    const app = new App();
    app.folder = folder ?? (await mkdtemp(join(tmpdir(), "strata-e2e-")));
    app.store = join(app.folder, "store");
    const config = join(app.folder, "config");
    await mkdir(config, { recursive: true });
    await writeFile(join(config, "settings.json"), JSON.stringify({ language, theme, practiceRegistry: true }));
    const port = await freePort();
    app.driver = spawn("WebKitWebDriver", [`--port=${port}`], {
      env: { ...process.env, ...environment(app, config) },
      stdio: ["ignore", "ignore", process.env.STRATA_E2E_VERBOSE ? "inherit" : "ignore"],
      // A group of its own, so that what the driver started can be ended with it.
      detached: true,
    });
    try {
      const url = `http://127.0.0.1:${port}`;
      await untilReady(url);
      app.session = await Session.start(url, binary());
      app.words = await Words.load(language);
      app.page = new Page(app.session, app.words);
      await app.session.resize(width, height);
    } catch (error) {
      await app.end({ keep: folder !== null });
      throw error;
    }
    return app;
  }

  /** Ends the app, and removes its folders unless they are kept for the next one. */
  async end({ keep = false } = {}) {
    await this.session?.end().catch(() => {});
    try {
      process.kill(-this.driver.pid, "SIGTERM");
    } catch {
      // It has ended by itself.
    }
    if (!keep) await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function binary() {
  const path = process.env.STRATA_DESKTOP;
  if (!path) throw new Error("STRATA_DESKTOP does not name the built app; run `cargo xtask e2e`");
  return path;
}

function environment(app, config) {
  return {
    // Without it the app does not register for automation, and the session never starts.
    TAURI_WEBVIEW_AUTOMATION: "true",
    STRATA_STORE: app.store,
    STRATA_CONFIG_DIR: config,
    STRATA_PRACTICE_PORT: "0",
    DOCKER_CONFIG: join(app.folder, "no-docker"),
    XDG_DATA_HOME: join(app.folder, "data"),
    XDG_CACHE_HOME: join(app.folder, "cache"),
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
  };
}

async function untilReady(url) {
  for (let tries = 0; tries < 100; tries += 1) {
    const ready = await fetch(`${url}/status`).then((response) => response.ok, () => false);
    if (ready) return;
    await sleep(50);
  }
  throw new Error("WebKitWebDriver does not answer");
}

/** A port that nobody listens on now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

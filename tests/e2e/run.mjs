// Runs the stories in this folder's `stories`, one app after the other: `node run.mjs [PART-OF-A-NAME]`.
// The last line is `stories: N passed, N failed`, which `cargo xtask test` counts.

import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { App } from "./app.mjs";
import { framesPassed } from "./in-page.mjs";

const screenshots = process.env.STRATA_SCREENSHOTS ?? "target/screenshots";
const wanted = process.argv[2] ?? "";

await mkdir(screenshots, { recursive: true });
const folder = new URL("stories/", import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith(".mjs")).sort();
let passed = 0;
let failed = 0;
for (const file of files) {
  const { stories } = await import(new URL(file, folder));
  for (const [name, story] of Object.entries(stories)) {
    const title = `${file.replace(".mjs", "")}: ${name}`;
    if (!title.includes(wanted)) continue;
    if (await holds(title, story)) passed += 1;
    else failed += 1;
  }
}
console.log(`stories: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

/** Tells one story; what it started is ended whatever happens. */
async function holds(title, story) {
  const begun = Date.now();
  const open = [];
  const stage = {
    /** Starts an app that ends with the story. */
    async app(options) {
      const app = await App.start(options);
      open.push(() => app.end());
      apps.push(app);
      return app;
    },
    /** Has something ended with the story. */
    ends(thing) {
      open.push(() => thing.end());
      return thing;
    },
    /** Keeps a picture of the window, once it shows what it holds: after a change of size that takes some frames. */
    async picture(app, name) {
      await app.page.until("some frames", () => app.session.run(framesPassed));
      await writeFile(join(screenshots, `${name}.png`), await app.session.screenshot());
    },
  };
  const apps = [];
  try {
    await story(stage);
    console.log(`ok      ${title} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    console.log(`FAILED  ${title}\n${error.stack ?? error}`);
    for (const [number, app] of apps.entries()) {
      const name = `failed-${title.replace(/[^a-z0-9]+/gi, "-")}-${number}`;
      await stage.picture(app, name).catch(() => {});
    }
    return false;
  } finally {
    for (const end of open.toReversed()) await Promise.resolve(end()).catch(() => {});
  }
}

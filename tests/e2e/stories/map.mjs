// The map of the space, against what a script finds in the store by itself; and the files of a layer beside the system.

import { execFileSync } from "node:child_process";

import { holdsTrue } from "../expect.mjs";
import { looksRight, offeredSample, openImage, pull } from "../steps.mjs";

export const stories = {
  async "the map tells folders by their bytes, is walked by key, and says the same as a table"(stage) {
    await mapped(stage, "en", "light");
  },

  async "the same in Korean and in the dark"(stage) {
    await mapped(stage, "ko", "dark");
  },
};

async function mapped(stage, language, theme) {
  const app = await stage.app({ language, theme });
  const reference = await offeredSample(app);
  await pull(app, reference);
  await openImage(app, reference.replace(/:[^/:]*$/, ""));
  const found = JSON.parse(execFileSync("python3", [new URL("../explain.py", import.meta.url).pathname, app.store, reference], { maxBuffer: 1 << 26 }));
  await app.page.click("tab", "image.tabs.map");
  await tellsFolders(app, found.folders);
  await looksRight(stage, app, `map-${language}-${theme}`);
  await isWalked(app);
  await app.page.click("button", app.words.part("image.map.buried"));
  await stage.picture(app, `map-buried-${language}-${theme}`);
  await app.page.click("button", app.words.part("image.map.asTable"));
  await app.page.find("table", /./s);
  const rows = await app.page.all("row");
  const folders = Object.values(found.folders).filter((bytes) => bytes > 0).length;
  holdsTrue(rows.length > folders, `a row for each of ${folders} folders and a heading, not ${rows.length}`);
  await standBeside(stage, app, `${language}-${theme}`);
}

/** Every top folder is there by name, with its share of all bytes. */
async function tellsFolders(app, folders) {
  const total = Object.values(folders).reduce((sum, bytes) => sum + bytes, 0);
  for (const [name, bytes] of Object.entries(folders)) {
    if (bytes === 0) continue;
    const share = bytes / total < 0.01 ? "<1%" : `${Math.round((100 * bytes) / total)}%`;
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const part = await app.page.find("button", new RegExp(`^/${escaped}, `));
    const label = await app.session.run("(element) => element.ariaLabel", part);
    holdsTrue(label.includes(`, ${share},`), `${name}: ${share} by the script, in the window \u201c${label}\u201d`);
  }
}

/** Into the largest folder and back, by key alone. */
async function isWalked(app) {
  const largest = "() => document.querySelector('#map-part-0')?.ariaLabel";
  const before = await app.session.run(largest);
  await app.session.run("() => document.querySelector('#map-part-0').focus()");
  await app.session.press("Enter");
  const inside = await app.page.until("what is in the folder", async () => {
    const now = await app.session.run(largest);
    return now !== before && now;
  });
  const folder = before.split(",")[0];
  holdsTrue(inside.startsWith(`${folder}/`), `${inside} is in ${folder}`);
  await app.session.press("Escape");
  await app.page.until("the way back", async () => (await app.session.run("() => document.activeElement.ariaLabel")) === before);
}

/** A layer's changes and the system stand beside each other, both by the same filter. */
async function standBeside(stage, app, picture) {
  await app.page.click("tab", "image.tabs.layers");
  await app.page.click("button", app.words.pattern("files.scope.both"));
  await app.page.until("two trees", async () => (await app.page.all("tree")).length === 2);
  await app.page.fill("textbox", "files.filter.label", "owner:0 size:>0");
  await app.page.until("files in both", () => app.session.run("() => [...document.querySelectorAll('[role=tree]')].length === 2 && [...document.querySelectorAll('[role=tree]')].every((tree) => tree.querySelector('[role=treeitem]'))"));
  await stage.picture(app, `map-both-${picture}`);
  await app.page.fill("textbox", "files.filter.label", "owner:4242");
  await app.page.until("nothing that this user owns", async () => (await app.page.all("treeitem")).length === 0);
}

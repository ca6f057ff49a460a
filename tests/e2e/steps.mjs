// Steps that several stories take, worded as a person would.

import { holdsTrue, isEmpty } from "./expect.mjs";
import { findClipped, findFaint, findNameless } from "./in-page.mjs";

const LEAST_CONTRAST = 4.5;

/** Waits for the empty Images screen and reads which sample it offers; returns its reference. */
export async function offeredSample(app) {
  const [reference] = await app.page.seeText(/localhost:\d+\/practice\/[a-z0-9._/-]+(:[\w.-]+)?/);
  return reference;
}

/** Types a name on the Pull screen and presses Pull. */
export async function startPull(app, reference) {
  await open(app, "frame.nav.pull");
  await app.page.fill("textbox", "pull.name.label", reference);
  await app.page.click("button", "pull.start");
}

/** Opens a screen of the sidebar by its key in the catalogue. */
export async function open(app, key) {
  const item = await app.page.until(`the sidebar's ${key}`, async () => {
    const name = app.words.part(key);
    return (await app.page.all("button", name))[0] ?? (await app.page.all("link", name))[0];
  });
  await app.session.click(item);
}

/** Pulls and waits until it is done. */
export async function pull(app, reference) {
  await startPull(app, reference);
  await app.page.seeText(app.words.part("pull.outcome.done"), { patience: 60_000 });
}

/** Opens an image from the Images screen. */
export async function openImage(app, repository) {
  await open(app, "frame.nav.images");
  const name = new RegExp(repository.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  await app.page.until(`the image ${repository}`, async () => {
    const row = (await app.page.all("link", name))[0] ?? (await app.page.all("button", name))[0] ?? (await app.page.all("row", name))[0];
    if (row === undefined) return undefined;
    try {
      await app.session.click(row);
      return true;
    } catch (error) {
      // What was found belonged to the screen before, which has just gone.
      if (/interactable|stale/.test(error.message)) return undefined;
      throw error;
    }
  });
  await app.page.find("listbox", "image.strata.label");
}

/** Clicks the band of a layer, 1 is the oldest, and waits for its files. */
export async function chooseLayer(app, layer) {
  await app.page.click("option", new RegExp(`${app.words.part("image.strata.layer", { layer }).source}\\b`, "s"));
  await app.page.find("tree", app.words.pattern("files.tree.layer", { layer }));
  await app.page.until("files of the layer", async () => (await app.page.all("treeitem")).length > 0);
}

/** The names that the file tree shows now. */
export async function shownFiles(app) {
  const names = await app.session.run("() => [...document.querySelectorAll('[role=treeitem] .label')].map((label) => label.innerText)");
  holdsTrue(names.length > 0, "the tree shows no file");
  return names;
}

/** Nothing in the window is cut off, faint or without a name. */
export async function isReadable(app, where = "") {
  for (const [what, script] of [["cut off", findClipped], ["faint", findFaint], ["nameless", findNameless]]) {
    isEmpty(await app.session.run(script, LEAST_CONTRAST), `${what}${where}`);
  }
}

/** The same in both sizes that people have, with a picture of each. */
export async function looksRight(stage, app, picture) {
  for (const [width, height] of [[1280, 800], [1440, 900]]) {
    await app.session.resize(width, height);
    await stage.picture(app, `${picture}-${width}`);
    await isReadable(app, ` at ${width}`);
  }
}

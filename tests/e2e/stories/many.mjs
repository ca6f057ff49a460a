// Ten thousand tags, several tags at once, the files of a layer that is not here, and a queue.

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { App } from "../app.mjs";
import { holdsTrue, isEmpty } from "../expect.mjs";
import { findClipped, findFaint, findNameless } from "../in-page.mjs";
import { ManyTags } from "../many-tags.mjs";
import { SlowRegistry } from "../slow-registry.mjs";
import { offeredSample, open, startPull } from "../steps.mjs";

const COUNT = 10_000;
const MOST_HEADS = 100;
const LEAST_CONTRAST = 4.5;

/** The names of the rows that are drawn, and what each is also called. */
const shownTags = "() => [...document.querySelectorAll('[role=option]')].map((row) => [row.querySelector('b').innerText, row.querySelector('.also')?.innerText ?? ''])";

export const stories = {
  async "each key typed into the filter of ten thousand tags lists what is in them, and only tags that were seen are followed"(stage) {
    const registry = stage.ends(await ManyTags.start(COUNT));
    const app = await stage.app();
    await look(app, registry.repository);
    const field = await app.page.find("searchbox", "pull.tags.filter");
    for (let typed = "1"; typed.length <= "1.27.".length; typed = "1.27.".slice(0, typed.length + 1)) {
      await app.session.type(field, typed.at(-1));
      const expected = registry.tags.filter((tag) => tag.includes(typed));
      const number = expected.length.toLocaleString("en");
      await app.page.seeText(app.words.part("pull.tags.found_other", { number }));
      const shown = (await app.session.run(shownTags)).map(([name]) => name);
      holdsTrue(shown.length > 0 && shown.every((name) => expected.includes(name)), `${typed}: ${shown} is not all in it`);
      if (typed === "1.27.") break;
    }
    await app.session.clear(field);
    await app.session.type(field, "1.27.3");
    await app.page.until("latest = 1.27.3", async () => (await app.session.run(shownTags)).some(([name, also]) => name === "1.27.3" && also.includes("latest")));
    await stage.picture(app, "tags-latest-is-a-name");
    const heads = new Set(registry.heads);
    holdsTrue(heads.size <= MOST_HEADS, `${heads.size} tags were followed`);
    holdsTrue([...heads].every((tag) => tag === "latest" || tag.startsWith("1")), `tags that nobody saw were followed: ${[...heads]}`);
  },

  async "several tags come as images, each once, after what they come to was said"(stage) {
    const registry = stage.ends(await ManyTags.start(60));
    const app = await stage.app();
    await look(app, registry.repository);
    await app.page.fill("searchbox", "pull.tags.filter", "1.0.1-");
    const expected = registry.tags.filter((tag) => tag.includes("1.0.1-"));
    await app.page.click("button", app.words.part("pull.many.open_other", { number: expected.length }));
    const dialog = await app.page.find("dialog", app.words.part("pull.many.title"));
    holdsTrue(dialog !== undefined, "the dialog is open");
    await app.page.seeText(app.words.part("pull.many.images_other", { count: expected.length }));
    await fits(stage, app, "many-tags");
    // The dialog stands last in the page; the picture behind it has such a button too.
    await app.session.click((await app.page.all("button", app.words.pattern("pull.look.pull"))).at(-1));
    await open(app, "frame.nav.images");
    await app.page.until("all of them", async () => (await app.page.all("link", /story\/many/)).length === expected.length, { patience: 60_000 });
  },

  async "a layer's files are listed before the pull, and nothing of it is kept"(stage) {
    const app = await stage.app();
    const sample = await offeredSample(app);
    await look(app, sample);
    await app.page.click("button", /^COPY greetings/);
    await app.page.until("its files", async () => (await app.page.all("treeitem", /greetings/)).length > 0);
    await app.page.seeText(app.words.part("pull.files.source.wholeLayer"));
    await fits(stage, app, "layer-files");
    await app.session.press("Escape");
    await open(app, "frame.nav.images");
    await app.page.seeText(app.words.part("frame.footer.totals_other", { count: 0 }));
  },

  async "a pull is paused, keeps what has arrived, and goes on"(stage) {
    const app = await stage.app();
    const sample = await offeredSample(app);
    const [upstream] = sample.split("/");
    const slow = stage.ends(await SlowRegistry.before(upstream, 8_000));
    const reference = sample.replace(upstream, slow.address);
    await startPull(app, reference);
    await app.page.click("button", "pull.queue.pause");
    await app.page.find("region", "pull.queue.waitingTitle");
    await fits(stage, app, "queue-paused");
    await app.page.click("button", "pull.queue.resume");
    await app.page.seeText(app.words.part("pull.outcome.done"), { patience: 90_000 });
  },

  async "a pull that the app's end cut off stands in the queue of the next start, and goes on"(stage) {
    const first = await App.start();
    const folder = first.folder;
    stage.ends({ end: () => rm(folder, { recursive: true, force: true }) });
    const upstream = stage.ends(await ManyTags.start(60, { bytes: 400_000 }));
    const slow = stage.ends(await SlowRegistry.before(upstream.address.replace("localhost", "127.0.0.1"), 30_000));
    const reference = `${slow.address}/story/many:1.0.1`;
    try {
      await startPull(first, reference);
      await first.page.find("button", "pull.queue.pause");
      await first.page.until("the queue's file", async () => (await readFile(join(folder, "store-queue.json"), "utf8")).includes(reference));
    } finally {
      await first.end({ keep: true });
    }
    const next = await stage.app({ folder });
    await open(next, "frame.nav.pull");
    await next.page.click("button", "pull.queue.resume");
    await next.page.seeText(next.words.part("pull.outcome.done"), { patience: 90_000 });
  },
};

async function look(app, name) {
  await open(app, "frame.nav.pull");
  await app.page.fill("textbox", "pull.name.label", name);
  await app.page.click("button", "pull.look.open");
  await app.page.until("the tags", async () => (await app.page.all("option")).length > 0, { patience: 60_000 });
}

/** Nothing is cut off, faint or nameless, at the smallest size and the usual one. */
async function fits(stage, app, name) {
  for (const [width, height] of [[1280, 800], [1440, 900]]) {
    await app.session.resize(width, height);
    await stage.picture(app, `${name}-${width}`);
    for (const [what, script] of [["cut off", findClipped], ["faint", findFaint], ["nameless", findNameless]]) {
      isEmpty(await app.session.run(script, LEAST_CONTRAST), `${what} at ${width}`);
    }
  }
}

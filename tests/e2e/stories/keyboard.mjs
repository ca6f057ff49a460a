// Everything by keyboard: the palette pulls and opens an image, the arrows walk through its layers and files.

import { holdsTrue } from "../expect.mjs";
import { offeredSample } from "../steps.mjs";

export const stories = {
  async "the palette pulls an image and opens it, and the arrows walk through it"(stage) {
    const app = await stage.app();
    const { page, session, words } = app;
    const sample = await offeredSample(app);
    const fromPalette = async (text) => {
      await session.press("Control", "k");
      const field = await page.find("combobox", "frame.palette.label");
      await session.type(field, text);
      const [chosen] = await page.until("an entry", async () => {
        const entries = await page.all("option");
        return entries.length > 0 && entries;
      });
      await session.press("Enter");
      return chosen;
    };
    await fromPalette(sample);
    await page.seeText(words.part("pull.outcome.done"), { patience: 60_000 });
    await stage.picture(app, "palette-pulled");
    await fromPalette("hello:1.0");
    const strata = await page.find("listbox", "image.strata.label");
    const selected = () => session.run("() => document.querySelector('[role=option][aria-selected=true]')?.dataset.layer ?? ''");
    await page.until("the newest layer", async () => (await selected()) === "3");
    await session.run("(list) => list.focus()", strata);
    await session.press("ArrowDown");
    await page.until("the layer below", async () => (await selected()) === "2");
    const tree = await page.find("tree", words.pattern("files.tree.layer", { layer: 2 }));
    await page.until("its files", async () => (await page.all("treeitem")).length > 0);
    await session.run("(list) => list.focus()", tree);
    const active = () => session.run("() => document.querySelector('[role=treeitem][aria-selected=true]')?.id ?? ''");
    const first = await active();
    await session.press("ArrowDown");
    await page.until("the next file", async () => (await active()) !== first);
    await session.press("Control", "k");
    await page.find("dialog", "frame.palette.label");
    await session.press("Escape");
    await page.until("the palette to go", async () => (await page.all("dialog")).length === 0);
  },

  async "language and colours change at once and are kept"(stage) {
    const app = await stage.app();
    await offeredSample(app);
    const shown = () => app.session.run("() => [document.documentElement.lang, document.documentElement.dataset.theme].join(' ')");
    holdsTrue((await shown()) === "en light", `it begins as ${await shown()}`);
    await app.page.click("button", "frame.language.other");
    await app.page.until("Korean", async () => (await shown()) === "ko light");
    const { Words } = await import("../words.mjs");
    app.page.words = app.words = await Words.load("ko");
    await app.page.find("heading", "frame.nav.images");
    await app.page.click("button", "frame.theme.toDark");
    await app.page.until("dark colours", async () => (await shown()) === "ko dark");
    const { readFile } = await import("node:fs/promises");
    const kept = await app.page.until("the settings file", async () => {
      const settings = JSON.parse(await readFile(`${app.folder}/config/settings.json`, "utf8"));
      return settings.language === "ko" && settings.theme === "dark" && settings;
    });
    holdsTrue(kept.practiceRegistry === true, "what was not changed is kept");
  },
};

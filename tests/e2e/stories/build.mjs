// A Dockerfile becomes an image: dropped on the window, built, changed, built again, and the screen says what was the reason.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { dragOnto } from "../drag.mjs";
import { holdsTrue } from "../expect.mjs";
import { isReadable, looksRight, offeredSample, open } from "../steps.mjs";

const BUILD = { patience: 60_000 };

export const stories = {
  async "a folder is dropped, built, changed and built again, and the screen says which file was the reason"(stage) {
    await built(stage, "en", "light");
  },

  async "the same in Korean and in the dark"(stage) {
    await built(stage, "ko", "dark");
  },

  async "a build that fails says at which line and why, and the example for that needs no network"(stage) {
    const app = await stage.app({});
    await offeredSample(app);
    await open(app, "frame.nav.build");
    await app.page.click("button", app.words.part("build.example.mistake.title"));
    await start(app);
    await app.page.seeText(app.words.part("build.cause.commandNotFound", { subject: "lss" }), BUILD);
    await stage.picture(app, "build-failed");
    await isReadable(app);
  },
};

async function built(stage, language, theme) {
  const app = await stage.app({ language, theme });
  const registry = (await offeredSample(app)).split("/")[0];
  const folder = join(app.folder, "가게 shop");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "Dockerfile"), `FROM ${registry}/practice/toolbox:1.0\nRUN mkdir -p /srv/shop\nCOPY app.txt other.txt /srv/shop/\nRUN cat /srv/shop/app.txt && cp /srv/shop/app.txt /srv/shop/made.txt\nCMD ["cat", "/srv/shop/made.txt"]\n`);
  await writeFile(join(folder, "app.txt"), "first\n");
  await writeFile(join(folder, "other.txt"), "other\n");
  await dragOnto(folder, () => app.page.seeText(app.words.part("frame.drop.title")));
  await app.page.seeText(app.words.part("build.form.name"), BUILD);
  await stage.picture(app, `build-sheet-${language}-${theme}`);
  await start(app);
  await app.page.find("button", app.words.part("build.head.image"), BUILD);
  await looksRight(stage, app, `build-${language}-${theme}`);

  await writeFile(join(folder, "app.txt"), "second\n");
  await app.page.click("button", app.words.pattern("build.head.again"));
  await app.page.seeText(/app\.txt/, BUILD);
  await app.page.find("button", app.words.part("build.head.image"), BUILD);
  await app.page.click("button", /COPY app\.txt/);
  await app.page.seeText(app.words.part("build.why.title", { line: 3 }), BUILD);
  const [said] = await app.page.seeText(/app\.txt/);
  holdsTrue(said !== undefined, "the reason names app.txt");
  await stage.picture(app, `build-again-${language}-${theme}`);
  await app.page.click("button", /RUN cat/);
  await app.page.seeText(/^second$/m);

  await app.page.click("button", app.words.part("build.head.image"));
  await app.page.find("listbox", "image.strata.label");
  await open(app, "frame.nav.images");
  await app.page.seeText(/shop/);
}

/** Presses the button of the screen, which the sidebar has the name of too. */
async function start(app) {
  const button = await app.page.until("the button that starts the build", () => app.session.run("() => [...document.querySelectorAll('main button.primary')].find((each) => !each.disabled)"));
  await app.session.click(button);
}

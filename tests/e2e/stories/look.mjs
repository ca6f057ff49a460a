// Looking before pulling: tags, layers, what is already here; nothing is stored until Pull.

import { holdsTrue, isEmpty } from "../expect.mjs";
import { findClipped, findFaint, findNameless } from "../in-page.mjs";
import { offeredSample, open, pull } from "../steps.mjs";

const LEAST_CONTRAST = 4.5;

export const stories = {
  async "a look shows tags and layers, says what is already here, and stores nothing"(stage) {
    await look(stage, "en", "light");
  },

  async "the same in Korean and dark"(stage) {
    await look(stage, "ko", "dark");
  },
};

async function look(stage, language, theme) {
  const app = await stage.app({ language, theme });
  const sample = await offeredSample(app);
  await pull(app, sample);
  // The other sample stands on the same two layers.
  const other = sample.replace("hello", "greeter");
  await open(app, "frame.nav.pull");
  await app.page.fill("textbox", "pull.name.label", other);
  await app.page.click("button", "pull.look.open");
  await app.page.find("region", "pull.look.title");
  await app.page.click("option", /1\.0/);
  await app.page.until("the layers", async () => (await app.page.text()).includes("rm -rf /var/cache/greeter"));
  const here = "(said) => [...document.querySelectorAll('li .chip')].filter((chip) => chip.innerText.trim() === said).length";
  const layersHere = await app.session.run(here, app.words.text("pull.state.alreadyHere"));
  holdsTrue(layersHere === 2, `two of the layers are here, not ${layersHere}`);
  for (const [width, height] of [[1280, 800], [1440, 900]]) {
    await app.session.resize(width, height);
    await stage.picture(app, `look-${language}-${theme}-${width}`);
    for (const [what, script] of [["cut off", findClipped], ["faint", findFaint], ["nameless", findNameless]]) {
      isEmpty(await app.session.run(script, LEAST_CONTRAST), `${what} at ${width}`);
    }
  }
  await open(app, "frame.nav.images");
  isEmpty((await app.page.all("link", /greeter/)).map(() => "greeter"), "what was only looked at is stored");
  await open(app, "frame.nav.pull");
  await app.page.click("button", app.words.pattern("pull.look.pullTag"));
  await app.page.until("the pull", async () => (await app.page.all("button", app.words.pattern("pull.open"))).length >= 2, { patience: 60_000 });
}

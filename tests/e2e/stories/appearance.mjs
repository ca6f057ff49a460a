// All screens in both sizes, themes and languages: nothing cut off, nothing faint, every region there, all things named.

import { isEmpty } from "../expect.mjs";
import { findClipped, findFaint, findNameless } from "../in-page.mjs";
import { chooseLayer, offeredSample, open, openImage, pull } from "../steps.mjs";

const LEAST_CONTRAST = 4.5;
const SIZES = [[1280, 800], [1440, 900]];

/** Each screen: how to get there, and the regions that it must have by role and name. */
const screens = [
  { name: "images", go: (app) => open(app, "frame.nav.images"), regions: [["heading", "frame.nav.images"]] },
  { name: "pull", go: (app) => open(app, "frame.nav.pull"), regions: [["textbox", "pull.name.label"], ["button", "pull.start"]] },
  {
    name: "image",
    async go(app, repository) {
      await openImage(app, repository);
      await chooseLayer(app, 3);
    },
    regions: [["listbox", "image.strata.label"], ["toolbar", "files.toolbar"], ["tablist", "image.tabs.label"]],
  },
  { name: "image-settings", go: (app) => app.page.click("tab", "image.tabs.settings"), regions: [["tabpanel", /./]] },
  { name: "registries", go: (app) => open(app, "frame.nav.registries"), regions: [["heading", "frame.nav.registries"]] },
  { name: "settings", go: (app) => open(app, "frame.nav.settings"), regions: [["heading", "frame.nav.settings"]] },
];
const everywhere = [["navigation", /./], ["banner", /./], ["contentinfo", /./], ["main", /./]];

export const stories = Object.fromEntries(
  ["en", "ko"].flatMap((language) => ["light", "dark"].map((theme) => [
    `all screens (${language}, ${theme})`,
    (stage) => look(stage, language, theme),
  ])),
);

async function look(stage, language, theme) {
  const app = await stage.app({ language, theme });
  const faults = [];
  const sample = await offeredSample(app);
  for (const size of SIZES) await inspect(stage, app, { name: "images-empty", regions: [] }, size, faults);
  await pull(app, sample);
  const repository = sample.replace(/:[^/:]*$/, "");
  for (const screen of screens) {
    await screen.go(app, repository);
    for (const size of SIZES) await inspect(stage, app, screen, size, faults);
  }
  isEmpty(faults, `${language}, ${theme}`);

  async function inspect(stage, app, screen, [width, height], faults) {
    await app.session.resize(width, height);
    const place = `${screen.name} ${width}x${height}`;
    await app.page.until(`the size ${width}`, async () => (await app.session.run("() => innerWidth")) <= width);
    for (const [role, name] of [...everywhere, ...screen.regions]) {
      await app.page.find(role, name, { patience: 5_000 }).catch(() => faults.push(`${place}: no ${role} named ${name}`));
    }
    const find = async (what, script, ...args) => {
      for (const fault of await app.session.run(script, ...args)) faults.push(`${place}: ${what}: ${fault}`);
    };
    await find("cut off", findClipped);
    await find("faint", findFaint, LEAST_CONTRAST);
    await find("without a name", findNameless);
    await stage.picture(app, `${screen.name}-${language}-${theme}-${width}`);
  }
}

// The layer explorer, against what a script finds in the store by itself.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { holdsTrue } from "../expect.mjs";
import { chooseLayer, offeredSample, openImage, pull, shownFiles } from "../steps.mjs";

export const stories = {
  async "the largest instruction, buried bytes, who brought a file and what would start are read off the window"(stage) {
    await explored(stage, "en", "light");
  },

  async "the same in Korean and in the dark"(stage) {
    await explored(stage, "ko", "dark");
  },
};

async function explored(stage, language, theme) {
  const app = await stage.app({ language, theme });
  const sample = await offeredSample(app);
  // More images, where a person names some.
  const references = [sample, ...(process.env.STRATA_IMAGES ?? "").split(/\s+/).filter((name) => name !== "")];
  for (const [number, reference] of references.entries()) {
    await pull(app, reference);
    await openImage(app, reference.replace(/:[^/:]*$/, ""));
    await holdsAgainstTheStore(stage, app, reference, `${number}-${theme}`);
  }
}

async function holdsAgainstTheStore(stage, app, reference, picture) {
  const found = JSON.parse(execFileSync("python3", [new URL("../explain.py", import.meta.url).pathname, app.store, reference], { maxBuffer: 1 << 26 }));
  const largest = await app.page.find("option", new RegExp(`${app.words.part("image.strata.layer", { layer: found.largest.layer }).source}\\b`, "s"));
  holdsTrue((await label(app, largest)).includes(found.largest.instruction), `the largest layer is made by \u201c${found.largest.instruction}\u201d`);
  await stage.picture(app, `explorer-layers-${picture}`);

  if (found.base !== null) await app.page.find("button", app.words.part("image.base.local", { name: found.base.replace(/^docker\.io\/(library\/)?/, "") }));
  await app.page.click("tab", "image.tabs.waste");
  const wasted = await app.page.until("dive's number", () => app.session.run("() => document.querySelector('[data-fact=wasted]')?.title ?? null"));
  const digits = wasted.replace(/\D/g, "");
  holdsTrue(digits === String(found.wasted), `wasted: ${digits} in the window, ${found.wasted} by the script`);
  const efficiency = await app.session.run("() => document.querySelector('[data-fact=efficiency]').innerText");
  holdsTrue(Math.abs(Number.parseFloat(efficiency) - found.efficiency * 100) < 0.006, `efficiency: ${efficiency} in the window, ${found.efficiency} by the script`);
  await stage.picture(app, `explorer-waste-${picture}`);

  await app.page.click("tab", "image.tabs.layers");
  await chooseLayer(app, found.brought.layer);
  await app.page.fill("textbox", "files.filter.label", found.brought.path);
  await app.page.until("the file that the layer brought", async () => {
    const names = await shownFiles(app).catch(() => []);
    return names.includes(found.brought.path.split("/").at(-1));
  });
  await peels(stage, app, picture);

  await app.page.click("tab", "image.tabs.settings");
  for (const word of found.command) await app.page.seeText(new RegExp(word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
}

/** Takes all layers off but the oldest, by the keys of the handle. */
async function peels(stage, app, picture) {
  const handle = await app.page.find("slider", "image.peel.label");
  await app.session.run("(handle) => handle.focus()", handle);
  await app.session.press("Home");
  const value = await app.page.until("the handle at the bottom", () => app.session.run("() => document.querySelector('[role=slider]').ariaValueNow === '1' && document.querySelector('[role=slider]').ariaValueText"));
  holdsTrue(value.length > 0, "the handle says what is on top");
  const peeled = await app.session.run("() => document.querySelectorAll('.stratum.peeled').length");
  const all = await app.session.run("() => document.querySelectorAll('.stratum').length");
  holdsTrue(peeled === all - 1, `${peeled} of ${all} strata are taken off`);
  await stage.picture(app, `explorer-peeled-${picture}`);
}

function label(app, element) {
  return app.session.run("(element) => element.ariaLabel", element);
}


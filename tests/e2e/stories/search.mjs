// A file is found in all layers as its name is typed, and shown among the files of its layer.

import { holdsTrue } from "../expect.mjs";
import { offeredSample, openImage, pull } from "../steps.mjs";

export const stories = {
  async "a file of any layer is found by a part of its name, also one that a later layer buries"(stage) {
    await searched(stage, "en", "light");
  },

  async "the same in Korean and in the dark"(stage) {
    await searched(stage, "ko", "dark");
  },
};

async function searched(stage, language, theme) {
  const app = await stage.app({ language, theme });
  const sample = await offeredSample(app);
  await pull(app, sample);
  await openImage(app, sample.replace(/:[^/:]*$/, ""));
  await app.page.fill("combobox", "search.label", "readm");
  await app.page.find("option", /README/);
  const found = await app.session.run("() => [...document.querySelectorAll('#found-files li')].map((item) => item.innerText.replace(/\\s+/g, ' '))");
  holdsTrue(found.length === 2, `README is brought and deleted: ${JSON.stringify(found)}`);
  holdsTrue(found.some((text) => app.words.part("search.hidden", { layer: 3 }).test(text)) && found.some((text) => app.words.part("search.deletes").test(text)), `what became of it: ${JSON.stringify(found)}`);
  await stage.picture(app, `search-${theme}`);
  const buried = found.findIndex((text) => app.words.part("search.hidden", { layer: 3 }).test(text));
  for (let at = 0; at < buried; at += 1) await app.session.press("ArrowDown");
  await app.session.press("Enter");
  await app.page.find("tree", app.words.pattern("files.tree.layer", { layer: 1 }));
  await app.page.find("treeitem", /^README/);
  await stage.picture(app, `search-found-${theme}`);
}

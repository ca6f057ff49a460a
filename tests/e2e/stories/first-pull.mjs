// The main job: an empty window, a name, a pull, the strata, a layer's files.

import { holdsTrue } from "../expect.mjs";
import { chooseLayer, offeredSample, openImage, pull, shownFiles } from "../steps.mjs";

export const stories = {
  async "a newcomer pulls the offered sample, opens it and reads the files of its third layer"(stage) {
    await mainJob(stage, "en");
  },

  async "the same in Korean"(stage) {
    await mainJob(stage, "ko");
  },
};

async function mainJob(stage, language) {
  const app = await stage.app({ language });
  const reference = await offeredSample(app);
  await stage.picture(app, `first-start-${language}`);
  await pull(app, reference);
  await stage.picture(app, `pull-done-${language}`);
  const repository = reference.replace(/:[^/:]*$/, "");
  await openImage(app, repository);
  const bands = await app.page.all("option", app.words.part("image.strata.layer"));
  holdsTrue(bands.length >= 3, `the sample has ${bands.length} layers, and three are wanted`);
  await chooseLayer(app, 3);
  await stage.picture(app, `third-layer-${language}`);
  const names = await shownFiles(app);
  holdsTrue(names.every((name) => !name.startsWith(".wh.")), `marks of deletion are not files: ${names.join(", ")}`);
  // The whole system up to here holds at least what the layers below brought.
  await app.page.click("button", "files.scope.upTo");
  await app.page.find("tree", app.words.pattern("files.tree.upTo", { layer: 3 }));
  const all = await app.page.until("the whole system", async () => {
    const shown = await shownFiles(app);
    return shown.length > 0 && shown;
  });
  holdsTrue(all.length > 0, "the whole system is not empty");
}

// What an image says of itself: settings in words, a Dockerfile rebuilt, its documents, and its digests computed anew.

import { holdsTrue } from "../expect.mjs";
import { offeredSample, openImage, pull } from "../steps.mjs";

export const stories = {
  async "settings, Dockerfile and documents of an image are read, and its digests are right"(stage) {
    await read(stage, "en", "light");
  },

  async "the same in Korean and in the dark"(stage) {
    await read(stage, "ko", "dark");
  },
};

async function read(stage, language, theme) {
  const app = await stage.app({ language, theme });
  const sample = await offeredSample(app);
  await pull(app, sample);
  await openImage(app, sample.replace(/:[^/:]*$/, ""));

  await app.page.click("tab", "image.tabs.settings");
  await app.page.find("region", "image.words.title");
  await app.page.seeText(/cat \/greetings\/en\.txt/);
  await stage.picture(app, `documents-settings-${theme}`);

  await app.page.click("tab", "image.tabs.dockerfile");
  await app.page.seeText(/COPY greetings \/greetings/);
  const lines = await app.session.run("() => [...document.querySelectorAll('.lines pre')].map((line) => line.innerText)");
  holdsTrue(lines.some((line) => line.startsWith("CMD [")) && lines.some((line) => line.startsWith("RUN ")), `lines of a Dockerfile: ${lines}`);
  await stage.picture(app, `documents-dockerfile-${theme}`);

  await app.page.click("tab", "image.tabs.chain");
  await app.page.click("button", "chain.checkAll");
  // A manifest, a config, and three layers as they came and unpacked.
  await app.page.seeText(app.words.part("chain.good", { done: 8, all: 8 }));
  await stage.picture(app, `documents-chain-${theme}`);
}

// Two images beside each other, and a file of two layers line by line.

import { holdsTrue } from "../expect.mjs";
import { chooseLayer, offeredSample, openImage, pull } from "../steps.mjs";

export const stories = {
  async "two images are compared from the one that is open, down to the lines of a file"(stage) {
    await compared(stage, "en", "light");
  },

  async "the same in Korean and in the dark"(stage) {
    await compared(stage, "ko", "dark");
  },
};

async function compared(stage, language, theme) {
  const app = await stage.app({ language, theme });
  const hello = await offeredSample(app);
  const greeter = hello.replace("/hello:", "/greeter:");
  await pull(app, hello);
  await pull(app, greeter);
  await openImage(app, hello.replace(/:[^/:]*$/, ""));

  // What the newest layer changed, held against the layer below.
  await chooseLayer(app, 3);
  await app.page.click("treeitem", /^en\.txt/);
  await app.page.click("button", app.words.pattern("files.diff.with", { layer: 2 }));
  await app.page.find("group", "files.diff.label");
  const marks = await app.session.run("() => [...document.querySelectorAll('.lines tr')].map((row) => row.className)");
  holdsTrue(marks.some((mark) => mark.includes("added")) && marks.some((mark) => mark.includes("removed")), `lines come and go: ${marks}`);
  await stage.picture(app, `compare-lines-${theme}`);

  await app.page.click("button", "compare.open");
  await stage.picture(app, `compare-pick-${theme}`);
  await app.page.click("button", /greeter/);
  await app.page.find("heading", "compare.title");
  const pairs = await app.page.until("pairs of layers", async () => {
    const found = await app.session.run("() => [...document.querySelectorAll('.pairs li')].map((item) => item.className.split(' ')[0])");
    return found.length > 0 && found;
  });
  holdsTrue(pairs.at(-1) === "same" && pairs.some((state) => state !== "same"), `the samples stand on one base: ${pairs}`);
  await stage.picture(app, `compare-layers-${theme}`);
  await app.page.click("tab", app.words.part("compare.tabs.files"));
  await app.page.find("tree", "compare.tree");
  const file = await app.page.until("a file that differs", async () => (await app.page.all("treeitem", /greet\.sh/))[0]);
  await app.session.click(file);
  await app.page.seeText(app.words.part("files.preview.close"));
  await stage.picture(app, `compare-files-${theme}`);
  await app.page.click("tab", app.words.part("compare.tabs.settings"));
  await app.page.find("table", "compare.tabs.settings");
  await stage.picture(app, `compare-settings-${theme}`);

  // The tag has not moved.
  await openImage(app, hello.replace(/:[^/:]*$/, ""));
  await app.page.click("button", "compare.open");
  await app.page.click("button", "compare.pick.tag");
  await app.page.seeText(app.words.part("compare.unmoved", { name: hello }));
}

// What is in a file: text with colours, bytes, what a program needs, what a layer deleted; and a file saved.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { holdsTrue } from "../expect.mjs";
import { chooseLayer, offeredSample, openImage, pull } from "../steps.mjs";

export const stories = {
  async "a file is read, as text, as bytes and as what it is, also one that was deleted, and saved"(stage) {
    await looked(stage, "en", "light");
  },

  async "the same in Korean and in the dark"(stage) {
    await looked(stage, "ko", "dark");
  },
};

async function looked(stage, language, theme) {
  const app = await stage.app({ language, theme });
  const hello = await offeredSample(app);
  await pull(app, hello);
  await openImage(app, hello.replace(/:[^/:]*$/, ""));
  await chooseLayer(app, 3);
  await app.page.click("treeitem", /^README/);
  await app.page.seeText(app.words.part("files.preview.recovered", { layer: 1 }));
  const text = await app.page.until("the text", () => app.session.run("() => document.querySelector('.content pre.text')?.innerText"));
  await stage.picture(app, `content-recovered-${theme}`);
  await app.page.click("button", "files.preview.view.bytes");
  await app.page.seeText(/00000000  [0-9a-f]{2} /);

  // Saved, it has the same bytes.
  await app.page.click("button", "files.save.open");
  await app.page.fill("textbox", "files.save.folder", app.store);
  await app.page.click("button", "files.save.save");
  await app.page.find("status", /README/);
  const saved = await readFile(join(app.store, "README"), "utf8");
  holdsTrue(saved.trimEnd() === text.trimEnd(), `saved: ${saved}`);
  await stage.picture(app, `content-saved-${theme}`);
  const closers = await app.page.all("button", "files.preview.close");
  await app.session.click(closers.at(-1));

  if (process.platform !== "linux") return;
  const toolbox = hello.replace("/hello:", "/toolbox:");
  await pull(app, toolbox);
  await openImage(app, toolbox.replace(/:[^/:]*$/, ""));
  await app.page.fill("textbox", "files.filter.label", "libc.so*");
  let found;
  for (const layer of [1, 2, 3]) {
    await app.page.click("option", new RegExp(`${app.words.part("image.strata.layer", { layer }).source}\\b`, "s"));
    await new Promise((done) => setTimeout(done, 700));
    found = (await app.page.all("treeitem", /^libc\.so\.6/))[0];
    if (found) break;
  }
  holdsTrue(found !== undefined, "a layer of the sample has libc.so.6");
  await app.session.click(found);
  const table = await app.page.find("table", "files.elf.label");
  const facts = await app.session.run("(table) => table.innerText", table);
  holdsTrue(/libc\.so\.6/.test(facts), `what the library says of itself: ${facts}`);
  await stage.picture(app, `content-library-${theme}`);
}

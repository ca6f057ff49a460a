// Measures how long a keystroke in the tag filter takes until the list shows what it leaves, on a repository of 10,000 tags:
// `node tags.mjs [TAGS]`. Prints a line for each keystroke; judges nothing.

import { App } from "../app.mjs";
import { ManyTags } from "../many-tags.mjs";
import { open } from "../steps.mjs";

const COUNT = Number(process.argv[2] ?? 10_000);
const TYPED = "1.27.";
const ROUNDS = 10;

/** Notes for each change of the filter how long it takes until the frame after it has been drawn. */
const watchKeys = String(function watchKeys() {
  window.strataKeys = [];
  document.addEventListener("input", (event) => {
    const begun = event.timeStamp;
    const typed = event.target.value;
    // Handlers first, then the frame, then the turn after it: what was typed can be seen.
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.strataKeys.push([typed, performance.now() - begun]);
      channel.port2.postMessage(null);
    });
  }, true);
});

const takeKeys = String(function takeKeys() {
  return window.strataKeys.splice(0);
});

const registry = await ManyTags.start(COUNT);
const app = await App.start();
try {
  await open(app, "frame.nav.pull");
  await app.page.fill("textbox", "pull.name.label", registry.repository);
  await app.page.click("button", "pull.look.open");
  await app.page.until("the tags", async () => (await app.page.all("option")).length > 0, { patience: 60_000 });
  await app.session.run(watchKeys);
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const field = await app.page.find("searchbox", "pull.tags.filter");
    await app.session.clear(field);
    await app.session.run(takeKeys);
    for (const key of TYPED) {
      await app.session.type(field, key);
      const [[typed, milliseconds]] = await app.page.until("the keystroke", async () => {
        const keys = await app.session.run(takeKeys);
        return keys.length > 0 ? keys : undefined;
      });
      times.push(milliseconds);
      if (round === 0) console.log(`${typed.padEnd(6)} ${milliseconds.toFixed(1).padStart(7)} ms`);
    }
  }
  times.sort((one, two) => one - two);
  const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(1);
  const within = times.filter((time) => time <= 50).length;
  console.log(`${times.length} keystrokes on ${COUNT} tags: median ${at(0.5)} ms, 95 % within ${at(0.95)} ms, ${((100 * within) / times.length).toFixed(0)} % within 50 ms; ${new Set(registry.heads).size} tags were followed by HEAD`);
} finally {
  await app.end();
  registry.end();
}

// Measures the longest time without a new frame while an image is pulled, opened and scrolled through:
// `node browse.mjs REFERENCE`. Prints a line for each part; judges nothing.

import { App } from "../app.mjs";
import { openImage, startPull } from "../steps.mjs";

const reference = process.argv[2];
const repository = reference.replace(/:[^/:]*$/, "");
const SCROLLS = 200;

/** Starts noting the time between frames. */
const watchFrames = String(function watchFrames() {
  window.strataFrames = { longest: 0, over: 0, count: 0 };
  let last = performance.now();
  const note = (now) => {
    const { strataFrames } = window;
    strataFrames.longest = Math.max(strataFrames.longest, now - last);
    if (now - last > 100) strataFrames.over += 1;
    strataFrames.count += 1;
    last = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
});

/** What was noted since the last time. */
const takeFrames = String(function takeFrames() {
  const taken = { ...window.strataFrames };
  Object.assign(window.strataFrames, { longest: 0, over: 0, count: 0 });
  return taken;
});

/** Moves the file list by a part of its length, as a drag of the scroll bar does; says how many rows it has. */
const scrollFiles = String(function scrollFiles(part) {
  const tree = document.querySelector("[role=tree]");
  const scroller = [tree, ...tree.querySelectorAll("*"), tree.parentElement].find((element) => element.scrollHeight > element.clientHeight + 4);
  if (scroller) scroller.scrollTop = part * (scroller.scrollHeight - scroller.clientHeight);
  return document.querySelector("[role=treeitem]")?.getAttribute("aria-setsize") ?? "0";
});

const app = await App.start({ theme: "dark" });
try {
  await app.session.run(watchFrames);
  const tell = async (part) => {
    const { longest, over, count } = await app.session.run(takeFrames);
    console.log(`${part.padEnd(44)} longest gap ${longest.toFixed(0).padStart(5)} ms, ${over} over 100 ms, ${count} frames`);
  };
  await startPull(app, reference);
  await app.page.seeText(app.words.part("pull.outcome.done"), { patience: 300_000 });
  await tell("pull");
  await openImage(app, repository);
  const bands = await app.page.all("option", app.words.part("image.strata.layer"));
  await tell(`open the image (${bands.length} layers)`);
  for (const [at, band] of bands.entries()) {
    await app.session.click(band);
    await app.page.until("its files", async () => (await app.page.all("treeitem")).length > 0);
    const [openAll] = await app.page.all("button", app.words.pattern("files.openAll"));
    if (openAll) await app.session.click(openAll);
    await tell(`choose band ${at + 1} from the top, open all`);
    for (let step = 0; step <= SCROLLS; step += 1) await app.session.run(scrollFiles, step / SCROLLS);
    await tell(`scroll through it in ${SCROLLS} steps`);
  }
  await app.page.click("button", "files.scope.upTo");
  await app.page.until("all files", async () => (await app.page.all("treeitem")).length > 0);
  await tell("all layers up to here");
} finally {
  await app.end();
}

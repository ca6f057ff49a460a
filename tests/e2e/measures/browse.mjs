// Measures how long the page is busy at one time, and how long it shows no new frame, while an image is pulled, opened and
// scrolled through: `node browse.mjs REFERENCE`. Prints a line for each part; judges nothing. Where frames are drawn without a
// graphics card, as under Xvfb, drawing alone takes long; how long the page itself is busy does not depend on that.

import { App } from "../app.mjs";
import { open, openImage } from "../steps.mjs";

const reference = process.argv[2];
const repository = reference.replace(/:[^/:]*$/, "");
const SCROLLS = 200;

/** Starts noting the time between turns of the page's event loop, and between frames. */
const watchFrames = String(function watchFrames() {
  window.strataFrames = { busy: 0, busyOver: 0, longest: 0, count: 0 };
  let turned = performance.now();
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const now = performance.now();
    const { strataFrames } = window;
    strataFrames.busy = Math.max(strataFrames.busy, now - turned);
    if (now - turned > 100) strataFrames.busyOver += 1;
    turned = now;
    setTimeout(() => channel.port2.postMessage(null), 0);
  };
  channel.port2.postMessage(null);
  let drawn = performance.now();
  const note = (now) => {
    const { strataFrames } = window;
    strataFrames.longest = Math.max(strataFrames.longest, now - drawn);
    strataFrames.count += 1;
    drawn = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
});

/** What was noted since the last time. */
const takeFrames = String(function takeFrames() {
  const taken = { ...window.strataFrames };
  Object.assign(window.strataFrames, { busy: 0, busyOver: 0, longest: 0, count: 0 });
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
    const { busy, busyOver, longest, count } = await app.session.run(takeFrames);
    console.log(`${part.padEnd(44)} busy at most ${busy.toFixed(0).padStart(5)} ms (${busyOver} times over 100), no frame for at most ${longest.toFixed(0).padStart(5)} ms (${count} frames)`);
  };
  await open(app, "frame.nav.pull");
  await app.page.fill("textbox", "pull.name.label", reference);
  await tell("open the Pull screen and type");
  await app.page.click("button", "pull.start");
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

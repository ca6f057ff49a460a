// Images that want to be more than images: nothing in them runs, and nothing of them leaves its folder. And the base of an
// image, which is another one.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { CraftedRegistry } from "../crafted-registry.mjs";
import { holdsTrue } from "../expect.mjs";
import { chooseLayer, openImage, pull } from "../steps.mjs";

/** Whoever runs this leaves a trace that the story looks for. */
const SCRIPT = "window.strataWasHacked=(window.strataWasHacked||0)+1";
const MARKUP = `<img src=x onerror="${SCRIPT}"><script>${SCRIPT}</script>`;
const NAMES = [
  `etc/<img src=x onerror=${SCRIPT}>.txt`,
  `etc/<script>${SCRIPT}<\u2044script>.js`,
  "etc/line\nbreak",
  "etc/\u001b[2Jescape",
  "etc/\u202egnp.exe",
  Buffer.concat([Buffer.from("etc/latin-"), Buffer.from([0xe9, 0xff])]),
  `etc/{@html "${SCRIPT}"}`,
  "etc/' onmouseover='x",
];

export const stories = {
  async "scripts in names, contents, labels, settings and history are text on every part of the screen"(stage) {
    const registry = stage.ends(await CraftedRegistry.start([
      {
        name: "story/hostile",
        layers: [
          {
            createdBy: `RUN echo ${MARKUP} # buildkit`,
            entries: [
              ...NAMES.map((path) => ({ path, content: `${MARKUP}\n` })),
              { path: "srv/logo.svg", content: `<svg xmlns="http://www.w3.org/2000/svg" onload="${SCRIPT}" width="9" height="9"><script>${SCRIPT}</script></svg>` },
              { path: "srv/page.html", content: `<html><body>${MARKUP}</body></html>` },
              { path: "srv/data.json", content: JSON.stringify({ "<b>": MARKUP }) },
              { path: "srv/away", type: "2", target: "../../../../../../tmp/strata-story-canary" },
              { path: "srv/deleted.html", content: MARKUP },
            ],
          },
          { createdBy: `COPY ${MARKUP} /`, entries: [{ path: "srv/.wh.deleted.html" }, { path: NAMES[0], content: "changed\n" }] },
        ],
        history: [`CMD ["${MARKUP}"]`],
        annotations: { "org.opencontainers.image.base.name": MARKUP },
        config: {
          Cmd: [MARKUP], Entrypoint: [`javascript:${SCRIPT}`], User: MARKUP, WorkingDir: `/${MARKUP}`, Env: [`A=${MARKUP}`],
          Labels: { [MARKUP]: MARKUP, "org.opencontainers.image.url": `javascript:${SCRIPT}` }, ExposedPorts: { [MARKUP]: {} }, Volumes: { [MARKUP]: {} },
          StopSignal: MARKUP, Healthcheck: { Test: ["CMD-SHELL", MARKUP] },
        },
      },
    ]));
    const app = await stage.app();
    const reference = `${registry.address}/story/hostile:1`;
    await pull(app, reference);
    await openImage(app, `${registry.address}/story/hostile`);
    for (const layer of [1, 2]) {
      await chooseLayer(app, layer);
      const rows = await app.page.all("treeitem");
      for (let at = 0; at < rows.length; at += 1) {
        const row = (await app.page.all("treeitem"))[at];
        if (!row || (await app.session.run("(row) => row.ariaExpanded", row)) !== null) continue;
        await app.session.click(row);
        await app.page.until("the content", () => app.session.run("() => document.querySelector('.preview .content') !== null"));
        for (const view of ["files.preview.view.text", "files.preview.view.facts", "files.preview.view.bytes"]) {
          const button = (await app.page.all("button", view))[0];
          if (button) await app.session.click(button);
        }
      }
      await stage.picture(app, `hostile-layer-${layer}`);
    }
    const tabs = await app.page.all("tab");
    for (let at = 0; at < tabs.length; at += 1) {
      await app.session.click((await app.page.all("tab"))[at]);
      await new Promise((done) => setTimeout(done, 400));
      await stage.picture(app, `hostile-tab-${at}`);
    }
    await app.page.click("button", "compare.open");
    await app.page.click("button", "compare.pick.tag");
    await app.page.find("heading", "compare.tagTitle");

    const seen = await app.session.run("() => ({ hacked: window.strataWasHacked ?? 0, scripts: document.querySelectorAll('body script, svg[onload], img[src=x]').length, place: location.href })");
    holdsTrue(seen.hacked === 0, `scripts that ran: ${seen.hacked}`);
    holdsTrue(seen.scripts === 0, `elements that came out of an image: ${seen.scripts}`);
    holdsTrue(/^tauri:\/\/localhost\/?(#.*)?$/.test(seen.place), `the window is where it was: ${seen.place}`);
    holdsTrue(!existsSync("/tmp/strata-story-canary"), "nothing was written where a link leads");
    const outside = readdirSync(app.folder).filter((name) => !/^(store(-practice|-queue.*)?|config|data|cache)$/.test(name));
    holdsTrue(outside.length === 0, `beside the app's own folders: ${outside}`);
  },

  async "names that could deceive are shown as what they are"(stage) {
    const registry = stage.ends(await CraftedRegistry.start([{ name: "story/names", layers: [{ createdBy: "COPY . /", entries: NAMES.map((path) => ({ path, content: "x" })) }] }]));
    const app = await stage.app({ language: "ko", theme: "dark" });
    await pull(app, `${registry.address}/story/names:1`);
    await openImage(app, `${registry.address}/story/names`);
    await chooseLayer(app, 1);
    const names = await app.session.run("() => [...document.querySelectorAll('[role=treeitem] .label')].map((label) => label.textContent)");
    for (const part of ["line\\nbreak", "\\u{1b}[2Jescape", "\\u{202e}gnp.exe", "latin-\\xe9\\xff"]) {
      holdsTrue(names.some((name) => name.includes(part)), `${part} among ${JSON.stringify(names)}`);
    }
    await stage.picture(app, "hostile-names-dark");
  },

  async "the base of an image is found among those that are here, as a script finds it"(stage) {
    const base = { createdBy: "ADD rootfs.tar /", entries: [{ path: "etc/os-release", content: "NAME=Base\n" }] };
    const registry = stage.ends(await CraftedRegistry.start([
      { name: "story/base", layers: [base] },
      { name: "story/app", layers: [base, { createdBy: "COPY app /app", entries: [{ path: "app", content: "x".repeat(9000) }] }] },
    ]));
    const app = await stage.app();
    for (const name of ["base", "app"]) await pull(app, `${registry.address}/story/${name}:1`);
    await openImage(app, `${registry.address}/story/app`);
    const explain = new URL("../explain.py", import.meta.url).pathname;
    const found = JSON.parse(execFileSync("python3", [explain, app.store, `${registry.address}/story/app:1`]));
    holdsTrue(found.base === `${registry.address}/story/base:1`, `the script finds ${found.base}`);
    await app.page.find("button", app.words.part("image.base.local", { name: found.base }));
    await stage.picture(app, "base-bracket");
  },
};

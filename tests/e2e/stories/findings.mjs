// Packages by the layer that brought them, and a secret that a later layer deleted but did not remove.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { CraftedRegistry } from "../crafted-registry.mjs";
import { holdsTrue } from "../expect.mjs";
import { openImage, pull } from "../steps.mjs";

/** Put together here, so that no scanner takes this file for one that leaks it. */
const KEY = `AKIA${"Z7LWQ3NPX2MVTRJH"}`;

function status(packages) {
  return packages.map(([name, version]) => `Package: ${name}\nStatus: install ok installed\nInstalled-Size: 120\nVersion: ${version}\nArchitecture: amd64\n`).join("\n");
}

export const stories = {
  async "packages are listed by layer, and a deleted secret is shown recovered"(stage) {
    await found(stage, "en", "light");
  },

  async "the same in Korean and in the dark"(stage) {
    await found(stage, "ko", "dark");
  },
};

async function found(stage, language, theme) {
  const registry = stage.ends(await CraftedRegistry.start([
    {
      name: "story/shop",
      config: { Env: ["PATH=/bin", `STRIPE_KEY=sk_live_${"4eC39HqLyjWDarjtT1zdp7dc"}`] },
      layers: [
        {
          createdBy: "ADD rootfs.tar /",
          entries: [
            { path: "etc/os-release", content: 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n' },
            { path: "var/lib/dpkg/status", content: status([["libc6", "2.36-9"], ["zlib1g", "1.2.13"]]) },
          ],
        },
        { createdBy: "COPY . /app", entries: [{ path: "app/.env", content: `AWS_ACCESS_KEY_ID=${KEY}\n` }] },
        {
          createdBy: "RUN apt-get install -y curl && rm /app/.env",
          entries: [
            { path: "var/lib/dpkg/status", content: status([["libc6", "2.36-9"], ["zlib1g", "1.2.13"], ["curl", "7.88.1"]]) },
            { path: "app/.wh..env" },
          ],
        },
      ],
    },
  ]));
  const app = await stage.app({ language, theme });
  await pull(app, `${registry.address}/story/shop:1`);
  await openImage(app, `${registry.address}/story/shop`);
  await app.page.click("tab", "image.tabs.packages");
  await app.page.find("table", "image.tabs.packages");
  const rows = await app.session.run("() => [...document.querySelectorAll('[aria-rowindex]')].map((row) => row.innerText.split(/\\s+/).slice(0, 2).join(' '))");
  holdsTrue(JSON.stringify(rows) === JSON.stringify(["curl 7.88.1", "libc6 2.36-9", "zlib1g 1.2.13"]), `packages: ${rows}`);
  const layers = await app.session.run("() => [...document.querySelectorAll('[aria-rowindex] button')].map((button) => button.innerText.replace(/\\D/g, ''))");
  holdsTrue(layers.join() === "3,1,1", `layers of the packages: ${layers}`);
  await stage.picture(app, `findings-packages-${theme}`);
  await app.page.click("button", /SPDX/);
  await app.page.fill("textbox", "files.save.folder", app.folder);
  await app.page.click("button", "files.save.save");
  await app.page.find("status", /spdx\.json/);
  const file = readdirSync(app.folder).find((name) => name.endsWith(".spdx.json"));
  holdsTrue(JSON.parse(readFileSync(join(app.folder, file))).packages.length >= 3, "the document has the packages");
  await app.session.click((await app.page.all("button", "files.preview.close")).at(-1));

  await app.page.click("tab", "image.tabs.secrets");
  await app.page.seeText(/\/app\/\.env:1/);
  await app.page.seeText(app.words.part("secrets.hidden", { layer: 3 }));
  holdsTrue(!(await app.page.text()).includes(KEY), "nothing is shown before somebody asks");
  await app.page.click("button", "secrets.show");
  await app.page.seeText(new RegExp(KEY));
  await stage.picture(app, `findings-secrets-${theme}`);
}

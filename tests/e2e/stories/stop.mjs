// Stopping half-way, and going on.

import { holdsTrue } from "../expect.mjs";
import { SlowRegistry } from "../slow-registry.mjs";
import { offeredSample, open, pull, startPull } from "../steps.mjs";

export const stories = {
  async "a pull stopped half-way leaves no image, and the next one goes on"(stage) {
    const app = await stage.app();
    const sample = await offeredSample(app);
    const [address, ...path] = sample.split("/");
    const slow = stage.ends(await SlowRegistry.before(address, 10_000));
    const reference = [slow.address, ...path].join("/");
    await startPull(app, reference);
    const stop = await app.page.find("button", "pull.stop");
    await app.page.seeText(/\d (B|kB|KB|MB)/);
    await stage.picture(app, "pull-half-way");
    await app.session.click(stop);
    await app.page.seeText(app.words.part("pull.outcome.stopped"), { patience: 5_000 });
    await stage.picture(app, "pull-stopped");
    await open(app, "frame.nav.images");
    await offeredSample(app);
    const repository = path.join("/").replace(/:[^:]*$/, "");
    const rows = await app.page.all("row", new RegExp(repository));
    holdsTrue(rows.length === 0, "a half-pulled image is listed");
    await pull(app, sample);
  },
};

// Drags a file or folder of this machine onto the window, as a file manager does: a real drag through the X server.

import { execFileSync, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** Where the thing to drag stands: beside a window of 1440 by 900, on a screen of 1600 by 1000. */
const SOURCE = { x: 1460, y: 920 };
const STEPS = 12;

/** Drags `path` to the middle of the window, holds it there until `over` has been seen, and lets it go. */
export async function dragOnto(path, over) {
  const source = spawn("/usr/bin/python3", [new URL("drag.py", import.meta.url).pathname, `${SOURCE.x}`, `${SOURCE.y}`, path], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await new Promise((ready, failed) => {
      source.stdout.once("data", ready);
      source.once("exit", () => failed(new Error("there is nothing to drag: python3-gi is missing")));
    });
    await sleep(300);
    const from = { x: SOURCE.x + 60, y: SOURCE.y + 30 };
    const to = { x: 700, y: 450 };
    xdotool("mousemove", from.x, from.y);
    xdotool("mousedown", 1);
    for (let step = 1; step <= STEPS; step += 1) {
      xdotool("mousemove", Math.round(from.x + ((to.x - from.x) * step) / STEPS), Math.round(from.y + ((to.y - from.y) * step) / STEPS));
      await sleep(60);
    }
    await over();
    xdotool("mouseup", 1);
    await sleep(300);
  } finally {
    source.kill();
  }
}

function xdotool(...words) {
  execFileSync("xdotool", words.map(String));
}

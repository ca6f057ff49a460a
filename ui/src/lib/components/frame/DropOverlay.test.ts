import { render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DropEvent } from "../../api";
import { fake } from "../../api/fake";
import { build, closeBuild } from "../../stores/build.svelte";
import { route } from "../../stores/route.svelte";
import { begin } from "../../../tests/window";
import DropOverlay from "./DropOverlay.svelte";

let end: () => void = () => undefined;
beforeEach(() => {
  closeBuild();
  end = begin(fake());
  render(DropOverlay);
});
afterEach(() => end());

async function drag(detail: DropEvent): Promise<void> {
  await new Promise((done) => setTimeout(done));
  window.dispatchEvent(new CustomEvent("pretended-drop", { detail }));
}

describe("what is dragged over the window", () => {
  it("is shown while it hovers, and no longer", async () => {
    await drag({ type: "over", paths: ["/projects/my shop"] });
    expect((await screen.findByRole("status")).textContent).toContain("my shop");
    await drag({ type: "leave" });
    await expect.poll(() => screen.queryByRole("status")).toBeNull();
    expect(route().screen).toBe("images");
  });

  it("is opened when it is dropped, whichever screen is shown, and not built", async () => {
    await drag({ type: "over", paths: ["/projects/shop", "/projects/other"] });
    await drag({ type: "drop", paths: ["/projects/shop", "/projects/other"] });
    await expect.poll(() => build.path).toBe("/projects/shop");
    expect(route().screen).toBe("build");
    expect(build.part).toBe("sheet");
    expect(screen.queryByRole("status")).toBeNull();
  });

  it("opens nothing where no path is told", async () => {
    await drag({ type: "drop", paths: [] });
    expect(build.path).toBe("");
  });
});

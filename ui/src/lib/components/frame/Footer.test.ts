import { render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fake } from "../../api/fake";
import { closeBuild, openBuild, startBuild } from "../../stores/build.svelte";
import { showImageTab, type ImageTab } from "../../stores/image-tab.svelte";
import { choose } from "../../stores/registries.svelte";
import { go } from "../../stores/route.svelte";
import { begin } from "../../../tests/window";
import Footer from "./Footer.svelte";

let end: () => void = () => undefined;
beforeEach(() => (end = begin(fake())));
afterEach(() => end());

describe("the footer", () => {
  it("shows the command that does the same as the screen", () => {
    render(Footer);
    expect(screen.getByText("docker images")).toBeTruthy();
  });

  it("shows how to sign in to the registry that is looked at", () => {
    go({ screen: "registries" });
    choose("ghcr.io");
    const { unmount } = render(Footer);
    expect(screen.getByText("docker login ghcr.io")).toBeTruthy();
    unmount();
    choose("docker.io");
    render(Footer);
    expect(screen.getByText("docker login")).toBeTruthy();
  });

  it("shows how the same is built, and how far the build is", async () => {
    closeBuild();
    await openBuild("/projects/shop");
    render(Footer);
    expect(screen.getByText("docker build -t shop:1.5 /projects/shop")).toBeTruthy();
    await startBuild();
    expect(await screen.findByText(/^Build 7 · .* · \d of 7 lines from cache$/)).toBeTruthy();
  });

  it("shows for each side of an image the command that tells the same, and none where none does", () => {
    go({ screen: "image", manifest: "sha256:ab", reference: null, familiar: "app:1" });
    const shown = (tab: ImageTab): string | null => {
      showImageTab(tab);
      const { container, unmount } = render(Footer);
      const text = container.querySelector("code")?.textContent ?? null;
      unmount();
      return text;
    };
    expect(shown("layers")).toBe("docker history app:1");
    expect(shown("settings")).toBe("docker inspect app:1");
    expect(shown("waste")).toBe("strata waste app:1");
    expect(shown("packages")).toBe("strata packages app:1");
    expect(shown("chain")).toBeNull();
    expect(shown("map")).toBeNull();
    showImageTab("layers");
  });

  it("shows no command where none does the same", () => {
    go({ screen: "settings" });
    render(Footer);
    expect(screen.queryByRole("button", { name: "Copy the command" })).toBeNull();
    expect(screen.queryByText(/docker/)).toBeNull();
  });
});

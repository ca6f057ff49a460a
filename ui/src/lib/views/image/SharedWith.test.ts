import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, expect, it } from "vitest";
import { setBackend } from "../../api";
import { fake } from "../../api/fake";
import { setLanguage } from "../../i18n";
import SharedWith from "./SharedWith.svelte";

beforeEach(() => {
  setLanguage("en");
  setBackend(fake());
});

it("says with which images a layer is shared, and closes by key", async () => {
  render(SharedWith, { manifest: "sha256:1", layer: "sha256:2", count: 1 });
  const opener = screen.getByRole("button", { name: "shared with 1 image" });
  expect(opener.getAttribute("aria-expanded")).toBe("false");
  await fireEvent.click(opener);
  const dialog = screen.getByRole("dialog", { name: "Images that have this layer too" });
  expect(await screen.findByRole("button", { name: "shop-api:1.3" })).toBeTruthy();
  await fireEvent.keyDown(dialog, { key: "Escape" });
  expect(screen.queryByRole("dialog")).toBeNull();
});

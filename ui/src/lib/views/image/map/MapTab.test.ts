import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { setBackend } from "../../../api";
import { fake } from "../../../api/fake";
import { fakeDetail, fakeImages } from "../../../api/fake-content";
import { setLanguage } from "../../../i18n";
import MapTab from "./MapTab.svelte";

// A page that is not drawn has no size: it is given one.
beforeAll(() => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(500);
});

beforeEach(() => {
  setLanguage("en");
  setBackend(fake());
});

function show(onLayer: (layer: number) => void = () => undefined): void {
  const [image] = fakeImages();
  if (!image) throw new Error("there is an image");
  render(MapTab, { manifest: image.manifest, strata: fakeDetail(image).strata, onLayer });
}

it("names every rectangle with path, size, share and layer", async () => {
  show();
  const list = await screen.findByRole("list", { name: /What is in \/,/ });
  const names = within(list).getAllByRole("button").map((button) => button.getAttribute("aria-label") ?? "");
  expect(names).toHaveLength(5);
  expect(names[0]).toMatch(/^\/usr, .*B, 67%, 40 files, mostly from layer 4: RUN pip install/);
  expect(names[4]).toMatch(/^12 more, /);
});

it("goes into a folder and back to where it began", async () => {
  show();
  await fireEvent.click(await screen.findByRole("button", { name: /^\/usr,/ }));
  expect(await screen.findByRole("button", { name: /^\/usr\/lib,/ })).toBe(document.activeElement);
  expect(screen.getByRole("button", { name: "usr" }).getAttribute("aria-current")).toBe("location");
  await fireEvent.keyDown(document.activeElement ?? document.body, { key: "Backspace" });
  expect(await screen.findByRole("button", { name: /^\/usr,/ })).toBe(document.activeElement);
});

it("is walked with the arrow keys, one rectangle in the order of the Tab key", async () => {
  show();
  const first = await screen.findByRole("button", { name: /^\/usr,/ });
  expect(first.tabIndex).toBe(0);
  first.focus();
  await fireEvent.keyDown(first, { key: "ArrowRight" });
  expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^\/var,/);
  expect(first.tabIndex).toBe(-1);
});

it("shows buried bytes when asked to", async () => {
  show();
  await screen.findByRole("button", { name: /^\/usr,/ });
  expect(screen.queryByRole("button", { name: /buried by layer 5/ })).toBeNull();
  await fireEvent.click(screen.getByRole("button", { name: /Buried bytes/ }));
  expect(await screen.findByRole("button", { name: /^\/var, .*buried by layer 5, from layer 2/ })).toBeTruthy();
});

it("says the same as a table", async () => {
  show();
  await fireEvent.click(screen.getByRole("button", { name: "As a table" }));
  const row = await screen.findByRole("row", { name: /usr\// });
  expect(row.textContent).toMatch(/66\.\d%/);
  expect(screen.getAllByRole("row")).toHaveLength(6);
});

it("leads from the legend to the layer", async () => {
  const onLayer = vi.fn();
  show(onLayer);
  await fireEvent.click(await screen.findByRole("button", { name: /Layer 4.*RUN pip install/ }));
  expect(onLayer).toHaveBeenCalledWith(4);
});

import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { fake } from "../../api/fake";
import { fakeImages } from "../../api/fake-content";
import { setLanguage } from "../../i18n";
import { images } from "../../stores/images.svelte";
import { route } from "../../stores/route.svelte";
import { begin } from "../../../tests/window";
import ComparePicker from "./ComparePicker.svelte";
import CompareView from "./CompareView.svelte";

let end: () => void = () => undefined;
afterEach(() => end());

const shown = fakeImages();
const [left, right] = shown;
if (!left || !right) throw new Error("there are two images");

async function start(): Promise<void> {
  end = begin(fake({ images: shown, momentMs: 1 }));
  setLanguage("en");
  await expect.poll(() => images.list?.length).toBe(shown.length);
}

it("shows layers, files and settings of two images beside each other", async () => {
  await start();
  render(CompareView, { left: left.manifest, right: right.manifest, reference: null });
  const layers = await screen.findByRole("list", { name: "Layers" });
  const states = within(layers).getAllByRole("listitem").map((item) => item.className.split(" ")[0]);
  expect(states).toEqual(["right", "changed", "same"]);
  expect(screen.getByRole("tab", { name: /Files/ }).textContent).toContain("6");
  await fireEvent.click(screen.getByRole("tab", { name: /Settings/ }));
  expect(screen.getByRole("row", { name: /Variable VERSION 1 2/ })).toBeTruthy();
  expect(screen.queryByRole("row", { name: /Command/ })).toBeNull();
  await fireEvent.click(screen.getByRole("checkbox", { name: "Show what is the same too" }));
  expect(screen.getByRole("row", { name: /Command/ })).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Swap left and right" }));
  expect(route()).toMatchObject({ screen: "compare", left: right.manifest, right: left.manifest });
});

it("says that a tag still points to the image that is here", async () => {
  await start();
  render(CompareView, { left: left.manifest, right: null, reference: left.reference });
  expect(await screen.findByText(/still points to exactly this image/)).toBeTruthy();
  expect(screen.queryByRole("tablist")).toBeNull();
});

it("offers the other images, those of the same repository first, and the tag itself", async () => {
  await start();
  render(ComparePicker, { image: left, onClose: () => undefined });
  const names = within(screen.getByRole("list", { name: "Images that are here" })).getAllByRole("button").map((button) => button.querySelector(".name")?.textContent);
  expect(names.slice(0, 2)).toEqual(["shop-api:1.3", "shop-api"]);
  expect(names).not.toContain("shop-api:1.4");
  await fireEvent.input(screen.getByRole("searchbox", { name: "Find an image" }), { target: { value: "nginx" } });
  await fireEvent.click(screen.getByRole("button", { name: /nginx/ }));
  expect(route()).toMatchObject({ screen: "compare", left: left.manifest });
  await fireEvent.click(screen.getByRole("button", { name: "What its tag points to now" }));
  expect(route()).toMatchObject({ screen: "compare", left: left.manifest, right: null, reference: left.reference });
});

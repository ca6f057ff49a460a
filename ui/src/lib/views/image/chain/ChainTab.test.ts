import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { fake } from "../../../api/fake";
import { fakeImages } from "../../../api/fake-content";
import { setLanguage } from "../../../i18n";
import { begin } from "../../../../tests/window";
import ChainTab from "./ChainTab.svelte";

let end: () => void = () => undefined;
afterEach(() => end());

it("explains each field, and computes every digest anew when asked", async () => {
  const images = fakeImages();
  const [image] = images;
  if (!image) throw new Error("there is an image");
  end = begin(fake({ images, momentMs: 1 }));
  setLanguage("en");
  render(ChainTab, { manifest: image.manifest, reference: image.reference });
  const document = await screen.findByRole("group", { name: "Manifest" });
  expect(within(document).getByText(/Always 2/)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "As stored" }));
  expect(within(document).queryByText(/Always 2/)).toBeNull();
  await fireEvent.click(screen.getByRole("button", { name: "Compute every digest anew" }));
  // The pretended backend finds one diff ID different.
  expect(await screen.findByText("1 digest is not what it should be")).toBeTruthy();
  expect(screen.getAllByText("right")).toHaveLength(2);
  expect(screen.getByText("different")).toBeTruthy();
});

import { render, screen } from "@testing-library/svelte";
import { beforeEach, expect, it } from "vitest";
import { fakeDetail, fakeImages } from "../../api/fake-content";
import type { Stratum } from "../../api/generated/types";
import { setLanguage } from "../../i18n";
import StratumBand from "./StratumBand.svelte";

beforeEach(() => setLanguage("en"));

function show(height: number, changed: Partial<Stratum> = {}): HTMLElement {
  const [image] = fakeImages();
  const stratum = image && fakeDetail(image).strata.find((each) => each.layer !== null);
  if (!stratum) throw new Error("there is a layer");
  render(StratumBand, { stratum: { ...stratum, ...changed }, index: 0, height, share: 0.36, buried: 0, buriedShare: 0, selected: false, below: false, peeled: false, onclick: () => undefined });
  return screen.getByRole("option");
}

it("says its share where it is thick enough, and aloud in any case", () => {
  expect(show(60).textContent).toContain("36% of the image");
});

it("keeps to one line where it is thin", () => {
  const band = show(34);
  expect(band.textContent).not.toContain("36% of the image");
  expect(band.getAttribute("aria-label")).toContain("36% of the image");
});

it("says with how many images it is shared, however thin", () => {
  expect(show(34, { sharedWith: 2 }).textContent).toContain("shared with 2 images");
});

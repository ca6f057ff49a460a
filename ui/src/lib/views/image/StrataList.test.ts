import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, expect, it } from "vitest";
import { fakeDetail, fakeDigest, fakeImages } from "../../api/fake-content";
import type { BaseImage, ImageDetail } from "../../api/generated/types";
import { setLanguage } from "../../i18n";
import { go, route } from "../../stores/route.svelte";
import StrataList from "./StrataList.svelte";

beforeEach(() => {
  setLanguage("en");
  go({ screen: "images" });
});

function show(base: (known: BaseImage) => BaseImage | null): ImageDetail {
  const [image] = fakeImages();
  if (!image) throw new Error("there is an image");
  const detail = fakeDetail(image);
  if (detail.base === null) throw new Error("it has a base");
  render(StrataList, {
    manifest: image.manifest, strata: detail.strata, base: base(detail.base), selected: 0, thickness: "balanced", scope: "layer", waste: null,
    onSelect: () => undefined, onPeel: () => undefined,
  });
  return detail;
}

it("names a base image that is here, and opens it", async () => {
  show((base) => base);
  await fireEvent.click(screen.getByRole("button", { name: /Base image: debian:12-slim.*lowest layer is exactly that/ }));
  expect(route()).toEqual({ screen: "image", manifest: fakeDigest("debian"), reference: "docker.io/library/debian:12-slim", familiar: "debian:12-slim" });
});

it("says of every stratum of the base that it is of it, and of no other", () => {
  show((base) => ({ ...base, layers: 2, strata: 3 }));
  const ofBase = screen.getAllByRole("option").filter((option) => option.getAttribute("aria-label")?.includes("of the base image"));
  expect(ofBase.map((option) => option.id)).toEqual(["stratum-2", "stratum-1", "stratum-0"]);
});

it("says that a guess is a guess, and opens nothing", () => {
  show((base) => ({ ...base, name: null, reference: null, manifest: null, how: "history" }));
  expect(screen.getByText("Base image: perhaps up to here").title).toContain("A guess from the history");
  expect(screen.queryByRole("button", { name: /Base image/ })).toBeNull();
});

it("names what the image says, without a bracket around layers that are not known", () => {
  show((base) => ({ ...base, layers: 0, strata: 0, name: "debian:12", manifest: null, reference: null, how: "annotation" }));
  expect(screen.getByText("Base image: debian:12, as the image says")).toBeTruthy();
  expect(document.querySelector(".bracket")).toBeNull();
});

it("draws no bracket where no base is known", () => {
  show(() => null);
  expect(screen.queryByText(/Base image/)).toBeNull();
});

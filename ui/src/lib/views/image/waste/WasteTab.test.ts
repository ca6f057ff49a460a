import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, expect, it, vi } from "vitest";
import type { Stratum, WasteReport } from "../../../api/generated/types";
import { setLanguage } from "../../../i18n";
import { fakeDetail, fakeImages } from "../../../api/fake-content";
import StratumBand from "../StratumBand.svelte";
import WasteTab from "./WasteTab.svelte";

beforeEach(() => setLanguage("en"));

const paths = Array.from({ length: 7 }, (_, at) => ({ path: `cache/${at}<b>`, isFolder: false, how: "deleted" as const, bytes: 10 - at, files: 1 }));
const report: WasteReport = {
  carriedBytes: 1000, buriedBytes: 250, diveMinimumBytes: 9937, diveDiscoveredBytes: 10000, diveWastedBytes: 537195,
  layers: [{ layer: 1, carriedBytes: 1000, buriedBytes: 250 }],
  arcs: [{ layer: 1, by: 2, bytes: 250, files: 7, pathCount: 7, paths, fix: "sameInstruction", line: "RUN make && rm -rf cache" }],
};

function strata(): Stratum[] {
  const [image] = fakeImages();
  if (!image) throw new Error("there is an image");
  return fakeDetail(image).strata;
}

it("says how much is buried, whose fault it is, and what would help", async () => {
  const onLayer = vi.fn();
  render(WasteTab, { strata: strata(), waste: report, onLayer });
  expect(document.querySelector("[data-fact=efficiency]")?.textContent).toBe("99.37%");
  expect(document.querySelector("[data-fact=wasted]")?.getAttribute("title")).toContain("537,195");
  expect(screen.getByRole("heading", { name: "250 B of layer 1 hidden by layer 2" })).toBeTruthy();
  expect(screen.getByText("RUN make && rm -rf cache")).toBeTruthy();
  expect(screen.getByText("/cache/0<b>")).toBeTruthy();
  expect(screen.queryByText("/cache/6<b>")).toBeNull();
  await fireEvent.click(screen.getByRole("button", { name: "All 7 paths" }));
  expect(screen.getByText("/cache/6<b>")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Layer 2" }));
  expect(onLayer).toHaveBeenCalledWith(2);
});

it("says so where nothing is buried", () => {
  render(WasteTab, { strata: strata(), waste: { ...report, buriedBytes: 0, arcs: [] }, onLayer: () => undefined });
  expect(screen.getByText(/No layer hides anything/)).toBeTruthy();
});

it("hatches the buried part of a band and says it aloud", () => {
  const stratum = strata().find((each) => each.layer !== null);
  if (!stratum) throw new Error("there is a layer");
  const { container } = render(StratumBand, { stratum, index: 0, height: 60, share: 0.5, buried: 41_000_000, buriedShare: 0.25, selected: false, below: false, peeled: false, onclick: () => undefined });
  expect(container.querySelector<HTMLElement>(".hatch")?.style.width).toBe("25%");
  expect(screen.getByRole("option").getAttribute("aria-label")).toContain("41 MB buried");
});

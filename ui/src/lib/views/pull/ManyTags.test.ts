import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fake } from "../../api/fake";
import { fakeLook } from "../../api/fake-tags";
import type { Survey, SurveyedImage } from "../../api/generated/types";
import { answering } from "../../../tests/answers";
import { begin } from "../../../tests/window";
import ManyTags from "./ManyTags.svelte";
import { missingBytes, platformsOf } from "./surveyed";

let end: () => void = () => undefined;
afterEach(() => end());

const TAGS = ["1.27.3", "1.27", "latest", "1.26.2"];

/** Opens the dialog; gives the spy on what is asked. */
function show({ platform = null, tags = TAGS }: { platform?: string | null; tags?: readonly string[] } = {}): { asked: ReturnType<typeof vi.fn>; onPulling: ReturnType<typeof vi.fn>; onClose: ReturnType<typeof vi.fn> } {
  const backend = fake({ momentMs: 1 });
  const asked = answering(backend, {});
  end = begin(backend);
  const onPulling = vi.fn();
  const onClose = vi.fn();
  render(ManyTags, { reference: "nginx:latest", tags, platform, offers: fakeLook("nginx:latest", null).offers, onClose, onPulling });
  return { asked, onPulling, onClose };
}

const selections = (asked: ReturnType<typeof vi.fn>): unknown[] => asked.mock.calls.filter(([name]) => name === "survey_start").map(([, selection]) => selection);

describe("the dialog of several tags", () => {
  it("says what they come to, and pulls each image once", async () => {
    const { asked, onPulling } = show();
    expect(await screen.findByText("4 tags, 2 different images, 109 MB to download, 3.6 MB already here")).toBeTruthy();
    expect(screen.getByText("counts as 2 pulls")).toBeTruthy();
    expect(selections(asked)).toEqual([{ reference: "nginx:latest", tags: TAGS, platforms: [], allPlatforms: false }]);
    await fireEvent.click(screen.getByRole("button", { name: "Pull 109 MB" }));
    const images = [{ tags: ["1.27.3", "1.27", "latest"], platform: null }, { tags: ["1.26.2"], platform: null }];
    expect(asked).toHaveBeenCalledWith("pull_many_start", { reference: "nginx:latest", images });
    await expect.poll(() => onPulling.mock.calls.length).toBe(1);
  });

  it("leaves out what is unticked, and says that it is less than that at most", async () => {
    const { asked } = show();
    await fireEvent.click(await screen.findByRole("checkbox", { name: /^1\.26\.2/ }));
    expect(screen.getByText("1 of 2 chosen")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Pull at most 68.4 MB" }));
    expect(asked).toHaveBeenCalledWith("pull_many_start", { reference: "nginx:latest", images: [{ tags: ["1.27.3", "1.27", "latest"], platform: null }] });
  });

  it("pulls nothing while nothing is ticked", async () => {
    show();
    await fireEvent.click(await screen.findByRole("checkbox", { name: "2 of 2 chosen" }));
    expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "0 of 2 chosen" }).checked).toBe(false);
    await fireEvent.click(screen.getByRole("checkbox", { name: "0 of 2 chosen" }));
    expect(screen.getByRole("button", { name: "Pull 109 MB" })).toBeTruthy();
  });

  it("reads anew for other platforms, and names them in the pull", async () => {
    const { asked } = show({ tags: ["1.27.3"] });
    await screen.findByText(/^1 tag,/);
    const platforms = screen.getByRole("group", { name: "Platform" });
    await fireEvent.click(within(platforms).getByRole("button", { name: "linux/arm64" }));
    expect(await screen.findByText(/2 different images/)).toBeTruthy();
    expect(selections(asked).at(-1)).toMatchObject({ platforms: ["linux/amd64", "linux/arm64"], allPlatforms: false });
    await fireEvent.click(screen.getByRole("button", { name: /^Pull \d/ }));
    const images = ["linux/amd64", "linux/arm64"].map((platform) => ({ tags: ["1.27.3"], platform }));
    expect(asked).toHaveBeenCalledWith("pull_many_start", { reference: "nginx:latest", images });
    await fireEvent.click(within(platforms).getByRole("button", { name: "every platform" }));
    await vi.waitFor(() => expect(selections(asked).at(-1)).toMatchObject({ allPlatforms: true }));
  });

  it("draws of hundreds of images only what is seen", async () => {
    show({ tags: [] });
    expect(await screen.findByText(/^812 tags, /)).toBeTruthy();
    const rows = within(screen.getByRole("list", { name: "Images of these tags" })).getAllByRole("listitem");
    expect(rows.length).toBeLessThan(30);
    expect(Number(rows[0]?.getAttribute("aria-setsize"))).toBeGreaterThan(200);
  });

  it("can be stopped while it reads", async () => {
    const { onClose } = show();
    await fireEvent.click(screen.getByRole("button", { name: "Stop" }));
    expect(onClose).toHaveBeenCalled();
  });
});

describe("what is left of a survey", () => {
  const image = (manifest: string, totalBytes: number): SurveyedImage => ({ target: manifest, manifest, tags: [manifest], platform: "linux/amd64", totalBytes, hereBytes: 10 });
  const survey: Survey = { repository: "app", tagCount: 2, images: [image("a", 100), image("b", 100)], downloadBytes: 120, hereBytes: 10, failures: [] };

  it("is what the survey says while all are wanted, and never more than that", () => {
    expect(missingBytes(survey, new Set())).toEqual({ bytes: 120, isExact: true });
    expect(missingBytes(survey, new Set(["a linux/amd64"]))).toEqual({ bytes: 90, isExact: false });
    expect(missingBytes({ ...survey, downloadBytes: 50 }, new Set(["a linux/amd64"])).bytes).toBe(50);
  });

  it("names no platform where only this machine's is meant", () => {
    const { offers } = fakeLook("nginx", null);
    expect(platformsOf(new Set(["linux/amd64"]), offers, null)).toEqual([]);
    expect(platformsOf(new Set(), [], null)).toEqual([]);
    expect(platformsOf(new Set(["linux/amd64"]), offers, "linux/amd64")).toEqual(["linux/amd64"]);
    expect(platformsOf(new Set(["linux/arm64"]), offers, null)).toEqual(["linux/arm64"]);
  });
});

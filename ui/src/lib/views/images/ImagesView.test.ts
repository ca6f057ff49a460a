import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { fake } from "../../api/fake";
import { fakeImage, fakeImages } from "../../api/fake-content";
import { setLanguage } from "../../i18n";
import { images } from "../../stores/images.svelte";
import { allJobs } from "../../stores/jobs.svelte";
import { route } from "../../stores/route.svelte";
import { begin } from "../../../tests/window";
import ImagesView from "./ImagesView.svelte";

let end: () => void = () => undefined;
afterEach(() => end());

async function show(shown = fakeImages()): Promise<void> {
  end = begin(fake({ images: shown, momentMs: 1 }));
  // The store still has what the test before left.
  await expect.poll(() => images.list?.map((image) => image.manifest)).toEqual(shown.map((image) => image.manifest));
  render(ImagesView);
}

/** The names in the order of their rows. */
const names = (): string[] => screen.getAllByRole("link").map((link) => link.textContent ?? "");

describe("the images screen without images", () => {
  it("says what would stand here and pulls the sample that it offers", async () => {
    await show([]);
    expect(await screen.findByText("No images yet")).toBeTruthy();
    expect(screen.getByText("localhost:5150/practice/hello:1.0")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Pull this sample" }));
    await expect.poll(() => allJobs()[0]?.title).toBe("localhost:5150/practice/hello:1.0");
    expect(route().screen).toBe("pull");
  });

  it("gives way to the list once an image has come", async () => {
    await show([]);
    await fireEvent.click(await screen.findByRole("button", { name: "Pull this sample" }));
    expect(await screen.findByRole("link", { name: "localhost:5150/practice/hello" })).toBeTruthy();
    expect(screen.queryByText("No images yet")).toBeNull();
  });
});

describe("the list of images", () => {
  it("shows name, tag, platform, sizes, and what lost its name", async () => {
    await show();
    const [newest, , nameless] = (await screen.findAllByRole("row")).slice(1);
    if (!newest || !nameless) throw new Error("three rows are wanted");
    for (const text of ["shop-api", "1.4", "linux/amd64", "412 MB", "138 MB", "51 MB", "87 MB", "2 hours ago", "1 hour ago"]) expect(within(newest).getByText(text)).toBeTruthy();
    expect(within(nameless).getByText("no name").title).toBe("The tag that pointed here has moved to another image");
  });

  it("opens an image by its name", async () => {
    await show();
    await fireEvent.click(await screen.findByRole("link", { name: "nginx" }));
    expect(route()).toMatchObject({ screen: "image", reference: "docker.io/library/nginx:1.27-alpine", familiar: "nginx:1.27-alpine" });
  });

  it("keeps what fits all words of a search", async () => {
    await show();
    await screen.findByRole("table");
    await fireEvent.input(screen.getByRole("searchbox"), { target: { value: "shop 1.3" } });
    expect(names()).toEqual(["shop-api"]);
    await fireEvent.input(screen.getByRole("searchbox"), { target: { value: "nothing like this" } });
    expect(screen.getByText("No image matches “nothing like this”.")).toBeTruthy();
  });

  it("sorts by a column, then the other way, then as it came", async () => {
    await show();
    const asItCame = (await screen.findAllByRole("link")).map((link) => link.textContent ?? "");
    const header = (): HTMLElement => screen.getByRole("columnheader", { name: /^Size/ });
    const press = (): Promise<unknown> => fireEvent.click(within(header()).getByRole("button"));
    await press();
    expect(header().getAttribute("aria-sort")).toBe("descending");
    expect(names()[0]).toBe("ghcr.io/acme/a-longer-name-of-a-service");
    await press();
    expect(header().getAttribute("aria-sort")).toBe("ascending");
    expect(names()[0]).toBe("nginx");
    await press();
    expect(header().getAttribute("aria-sort")).toBe("none");
    expect(names()).toEqual(asItCame);
  });

  it("says what sharing saves", async () => {
    await show();
    expect(await screen.findByText("694 MB of images fit in 586 MB.")).toBeTruthy();
    expect(screen.getByRole("region", { name: "What sharing saves" })).toBeTruthy();
  });

  it("has only the rows that are seen in the page, however long it is", async () => {
    await show(Array.from({ length: 10_000 }, (_, at) => fakeImage(`docker.io/library/app:${at}`, { layerCount: 1, sizeBytes: 1, onlyHereBytes: 1, sharedBytes: 0 })));
    const table = await screen.findByRole("table");
    expect(table.getAttribute("aria-rowcount")).toBe("10000");
    expect(screen.getAllByRole("link").length).toBeLessThan(100);
  });

  it("follows the language without being opened anew", async () => {
    await show();
    await screen.findByRole("heading", { name: "Images" });
    setLanguage("ko");
    expect(await screen.findByRole("heading", { name: "이미지" })).toBeTruthy();
    expect(screen.getByRole("columnheader", { name: "플랫폼" })).toBeTruthy();
  });
});

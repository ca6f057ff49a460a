import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fake } from "../../api/fake";
import { build, closeBuild, openBuild } from "../../stores/build.svelte";
import { answering, userError, type Answers } from "../../../tests/answers";
import { begin } from "../../../tests/window";
import DockerfilePanel from "./DockerfilePanel.svelte";

let end: () => void = () => undefined;
beforeEach(() => closeBuild());
afterEach(() => end());

async function show(path = "/projects/shop", answers: Answers = {}): Promise<ReturnType<typeof vi.fn>> {
  const backend = fake({ momentMs: 1 });
  const asked = answering(backend, answers);
  end = begin(backend);
  await openBuild(path);
  render(DockerfilePanel, { lines: build.sheet?.lines ?? [], chosen: null, picked: null, onChoose: () => undefined });
  return asked;
}

const press = async (name: string): Promise<void> => void (await fireEvent.click(await screen.findByRole("button", { name })));
/** What stands in the editor, once it is loaded. */
async function editorText(): Promise<string> {
  const lines = (): Element[] => [...(document.querySelector(".host")?.shadowRoot?.querySelectorAll(".cm-line") ?? [])];
  await expect.poll(() => lines().length, { timeout: 15_000 }).toBeGreaterThan(0);
  return lines().map((line) => line.textContent).join("\n");
}

describe("the hints", () => {
  it("are counted, listed, and mended at a press", async () => {
    await show();
    await press("1 hint");
    const list = screen.getByRole("region", { name: "Hints" });
    expect(within(list).getByText("Line 4")).toBeTruthy();
    await fireEvent.click(within(list).getByRole("button", { name: "Fix it" }));
    expect(build.text).toContain("RUN pip install --no-cache-dir -r requirements.txt");
    expect(await editorText()).toContain("--no-cache-dir");
    expect(await screen.findByRole("button", { name: "0 hints" })).toBeTruthy();
    expect(screen.getByText("Nothing to mend was found.")).toBeTruthy();
  });

  it("have a page each, with an example", async () => {
    await show();
    await press("1 hint");
    await press("Why?");
    const page = await screen.findByRole("dialog");
    expect(await within(page).findByText(/pip install --no-cache-dir/)).toBeTruthy();
    expect(page.textContent).toContain("hadolint DL3042");
    await fireEvent.click(within(page).getByRole("button", { name: /Close/ }));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("are silent where nothing answers: the text is still there", async () => {
    await show("/projects/shop", { dockerfile_lint: () => { throw userError("internal"); } });
    await press("Edit");
    expect(await editorText()).toContain("FROM python:3.11-slim");
    expect(screen.queryByRole("button", { name: /hint/ })).toBeNull();
  });
});

describe("the lines", () => {
  it("are put into words when one asks", async () => {
    await show();
    await press("Explain lines");
    expect(await screen.findByText(/^Starts from the image python:3.11-slim/)).toBeTruthy();
    expect(screen.getByText("Copies requirements.txt from the build context to ..")).toBeTruthy();
    await press("Explain lines");
    expect(screen.queryByText(/^Starts from the image/)).toBeNull();
  });
});

describe("the text", () => {
  it("is saved in place, and looked at again", async () => {
    const asked = await show();
    await press("Edit");
    await editorText();
    build.text = "FROM scratch\n";
    await press("Save");
    expect(asked).toHaveBeenCalledWith("dockerfile_save", { path: "/projects/shop/Dockerfile", text: "FROM scratch\n", readText: expect.stringContaining("python") as string });
    await expect.poll(() => build.sheet?.text).toBe("FROM scratch\n");
    expect(build.text).toBeNull();
  });

  it("is not saved over what somebody else wrote meanwhile", async () => {
    await show("/projects/shop", { dockerfile_save: () => { throw userError("dockerfileChanged", { subject: "Dockerfile" }); } });
    build.text = "FROM scratch\n";
    await press("Save");
    expect((await screen.findByRole("alert")).textContent).toContain("Changed by somebody else");
    expect(build.text).toBe("FROM scratch\n");
  });

  it("is built as it stands, saved or not", async () => {
    const asked = await show();
    build.text = "FROM scratch\n";
    expect(await screen.findByText("not saved")).toBeTruthy();
    const { startBuild } = await import("../../stores/build.svelte");
    await startBuild();
    expect(asked).toHaveBeenCalledWith("build_start", expect.objectContaining({ text: "FROM scratch\n" }));
  });

  it("of an archive has no button that saves", async () => {
    await show("/projects/shop.tgz");
    build.text = "FROM scratch\n";
    await screen.findByText("not saved");
    expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
    await press("Discard");
    expect(build.text).toBeNull();
  });
});

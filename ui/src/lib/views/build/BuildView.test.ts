import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Backend } from "../../api";
import { fake } from "../../api/fake";
import { build, closeBuild } from "../../stores/build.svelte";
import { images } from "../../stores/images.svelte";
import { route } from "../../stores/route.svelte";
import { answering, userError, type Answers } from "../../../tests/answers";
import { begin } from "../../../tests/window";
import BuildView from "./BuildView.svelte";

let end: () => void = () => undefined;
beforeEach(() => closeBuild());
afterEach(() => end());

function show(answers: Answers = {}, momentMs = 1): ReturnType<typeof vi.fn> {
  const backend: Backend = fake({ momentMs });
  const asked = answering(backend, answers);
  end = begin(backend);
  render(BuildView);
  return asked;
}

async function open(path: string): Promise<void> {
  await fireEvent.input(screen.getByRole("textbox", { name: /^Path of a Dockerfile/ }), { target: { value: path } });
  await fireEvent.click(screen.getByRole("button", { name: "Open" }));
}

const lines = async (): Promise<HTMLElement[]> => within(await screen.findByRole("list", { name: "Lines of the Dockerfile" })).findAllByRole("button");
const press = async (name: string): Promise<void> => void (await fireEvent.click(await screen.findByRole("button", { name })));

describe("before anything is opened", () => {
  it("offers examples to build without a network", async () => {
    show();
    await press("Your first image Copies a file and runs a command. The second build is faster: see why.");
    expect(build.path).toBe("/data/strata/examples/first");
    expect((await lines())[0]?.textContent).toContain("FROM scratch");
  });

  it("opens a path, also one in quotes", async () => {
    show();
    await open('"/projects/shop"');
    expect(build.path).toBe("/projects/shop");
  });

  it("says why something cannot be opened, and tries again", async () => {
    const asked = show();
    await open("/projects/missing");
    const alert = await screen.findByRole("alert");
    await fireEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    await expect.poll(() => asked.mock.calls.filter(([name]) => name === "build_look").length).toBe(2);
  });

  it("opens a Dockerfile that was built before", async () => {
    const [past] = await fake().call("build_history", { file: "/projects/shop/Dockerfile", limit: 1 });
    show({ build_history: () => (past ? [past] : []) });
    const list = await screen.findByRole("region", { name: "Built before" });
    await fireEvent.click(within(list).getByRole("button"));
    expect(build.path).toBe("/projects/shop/Dockerfile");
  });
});

describe("the sheet", () => {
  it("tells which lines are here already, and why the others would be made", async () => {
    show();
    await open("/projects/shop");
    const texts = (await lines()).map((line) => line.textContent?.replace(/\s+/g, " ").trim());
    expect(texts[3]).toBe("Line 4 RUN pip install -r requirements.txt ⚡ cached saves 38 sec");
    expect(texts[4]).toBe("Line 5 COPY . . would be made anew");
    expect(screen.getByText("Why would line 5 be made anew?").parentElement?.textContent).toContain("app.py");
    expect(screen.getByText("4 of 7 lines are here already")).toBeTruthy();
  });

  it("tells what can be copied, what is kept out by which rule, and warns", async () => {
    show();
    await open("/projects/shop");
    const context = await screen.findByRole("region", { name: "Build context" });
    expect(within(context).getByText("214 files, 1.9 MB.")).toBeTruthy();
    expect(within(context).getByText("node_modules").parentElement?.textContent).toContain("47,310 files");
    expect(context.textContent).toContain(".env is in the context");
  });

  it("builds the stage that is chosen", async () => {
    const asked = show();
    await open("/projects/stages");
    const graph = await screen.findByRole("radiogroup", { name: "The stage that is built" });
    expect(within(graph).getAllByRole("radio").map((each) => each.getAttribute("aria-checked"))).toEqual(["false", "false", "false", "true"]);
    await fireEvent.click(within(graph).getByRole("radio", { name: "test, on build, needs build, not needed" }));
    await fireEvent.input(screen.getByRole("textbox", { name: "GO_VERSION" }), { target: { value: "1.24" } });
    await press("Build");
    expect(asked).toHaveBeenCalledWith("build_start", expect.objectContaining({ path: "/projects/stages", target: "test", arguments: [{ name: "GO_VERSION", value: "1.24" }], tags: ["stages:1.5"] }));
  });

  it("says that a broken Dockerfile cannot be built, and where", async () => {
    show();
    await open("/projects/broken");
    expect((await screen.findByRole("alert")).textContent).toContain("line 3");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Build" }).disabled).toBe(true);
  });

  it("says when this computer cannot carry out RUN, and where to mend it", async () => {
    show();
    await open("/projects/norun");
    await press("See how to mend it");
    expect(route().screen).toBe("settings");
  });

  it("says why a build was refused", async () => {
    show({ build_start: () => { throw userError("referenceInvalid", { subject: "Bad Name", params: { reason: "small letters" } }); } });
    await open("/projects/shop");
    await screen.findByRole("list", { name: "Lines of the Dockerfile" });
    await press("Build");
    expect((await screen.findByRole("alert")).textContent).toContain("Bad Name");
    expect(build.part).toBe("sheet");
  });
});

describe("what if", () => {
  it("marks the lines that would be made anew, and takes it back", async () => {
    show();
    await open("/projects/shop");
    await press("I edit requirements.txt");
    expect(await screen.findByText(/^Lines 3–7 would be made anew\./)).toBeTruthy();
    const anew = (await lines()).map((line) => /would be made anew/.test(line.textContent ?? ""));
    expect(anew).toEqual([false, false, true, true, true, true, true]);
    await press("I edit requirements.txt");
    expect(screen.queryByText(/^Lines 3–7/)).toBeNull();
  });

  it("moves a line and offers the text", async () => {
    show();
    await open("/projects/shop");
    await press("I move line 5 above line 3");
    await press("Take this order over");
    expect(build.text).toMatch(/ENV PYTHONUNBUFFERED=1\nCOPY \. \.\nCOPY requirements/);
  });
});

describe("a build", () => {
  it("runs through, and ends with a way to its image", async () => {
    show();
    await open("/projects/shop");
    await screen.findByRole("list", { name: "Lines of the Dockerfile" });
    await press("Build");
    await press("Open the image");
    expect(route()).toMatchObject({ screen: "image", reference: "docker.io/library/shop:1.5" });
    await expect.poll(() => images.list?.some((image) => image.familiar === "shop:1.5")).toBe(true);
  });

  it("shows why a line was made anew, and the layers of the last build beside its own", async () => {
    show();
    await open("/projects/shop");
    await screen.findByRole("list", { name: "Lines of the Dockerfile" });
    await press("Build");
    await screen.findByRole("button", { name: "Open the image" });
    expect(screen.getByText("Why was line 5 made anew?")).toBeTruthy();
    const layers = screen.getByRole("region", { name: "Layers so far" });
    const columns = within(layers).getAllByRole("list").map((list) => list.getAttribute("aria-label"));
    expect(columns).toHaveLength(2);
    expect(columns[0]).toBe("Build 6 — 53 sec");
    const own = within(layers).getAllByRole("list")[1];
    expect(own && within(own).getAllByRole("listitem").map((band) => band.getAttribute("aria-label"))).toEqual([
      'CMD ["python","app.py"], settings only', "RUN python -m compileall ., 2.4 MB, new", "COPY . ., 1.9 MB, new", "RUN pip install -r requirements.txt, 148 MB, same layer",
      "COPY requirements.txt ., 1.9 MB, same layer", "ENV PYTHONUNBUFFERED=1, settings only", "FROM python:3.11-slim, 48 MB, same layer",
    ]);
    await press("Last build beside it");
    expect(within(layers).getAllByRole("list")).toHaveLength(1);
  });

  it("stops when it is told to", async () => {
    show({}, 30);
    await open("/projects/shop");
    await screen.findByRole("list", { name: "Lines of the Dockerfile" });
    await press("Build");
    await press("Stop");
    expect(await screen.findByText("The build was stopped")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Build again" })).toBeTruthy();
  });

  it("that failed says at which line and what is likely, and leads to the text", async () => {
    show();
    await open("/projects/fail");
    await screen.findByRole("list", { name: "Lines of the Dockerfile" });
    await press("Build");
    const alert = await screen.findByRole("alert");
    expect(within(alert).getByRole("button", { name: "Line 6" })).toBeTruthy();
    expect(alert.textContent).toContain("The program pyhton is not in the image.");
    expect((await lines())[5]?.textContent).toContain("failed");
    expect((await lines())[6]?.textContent).toContain("not reached");
    expect(screen.getByRole("log", { name: "Output of line 6" })).toBeTruthy();
    await press("Edit the Dockerfile");
    expect(screen.queryByRole("list", { name: "Lines of the Dockerfile" })).toBeNull();
  });

  it("whose base needs a sign-in asks for it there", async () => {
    show();
    await open("/projects/private");
    await screen.findByRole("list", { name: "Lines of the Dockerfile" });
    await press("Build");
    expect(await screen.findByRole("textbox", { name: "User" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Line 1" })).toBeTruthy();
  });

  it("that failed before its first line says why, and is tried again", async () => {
    const asked = show();
    await open("/projects/early");
    await screen.findByRole("list", { name: "Lines of the Dockerfile" });
    await press("Build");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("registry.example");
    await fireEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    await expect.poll(() => asked.mock.calls.filter(([name]) => name === "build_start").length).toBe(2);
  });

  it("stays in the history, with its settings to be used again", async () => {
    show();
    await open("/projects/shop");
    await fireEvent.input(await screen.findByRole("textbox", { name: "Name of the image" }), { target: { value: "mine:9" } });
    await press("Build");
    await screen.findByRole("button", { name: "Open the image" });
    await press("History");
    const rows = within(await screen.findByRole("table")).getAllByRole("row");
    expect(rows).toHaveLength(8);
    expect(rows[1]?.textContent).toContain("mine:9");
    expect(rows[1]?.textContent).toContain("4 of 7");
    expect(rows[4]?.textContent).toContain("no image");
    await fireEvent.click(within(rows[2] as HTMLElement).getByRole("button", { name: "Use its settings" }));
    expect(build.form.names).toBe("shop:1.5");
    expect(build.part).toBe("sheet");
  });

  it("can be walked through by the arrow keys", async () => {
    show();
    await open("/projects/shop");
    const [first, second] = await lines();
    first?.focus();
    await fireEvent.keyDown(first as HTMLElement, { key: "ArrowDown" });
    expect(document.activeElement).toBe(second);
    expect(second?.getAttribute("aria-pressed")).toBe("true");
  });
});

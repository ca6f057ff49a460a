import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fake } from "../../api/fake";
import { fakeTags } from "../../api/fake-tags";
import { lookAt, lookAway } from "../../stores/look.svelte";
import { answering } from "../../../tests/answers";
import { begin } from "../../../tests/window";
import LookPanel from "./LookPanel.svelte";

/** Rows of which the list in a test shows ten: jsdom lays nothing out. */
const ROW = 40;
const HEIGHT = 10 * ROW;
const MANY = "localhost:5000/many";

let end: () => void = () => undefined;
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(HEIGHT);
});
afterEach(() => {
  lookAway();
  end();
  vi.restoreAllMocks();
});

/** Looks at a repository; gives the spy on what is asked. */
async function look(reference: string): Promise<ReturnType<typeof vi.fn>> {
  const backend = fake({ momentMs: 1 });
  const asked = answering(backend, {});
  end = begin(backend);
  await lookAt(reference, null);
  render(LookPanel);
  await screen.findAllByRole("option");
  return asked;
}

const names = (): string[] => screen.getAllByRole("option").map((row) => row.querySelector("b")?.textContent ?? "");
const field = (): HTMLElement => screen.getByRole("searchbox", { name: "Filter the tags" });
const of = (asked: ReturnType<typeof vi.fn>, command: string): string[] => asked.mock.calls.filter(([name]) => name === command).map(([, request]) => (request as { reference: string }).reference);

describe("the filter of ten thousand tags", () => {
  it("leaves with each key what an independent filter leaves, and draws only what is seen", async () => {
    await look(MANY);
    const all = fakeTags(MANY).tags.map((tag) => tag.name);
    for (const typed of ["1", "1.", "1.2", "1.27", "1.27.", "LATE", "x.y"]) {
      await fireEvent.input(field(), { target: { value: typed } });
      const expected = all.filter((name) => name.toLowerCase().includes(typed.toLowerCase()));
      const rows = screen.queryAllByRole("option");
      expect(rows.length).toBe(Math.min(expected.length, HEIGHT / ROW + 4));
      // A tag whose whole name was typed stands before the others.
      const first = expected.filter((name) => name === typed).concat(expected.filter((name) => name !== typed));
      expect(rows.map((row) => row.querySelector("b")?.textContent)).toEqual(first.slice(0, rows.length));
      for (const row of rows) expect(row.getAttribute("aria-setsize")).toBe(String(expected.length));
    }
  });
});

describe("the tags that are followed", () => {
  it("are those that were seen, four at once and at most a hundred", async () => {
    const backend = fake({ momentMs: 1 });
    let open = 0;
    let most = 0;
    const asked: string[] = [];
    const call = backend.call;
    vi.spyOn(backend, "call").mockImplementation(async (name, request) => {
      if (name !== "tag_target") return call(name, request);
      const { reference } = request as { reference: string };
      asked.push(reference.replace(/^.*:/, ""));
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open -= 1;
      return call("tag_target", { reference }) as ReturnType<typeof call<typeof name>>;
    });
    end = begin(backend);
    await lookAt(MANY, null);
    render(LookPanel);
    const list = await screen.findByRole("listbox");
    const seen = new Set<string>();
    for (let page = 0; page < 14; page += 1) {
      list.scrollTop = page * HEIGHT;
      await fireEvent.scroll(list);
      await new Promise((resolve) => setTimeout(resolve, 220));
      names().forEach((name) => seen.add(name));
    }
    expect(asked.length).toBe(100);
    expect(new Set(asked).size).toBe(100);
    expect(asked.filter((name) => !seen.has(name))).toEqual([]);
    expect(most).toBe(4);
  });

  it("are none while the list does not stand still", async () => {
    const asked = await look(MANY);
    const list = screen.getByRole("listbox");
    for (let page = 1; page < 6; page += 1) {
      list.scrollTop = page * HEIGHT;
      await fireEvent.scroll(list);
    }
    await vi.waitFor(() => expect(of(asked, "tag_target").length).toBeGreaterThan(0));
    const { tags } = fakeTags(MANY);
    expect(of(asked, "tag_target").every((reference) => tags.findIndex((tag) => reference.endsWith(`:${tag.name}`)) >= 5 * 10)).toBe(true);
  });

  it("are only ours where the registry itself tells what tags point to", async () => {
    const asked = await look("nginx");
    await vi.waitFor(() => expect(of(asked, "tag_target").length).toBeGreaterThan(0));
    expect(new Set(of(asked, "tag_target"))).toEqual(new Set(["nginx:1.27.3-alpine"]));
  });
});

describe("the names of one image", () => {
  it("stand together under the version, names before versions, with size and state", async () => {
    await look("nginx");
    const [first, second] = await vi.waitFor(() => {
      const rows = screen.getAllByRole("option");
      expect(rows[0]?.textContent).toContain("= latest = ");
      return rows;
    });
    expect(first?.querySelector("b")?.textContent).toBe("1.27.3");
    expect(first?.textContent).toContain("72 MB");
    expect(second?.textContent).toMatch(/^1\.27\.3-alpine.*= 1\.27-alpine.*19 MB.*here$/s);
    expect(screen.getByText("latest is just a name.")).toBeTruthy();
    await fireEvent.input(field(), { target: { value: "1.19" } });
    await vi.waitFor(() => expect(screen.getAllByRole("option").find((row) => row.textContent?.includes("moved"))).toBeTruthy());
  });
});

describe("the keys of the list", () => {
  it("go through it, and the image is asked for only where one rests", async () => {
    const asked = await look(MANY);
    const list = screen.getByRole("listbox");
    const before = of(asked, "image_look").length;
    const all = fakeTags(MANY).tags.map((tag) => tag.name);
    for (const key of ["Home", "ArrowDown", "PageDown", "ArrowDown", "ArrowUp"]) await fireEvent.keyDown(list, { key });
    const selected = (): string | undefined => screen.getAllByRole("option").find((row) => row.getAttribute("aria-selected") === "true")?.querySelector("b")?.textContent;
    expect(selected()).toBe(all[10]);
    await vi.waitFor(() => expect(of(asked, "image_look").length).toBe(before + 1));
    expect(of(asked, "image_look").at(-1)).toBe(`${MANY}:${all[10]}`);
    await fireEvent.keyDown(list, { key: "End" });
    await vi.waitFor(() => expect(of(asked, "image_look").at(-1)).toBe(`${MANY}:${all.at(-2)}`));
    expect(list.scrollTop).toBeGreaterThan(9_900 * ROW);
  });

  it("begin the filter when one types", async () => {
    await look(MANY);
    const list = screen.getByRole("listbox");
    list.focus();
    await fireEvent.keyDown(list, { key: "1" });
    expect(document.activeElement).toBe(field());
    await fireEvent.keyDown(field(), { key: "ArrowDown" });
    expect(document.activeElement).toBe(list);
  });
});

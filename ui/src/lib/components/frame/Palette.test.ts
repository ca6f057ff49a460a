import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fake } from "../../api/fake";
import { language } from "../../i18n";
import { build } from "../../stores/build.svelte";
import { images } from "../../stores/images.svelte";
import { allJobs } from "../../stores/jobs.svelte";
import { pullRequest } from "../../stores/pull-request.svelte";
import { registries } from "../../stores/registries.svelte";
import { route } from "../../stores/route.svelte";
import { openSession, session } from "../../stores/session.svelte";
import { answering, registryEntry, registryList } from "../../../tests/answers";
import { begin } from "../../../tests/window";
import Palette from "./Palette.svelte";

let end: () => void = () => undefined;
afterEach(() => end());

async function show(): Promise<{ onClose: ReturnType<typeof vi.fn>; field: HTMLElement }> {
  const backend = fake({ momentMs: 1 });
  answering(backend, { registries_list: () => registryList([registryEntry("ghcr.io")]) });
  end = begin(backend);
  await openSession();
  await expect.poll(() => images.list?.length).toBe(5);
  const onClose = vi.fn();
  render(Palette, { onClose });
  return { onClose, field: screen.getByRole("combobox") };
}

const type = (field: HTMLElement, value: string): Promise<unknown> => fireEvent.input(field, { target: { value } });
const press = (field: HTMLElement, key: string): Promise<unknown> => fireEvent.keyDown(field, { key });
const chosen = (): string => screen.getByRole("option", { selected: true }).textContent ?? "";

describe("the palette", () => {
  it("takes the focus and offers the screens at once", async () => {
    const { field } = await show();
    expect(document.activeElement).toBe(field);
    expect(screen.getAllByRole("option")[0]?.textContent).toContain("Images");
  });

  it("moves through its entries with the arrows, round and round", async () => {
    const { field } = await show();
    await press(field, "ArrowDown");
    expect(chosen()).toContain("Pull");
    expect(field.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option", { selected: true }).id);
    await press(field, "ArrowUp");
    await press(field, "ArrowUp");
    const options = screen.getAllByRole("option");
    expect(chosen()).toBe(options.at(-1)?.textContent);
  });

  it("opens a screen with Enter and closes itself", async () => {
    const { field, onClose } = await show();
    await type(field, "regis");
    await press(field, "Enter");
    expect(route().screen).toBe("registries");
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("opens a stored image by a part of its name", async () => {
    const { field } = await show();
    await type(field, "nginx 1.27");
    expect(chosen()).toContain("nginx:1.27-alpine");
    await press(field, "Enter");
    expect(route()).toMatchObject({ screen: "image", familiar: "nginx:1.27-alpine" });
  });

  it("pulls what is typed", async () => {
    const { field } = await show();
    await type(field, "quay.io/acme/thing:7");
    expect(chosen()).toContain("Pull quay.io/acme/thing:7");
    await press(field, "Enter");
    await expect.poll(() => allJobs()[0]?.title).toBe("quay.io/acme/thing:7");
    expect(route().screen).toBe("pull");
    expect(pullRequest.text).toBe("quay.io/acme/thing:7");
  });

  it("opens a registry by a part of its name, and Docker Hub's search", async () => {
    const { field } = await show();
    await expect.poll(() => registries.list?.registries.length).toBe(2);
    await type(field, "ghcr");
    expect(chosen()).toContain("ghcr.io");
    await press(field, "Enter");
    expect(route().screen).toBe("registries");
    expect(registries.chosen).toBe("ghcr.io");
    await type(field, "search docker");
    await press(field, "Enter");
    expect([registries.chosen, registries.part]).toEqual(["docker.io", "browse"]);
  });

  it("builds what lies at a path", async () => {
    const { field } = await show();
    await type(field, "build /projects/shop");
    expect(chosen()).toContain("Build /projects/shop");
    await press(field, "Enter");
    expect(route().screen).toBe("build");
    expect(build.path).toBe("/projects/shop");
    expect(build.part).toBe("sheet");
  });

  it("switches colours and language", async () => {
    const { field } = await show();
    await type(field, "dark");
    await press(field, "Enter");
    await expect.poll(() => session.theme).toBe("dark");
    await type(field, "korean");
    await press(field, "Enter");
    await expect.poll(() => language()).toBe("ko");
  });

  it("closes with Escape and does nothing else", async () => {
    const { field, onClose } = await show();
    await type(field, "nginx");
    await press(field, "Escape");
    expect(onClose).toHaveBeenCalledOnce();
    expect(route().screen).toBe("images");
  });

  it("leaves Enter to the input method while a word is being composed", async () => {
    const { field, onClose } = await show();
    await type(field, "이미");
    await fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    expect(onClose).not.toHaveBeenCalled();
  });
});

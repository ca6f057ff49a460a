import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Backend } from "../../api";
import { fake } from "../../api/fake";
import { allJobs, platformOf } from "../../stores/jobs.svelte";
import { route } from "../../stores/route.svelte";
import { begin } from "../../../tests/window";
import PullView from "./PullView.svelte";

let end: () => void = () => undefined;
afterEach(() => end());

function show(backend: Backend = fake({ momentMs: 1 })): void {
  end = begin(backend);
  render(PullView);
}

async function pull(name: string): Promise<void> {
  const field = screen.getByRole("textbox", { name: "Name of the image" });
  await fireEvent.input(field, { target: { value: name } });
  const form = field.closest("form");
  if (!form) throw new Error("the field stands in a form");
  await fireEvent.submit(form);
}

describe("what was typed", () => {
  it("is taken apart as it is typed", async () => {
    show();
    await fireEvent.input(screen.getByRole("textbox", { name: "Name of the image" }), { target: { value: "nginx" } });
    const parts = screen.getByRole("group", { name: "What will be asked for" });
    for (const text of ["docker.io", "library/nginx", "latest", /No tag was typed/]) expect(await within(parts).findByText(text)).toBeTruthy();
  });

  it("is told why it is no name, after a pause", async () => {
    show();
    await fireEvent.input(screen.getByRole("textbox", { name: "Name of the image" }), { target: { value: "Not A Name" } });
    expect(screen.queryByText(/cannot be the name/)).toBeNull();
    expect(await screen.findByText(/“Not A Name” cannot be the name of an image/, undefined, { timeout: 5000 })).toBeTruthy();
  });

  it("is refused aloud when it is pulled all the same", async () => {
    show();
    await pull("Not A Name");
    expect(within(await screen.findByRole("alert")).getByText("Not the name of an image")).toBeTruthy();
    expect(allJobs()).toEqual([]);
  });

  it("is pulled for a platform that was chosen or typed", async () => {
    const backend = fake({ momentMs: 1 });
    const call = vi.spyOn(backend, "call");
    show(backend);
    await fireEvent.change(screen.getByRole("combobox", { name: "Platform" }), { target: { value: "linux/arm64" } });
    await pull("nginx");
    expect(call).toHaveBeenCalledWith("pull_start", { reference: "nginx", platform: "linux/arm64" });
    await fireEvent.change(screen.getByRole("combobox", { name: "Platform" }), { target: { value: "other" } });
    await fireEvent.input(await screen.findByRole("textbox", { name: "Platform, typed" }), { target: { value: "linux/mips64le" } });
    await pull("nginx");
    expect(call).toHaveBeenCalledWith("pull_start", { reference: "nginx", platform: "linux/mips64le" });
  });
});

describe("a pull", () => {
  it("shows its layers with their states and then opens the image", async () => {
    show();
    await pull("shop-web:2");
    const card = await screen.findByRole("article", { name: "shop-web:2" });
    expect(await within(card).findByText(/Pulled and checked/)).toBeTruthy();
    const layers = within(card).getAllByRole("listitem").map((item) => item.getAttribute("aria-label") ?? item.textContent ?? "");
    expect(layers[0]).toContain("EXPOSE map[8000/tcp:{}] · CMD");
    expect(layers.at(-1)).toBe("Layer 1, FROM debian:12-slim, 41.7 MB, already here");
    expect(layers.filter((label) => label.endsWith("✓ checked"))).toHaveLength(5);
    await fireEvent.click(within(card).getByRole("button", { name: "Open the image" }));
    expect(route()).toMatchObject({ screen: "image", reference: "docker.io/library/shop-web:2" });
  });

  it("says what one gets", async () => {
    show();
    await pull("shop-web:2");
    const facts = await screen.findByRole("region", { name: "What you get" });
    expect(within(facts).getByText("python app.py")).toBeTruthy();
    expect(within(facts).getByText("8000/tcp")).toBeTruthy();
  });

  it("stops when it is told to, and can go on", async () => {
    show(fake({ momentMs: 20 }));
    await pull("shop-web:2");
    await fireEvent.click(await screen.findByRole("button", { name: "Stop" }));
    expect(await screen.findByText(/^Stopped\. What has arrived is kept/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Stop" })).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Pull again" }));
    await expect.poll(() => allJobs().length).toBe(2);
  });

  it("says what went wrong, what to do, and the technical cause", async () => {
    show();
    await pull("fail:1");
    const alert = await screen.findByRole("alert");
    expect(within(alert).getByText("No such tag")).toBeTruthy();
    expect(within(alert).getByText("The registry has no fail:1.")).toBeTruthy();
    expect(within(alert).getByText(/^Check the tag/)).toBeTruthy();
    expect(within(alert).getByText("tagUnknown: fail:1")).toBeTruthy();
    await fireEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    await expect.poll(() => allJobs().length).toBe(2);
  });

  it("shows sizes in a failure as sizes", async () => {
    show();
    await pull("full:1");
    expect(await screen.findByText("412 MB more are needed in /data/strata/store, and 9 MB are free.")).toBeTruthy();
  });

  it("signs in and tries the same again, for the same platform", async () => {
    const backend = fake({ momentMs: 1 });
    const call = vi.spyOn(backend, "call");
    show(backend);
    await fireEvent.change(screen.getByRole("combobox", { name: "Platform" }), { target: { value: "linux/arm64" } });
    await pull("private:1");
    await fireEvent.input(await screen.findByRole("textbox", { name: "User" }), { target: { value: "me" } });
    await fireEvent.input(screen.getByLabelText("Password or token"), { target: { value: "secret" } });
    await fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText(/Pulled and checked/)).toBeTruthy();
    expect(call).toHaveBeenCalledWith("sign_in", expect.objectContaining({ registry: "registry.example", username: "me", password: "secret" }));
    expect(platformOf(2)).toBe("linux/arm64");
  });

  it("offers the platforms that there are", async () => {
    show();
    await pull("platform:1");
    await fireEvent.click(await screen.findByRole("button", { name: "Pull for linux/arm/v7" }));
    expect(await screen.findByText(/Pulled and checked/)).toBeTruthy();
    expect(platformOf(2)).toBe("linux/arm/v7");
  });
});

describe("before the first pull", () => {
  it("offers the samples of the practice registry", async () => {
    show();
    await fireEvent.click(await screen.findByRole("button", { name: "Pull localhost:5150/practice/toolbox:1.0" }));
    expect(await screen.findByRole("article", { name: "localhost:5150/practice/toolbox:1.0" })).toBeTruthy();
  });
});

describe("ended pulls", () => {
  it("can be cleared away once there are several", async () => {
    show();
    await pull("shop-web:2");
    await screen.findByText(/Pulled and checked/);
    const clear = (): HTMLElement | null => screen.queryByRole("button", { name: "Clear ended pulls" });
    expect(clear()).toBeNull();
    await pull("shop-web:3");
    await vi.waitFor(() => expect(clear()).not.toBeNull(), { timeout: 15_000 });
    await fireEvent.click(await screen.findByRole("button", { name: "Clear ended pulls" }));
    expect(screen.queryAllByRole("article")).toEqual([]);
  });
});

import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { setBackend, type Backend } from "../../api";
import { fake, fakeError } from "../../api/fake";
import { openSession } from "../../stores/session.svelte";
import SettingsView from "./SettingsView.svelte";

let backend: Backend;

beforeEach(async () => {
  backend = fake();
  setBackend(backend);
  await openSession();
});

describe("the settings", () => {
  it("hold at once and are kept: the language", async () => {
    render(SettingsView);
    await fireEvent.click(screen.getByRole("radio", { name: "한국어" }));
    expect(await screen.findByRole("heading", { name: "설정" })).toBeTruthy();
    await expect.poll(() => backend.call("settings_read", {})).toMatchObject({ language: "ko" });
  });

  it("hold at once and are kept: the colours", async () => {
    render(SettingsView);
    await fireEvent.click(screen.getByRole("radio", { name: "Dark" }));
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    await expect.poll(() => backend.call("settings_read", {})).toMatchObject({ theme: "dark" });
  });

  it("hold at once and are kept: whether the practice registry starts", async () => {
    render(SettingsView);
    await fireEvent.click(screen.getByRole("switch", { name: /^Start the practice registry/ }));
    await expect.poll(() => backend.call("settings_read", {})).toMatchObject({ practiceRegistry: false });
  });

  it("say so when they could not be kept", async () => {
    const call = backend.call;
    vi.spyOn(backend, "call").mockImplementation((name, request) => (name === "settings_write" ? Promise.reject(fakeError("storeUnwritable", "settings.json")) : call(name, request)));
    render(SettingsView);
    await fireEvent.click(screen.getByRole("radio", { name: "Light" }));
    expect(await screen.findByText(/could not be saved/)).toBeTruthy();
  });

  it("show where the images are, to copy, and the version", () => {
    render(SettingsView);
    expect(screen.getByText("/data/strata/store")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Copy the path" })).toBeTruthy();
    expect(screen.getByText(/Strata 0\.1\.0/)).toBeTruthy();
  });
});

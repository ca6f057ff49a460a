import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { setBackend, type Backend } from "../../api";
import { fake, fakeError } from "../../api/fake";
import type { Settings } from "../../api/generated/types";
import { setLanguage } from "../../i18n";
import { openSession } from "../../stores/session.svelte";
import { answering, firstSettings } from "../../../tests/answers";
import { hostsOf, wrongAddress } from "./proxy-address";
import { bytesOf, typedOf, wholeNumber } from "./rates";
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

describe("the settings of pulling", () => {
  let kept: Settings;

  beforeEach(async () => {
    kept = firstSettings();
    const other = fake();
    answering(other, { settings_read: () => kept, settings_write: (request) => (kept = request.settings) });
    setBackend(other);
    await openSession();
    setLanguage("en");
    render(SettingsView);
  });

  const type = (name: string | RegExp, value: string): Promise<unknown> => fireEvent.change(screen.getByRole("textbox", { name }), { target: { value } });

  it.each([
    [/^Pulls at once/, "5", { pullsAtOnce: 5 }],
    [/^Layers at once/, "16", { layersPerRegistry: 16 }],
    [/^Download limit/, "2,5", { downloadLimit: 2_500_000 }],
    [/^Least speed/, "64", { leastRate: 64_000 }],
  ])("hold at once and are kept: %s", async (name, typed, part) => {
    await type(name, typed);
    await expect.poll(() => kept).toMatchObject(part);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it.each([
    [/^Pulls at once/, "9", "A whole number from 1 to 8."],
    [/^Pulls at once/, "", "A whole number from 1 to 8."],
    [/^Layers at once/, "0", "A whole number from 1 to 16."],
    [/^Download limit/, "fast", "A number above 0, such as 2.5, or nothing."],
    [/^Least speed/, "-1", "A number above 0, such as 2.5, or nothing."],
  ])("say what is wrong, and keep what was: %s of %j", async (name, typed, words) => {
    await type(name, typed);
    expect((await screen.findByRole("alert")).textContent).toBe(words);
    expect(screen.getByRole("textbox", { name }).getAttribute("aria-invalid")).toBe("true");
    expect(kept).toEqual(firstSettings());
  });

  it("have no limit again when the field is emptied", async () => {
    await type(/^Download limit/, "3");
    await expect.poll(() => kept.downloadLimit).toBe(3_000_000);
    await type(/^Download limit/, "");
    await expect.poll(() => kept.downloadLimit).toBe(0);
  });

  it("use a proxy once it has an address, and not before", async () => {
    await fireEvent.click(screen.getByRole("radio", { name: "this one" }));
    expect(screen.getByText("Not used until it has an address.")).toBeTruthy();
    expect(kept.proxy).toEqual({ type: "system" });
    const address = screen.getByRole("textbox", { name: /^Address of the proxy/ });
    await fireEvent.input(address, { target: { value: "proxy.example:3128" } });
    await fireEvent.change(address);
    expect((await screen.findByRole("alert")).textContent).toContain("http://proxy.example:3128");
    await fireEvent.input(address, { target: { value: "http://me:secret@proxy.example:3128" } });
    await fireEvent.change(address);
    expect((await screen.findByRole("alert")).textContent).toContain("No user and password here");
    expect(kept.proxy).toEqual({ type: "system" });
    await fireEvent.input(address, { target: { value: "http://proxy.example:3128/" } });
    await fireEvent.change(address);
    await expect.poll(() => kept.proxy).toEqual({ type: "url", url: "http://proxy.example:3128", except: [] });
    const except = screen.getByRole("textbox", { name: /^Asked without it/ });
    await fireEvent.input(except, { target: { value: "intern.example 10.0.0.0/8,  intern.example" } });
    await fireEvent.change(except);
    await expect.poll(() => kept.proxy).toEqual({ type: "url", url: "http://proxy.example:3128", except: ["intern.example", "10.0.0.0/8"] });
  });

  it("use no proxy where none is wanted", async () => {
    await fireEvent.click(screen.getByRole("radio", { name: "none" }));
    await expect.poll(() => kept.proxy).toEqual({ type: "none" });
  });
});

describe("a number that is typed", () => {
  it.each([["", 0], ["1", 1_000_000], [" 0.5 ", 500_000], ["0", null], ["1e3", null], ["1.2.3", null], ["x", null]])("of %j MB/s is %j bytes", (typed, bytes) => {
    expect(bytesOf(typed, 1_000_000)).toBe(bytes);
  });

  it.each([[0, ""], [2_500_000, "2.5"], [1_000_000, "1"]])("for %d bytes is %j", (bytes, typed) => {
    expect(typedOf(bytes, 1_000_000)).toBe(typed);
  });

  it.each([["8", 8], ["1", 1], ["0", null], ["9", null], ["3.5", null], ["", null]])("from 1 to 8, %j is %j", (typed, value) => {
    expect(wholeNumber(typed, 1, 8)).toBe(value);
  });
});

describe("a proxy's address", () => {
  it.each([["http://proxy.example:3128", null], ["https://10.0.0.1", null], ["http://[::1]:8080/", null], ["proxy.example", "address"], ["socks5://x", "address"], ["http://a/b", "address"], ["http://u:p@x:1", "password"], ["http://x:99999999", "address"]])("%s: %j", (typed, wrong) => {
    expect(wrongAddress(typed)).toBe(wrong);
  });

  it("is not used for hosts with commas or spaces between them", () => {
    expect(hostsOf(" a.example, b.example  c ")).toEqual(["a.example", "b.example", "c"]);
    expect(hostsOf("")).toEqual([]);
  });
});

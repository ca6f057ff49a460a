import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Backend } from "../../api";
import { fake } from "../../api/fake";
import { allJobs } from "../../stores/jobs.svelte";
import { begin } from "../../../tests/window";
import RegistriesView from "./RegistriesView.svelte";

let end: () => void = () => undefined;
afterEach(() => end());

function show(backend: Backend = fake({ momentMs: 1 })): void {
  end = begin(backend);
  render(RegistriesView);
}

describe("the practice registry", () => {
  it("shows its address, how other tools use it, and what its samples teach", async () => {
    show();
    const card = screen.getByRole("region", { name: "Practice registry" });
    expect(await within(card).findByText("localhost:5150")).toBeTruthy();
    expect(within(card).getByText("docker pull localhost:5150/practice/hello:1.0")).toBeTruthy();
    expect(within(card).getByText("Deleting does not shrink")).toBeTruthy();
  });

  it("pulls a sample", async () => {
    show();
    await fireEvent.click(await screen.findByRole("button", { name: "Pull localhost:5150/practice/greeter:1.0" }));
    await expect.poll(() => allJobs()[0]?.title).toBe("localhost:5150/practice/greeter:1.0");
  });

  it("is switched off and on", async () => {
    show();
    const lever = screen.getByRole("switch", { name: "Practice registry" });
    await expect.poll(() => lever.getAttribute("aria-checked")).toBe("true");
    await expect.poll(() => lever.hasAttribute("disabled")).toBe(false);
    await fireEvent.click(lever);
    expect(await screen.findByText("off")).toBeTruthy();
    expect(screen.queryByText("localhost:5150")).toBeNull();
    await fireEvent.click(lever);
    expect(await screen.findByText("localhost:5150")).toBeTruthy();
  });
});

describe("signing in elsewhere", () => {
  it("gives what was typed to the work, forgets the password, and says so", async () => {
    const backend = fake();
    const call = vi.spyOn(backend, "call");
    show(backend);
    await fireEvent.input(screen.getByRole("textbox", { name: "Registry" }), { target: { value: " ghcr.io " } });
    await fireEvent.input(screen.getByRole("textbox", { name: "User" }), { target: { value: "me" } });
    const password = screen.getByLabelText<HTMLInputElement>("Password or token");
    await fireEvent.input(password, { target: { value: "secret" } });
    await fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText(/Remembered for ghcr\.io/)).toBeTruthy();
    expect(call).toHaveBeenCalledWith("sign_in", { registry: "ghcr.io", username: "me", password: "secret" });
    expect(password.value).toBe("");
  });

  it("says why it did not work", async () => {
    const backend = fake();
    const call = backend.call;
    vi.spyOn(backend, "call").mockImplementation((name, request) =>
      name === "sign_in" ? Promise.reject({ code: "referenceInvalid", subject: "no host", params: { reason: "a space" }, actions: [], causes: [], retryable: false }) : call(name, request));
    show(backend);
    await fireEvent.input(screen.getByRole("textbox", { name: "Registry" }), { target: { value: "no host" } });
    await fireEvent.input(screen.getByRole("textbox", { name: "User" }), { target: { value: "me" } });
    await fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(within(await screen.findByRole("alert")).getByText("Not the name of an image")).toBeTruthy();
  });
});

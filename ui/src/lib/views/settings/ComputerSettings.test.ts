import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { setBackend, type Backend } from "../../api";
import { fake } from "../../api/fake";
import { fakeDoctor } from "../../api/fake-build";
import { setLanguage } from "../../i18n";
import { answering, userError } from "../../../tests/answers";
import ComputerSettings from "./ComputerSettings.svelte";

let backend: Backend;
beforeEach(() => {
  setLanguage("en");
  backend = fake();
  setBackend(backend);
});

describe("this computer", () => {
  it("is told in words, what is to be mended first, with the command to copy", async () => {
    render(ComputerSettings);
    const rows = await screen.findAllByRole("listitem");
    expect(rows[0]?.textContent).toContain("newuidmap and newgidmap does not work");
    expect(within(rows[0] as HTMLElement).getByText("sudo apt install uidmap")).toBeTruthy();
    expect(within(rows[0] as HTMLElement).getByText("Install the package uidmap.")).toBeTruthy();
    expect(rows.at(-1)?.textContent).toContain("not needed");
    expect(screen.getByText(/^Works with one user only/)).toBeTruthy();
  });

  it("is tried again when one asks", async () => {
    const asked = answering(backend, { doctor: () => fakeDoctor() });
    render(ComputerSettings);
    await screen.findAllByRole("listitem");
    await fireEvent.click(screen.getByRole("button", { name: "Check again" }));
    await expect.poll(() => asked.mock.calls.filter(([name]) => name === "doctor").length).toBe(2);
  });

  it("shows what has no words as it is called", async () => {
    answering(backend, { doctor: () => ({ runMode: null, probes: [{ code: "novel", state: "fails", detail: "EPERM", fix: "newFix", command: null }] }) });
    render(ComputerSettings);
    expect((await screen.findByRole("listitem")).textContent).toMatch(/novel.*newFix.*EPERM/);
    expect(screen.getByText(/^Does not work here/)).toBeTruthy();
  });

  it("says why nothing could be tried", async () => {
    answering(backend, { doctor: () => { throw userError("internal", { params: { reason: "no helper" } }); } });
    render(ComputerSettings);
    expect(await screen.findByRole("alert")).toBeTruthy();
  });
});

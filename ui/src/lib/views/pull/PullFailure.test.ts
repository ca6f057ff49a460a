import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fake } from "../../api/fake";
import { registries } from "../../stores/registries.svelte";
import { route } from "../../stores/route.svelte";
import { answering, registryList, userError } from "../../../tests/answers";
import { begin } from "../../../tests/window";
import { lookAt, lookAway } from "../../stores/look.svelte";
import LookPanel from "./LookPanel.svelte";
import PullFailure from "./PullFailure.svelte";

let end: () => void = () => undefined;
afterEach(() => end());

describe("a pull that a registry stands in the way of", () => {
  it("asks about a sign-in service on another host, and goes on once it is allowed", async () => {
    const backend = fake();
    const asked = answering(backend, { registries_list: () => registryList([]), realm_approve: () => null });
    end = begin(backend);
    const onAgain = vi.fn();
    render(PullFailure, { error: userError("realmUnknown", { actions: [{ type: "approveRealm", registry: "ghcr.io", host: "auth.example" }] }), onAgain });
    await fireEvent.click(screen.getByRole("button", { name: "Allow auth.example" }));
    await expect.poll(() => onAgain.mock.calls).toEqual([[null]]);
    expect(asked).toHaveBeenCalledWith("realm_approve", { registry: "ghcr.io", host: "auth.example", allow: true });
  });

  it("leads to where a certificate is trusted", async () => {
    const backend = fake();
    answering(backend, { registries_list: () => registryList([]) });
    end = begin(backend);
    render(PullFailure, { error: userError("tlsFailed", { actions: [{ type: "addCertificate", registry: "ghcr.io" }] }), onAgain: vi.fn() });
    await fireEvent.click(screen.getByRole("button", { name: "Trust a certificate" }));
    expect(route().screen).toBe("registries");
    expect([registries.chosen, registries.part]).toEqual(["ghcr.io", "trust"]);
  });
});

describe("a look that a registry stands in the way of", () => {
  it("asks about a sign-in service on another host, and looks again once it is allowed", async () => {
    const backend = fake();
    const { call } = backend;
    let allowed = false;
    vi.spyOn(backend, "call").mockImplementation((name, request) => {
      if (name === "realm_approve") allowed = true;
      const needsRealm = name === "image_look" && !allowed;
      return needsRealm ? Promise.reject(userError("realmUnknown", { actions: [{ type: "approveRealm", registry: "ghcr.io", host: "auth.example" }] })) : call(name, request);
    });
    end = begin(backend);
    await lookAt("ghcr.io/acme/app:1", null);
    render(LookPanel);
    await fireEvent.click(screen.getByRole("button", { name: "Allow auth.example" }));
    expect(await screen.findByRole("button", { name: /^Pull 1 · / })).toBeTruthy();
    lookAway();
  });

  it("takes a user and a password", async () => {
    const backend = fake();
    answering(backend, { image_look: () => { throw userError("signInNeeded", { actions: [{ type: "signIn", registry: "ghcr.io" }] }); } });
    end = begin(backend);
    await lookAt("ghcr.io/acme/app:1", null);
    render(LookPanel);
    expect(screen.getByRole("form", { name: /ghcr\.io/ })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
    lookAway();
  });
});

import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fake } from "../../api/fake";
import { registries } from "../../stores/registries.svelte";
import { route } from "../../stores/route.svelte";
import { answering, registryList, userError } from "../../../tests/answers";
import { begin } from "../../../tests/window";
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

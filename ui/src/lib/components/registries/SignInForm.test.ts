import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fake } from "../../api/fake";
import { answering, registryEntry, registryList, userError, type Answers } from "../../../tests/answers";
import { begin } from "../../../tests/window";
import SignInForm from "./SignInForm.svelte";

let end: () => void = () => undefined;
afterEach(() => end());

function show(answers: Answers = {}): { asked: ReturnType<typeof vi.fn>; onDone: ReturnType<typeof vi.fn> } {
  const backend = fake();
  const asked = answering(backend, { registries_list: () => registryList([registryEntry("ghcr.io")]), sign_in: () => null, realm_approve: () => null, ...answers });
  end = begin(backend);
  const onDone = vi.fn();
  render(SignInForm, { registry: "ghcr.io", onDone });
  return { asked, onDone };
}

async function fill(): Promise<HTMLInputElement> {
  await fireEvent.input(screen.getByRole("textbox", { name: "User" }), { target: { value: "me" } });
  const password = screen.getByLabelText<HTMLInputElement>("Password or token");
  await fireEvent.input(password, { target: { value: "secret" } });
  return password;
}

const send = (): Promise<unknown> => fireEvent.click(screen.getByRole("button", { name: "Sign in" }));

describe("signing in", () => {
  it.each([
    ["in the system's keychain", { type: "keychain" }],
    ["until Strata ends", { type: "session" }],
    ["with the helper pass", { type: "helper", name: "pass" }],
  ])("keeps the login %s where that is chosen, and forgets the password", async (name, keep) => {
    const { asked, onDone } = show();
    const password = await fill();
    await fireEvent.click(await screen.findByRole("radio", { name }));
    await send();
    await expect.poll(() => onDone.mock.calls).toEqual([["ghcr.io"]]);
    expect(asked).toHaveBeenCalledWith("sign_in", { registry: "ghcr.io", username: "me", password: "secret", keep });
    expect(password.value).toBe("");
  });

  it("keeps it in the keychain if nothing else is chosen", async () => {
    const { asked, onDone } = show();
    await screen.findByRole("radio", { name: "in the system's keychain" });
    await fill();
    await send();
    await expect.poll(() => onDone.mock.calls.length).toBe(1);
    expect(asked).toHaveBeenCalledWith("sign_in", expect.objectContaining({ keep: { type: "keychain" } }));
  });

  it("says why there is no keychain, and keeps it until the end then", async () => {
    const { asked, onDone } = show({ registries_list: () => registryList([], { hasKeychain: false, keychainReason: "no secret service runs", helpers: [] }) });
    expect(await screen.findByText("The system's keychain cannot be used: no secret service runs.")).toBeTruthy();
    expect(screen.getAllByRole("radio")).toHaveLength(1);
    await fill();
    await send();
    await expect.poll(() => onDone.mock.calls.length).toBe(1);
    expect(asked).toHaveBeenCalledWith("sign_in", expect.objectContaining({ keep: { type: "session" } }));
  });

  it("says in the form that the password is wrong, and keeps what was typed", async () => {
    const { onDone } = show({
      sign_in: () => {
        throw userError("passwordWrong");
      },
    });
    const password = await fill();
    await send();
    expect(within(await screen.findByRole("alert")).getByText("User or password is wrong")).toBeTruthy();
    expect(password.value).toBe("secret");
    expect(onDone).not.toHaveBeenCalled();
  });

  it("cannot be tried without a user", () => {
    show();
    expect(screen.getByRole("button", { name: "Sign in" }).hasAttribute("disabled")).toBe(true);
  });
});

describe("a registry that sends its password elsewhere", () => {
  /** Refuses until its sign-in service was allowed. */
  function elsewhere(): Answers {
    let allowed = false;
    return {
      sign_in: () => {
        if (!allowed) throw userError("realmUnknown", { params: { registry: "ghcr.io", host: "auth.example:5001" }, actions: [{ type: "approveRealm", registry: "ghcr.io", host: "auth.example:5001" }] });
        return null;
      },
      realm_approve: (request) => {
        allowed = request.allow;
        return null;
      },
    };
  }

  it("is asked about, and signed in to once it is allowed", async () => {
    const { asked, onDone } = show(elsewhere());
    await fill();
    await send();
    expect(await screen.findByText("ghcr.io wants you to sign in at auth.example:5001. Allow it to see your password?")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Allow auth.example:5001" }));
    await expect.poll(() => onDone.mock.calls).toEqual([["ghcr.io"]]);
    expect(asked).toHaveBeenCalledWith("realm_approve", { registry: "ghcr.io", host: "auth.example:5001", allow: true });
    expect(asked.mock.calls.filter(([name]) => name === "sign_in")).toHaveLength(2);
  });

  it("is left alone where nobody allows it", async () => {
    const { asked, onDone } = show(elsewhere());
    await fill();
    await send();
    await fireEvent.click(await screen.findByRole("button", { name: "Leave it" }));
    expect(screen.getByText("Not allowed: nothing was sent to auth.example:5001.")).toBeTruthy();
    expect(asked.mock.calls.some(([name]) => name === "realm_approve")).toBe(false);
    expect(onDone).not.toHaveBeenCalled();
  });
});

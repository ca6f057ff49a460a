import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, type vi } from "vitest";
import { fake } from "../../api/fake";
import { allJobs } from "../../stores/jobs.svelte";
import { looked } from "../../stores/look.svelte";
import { pullRequest } from "../../stores/pull-request.svelte";
import { choose, type RegistryPart } from "../../stores/registries.svelte";
import { route } from "../../stores/route.svelte";
import { openSession } from "../../stores/session.svelte";
import type { RegistryEntry, Settings } from "../../api/generated/types";
import { answering, firstSettings, registryEntry, registryList, userError, type Answers } from "../../../tests/answers";
import { begin } from "../../../tests/window";
import RegistriesView from "./RegistriesView.svelte";

let end: () => void = () => undefined;
afterEach(() => end());

/** The screen with a registry looked at. Settings are kept as the work does. */
async function show(entry: RegistryEntry | null, part: RegistryPart = "access", answers: Answers = {}): Promise<ReturnType<typeof vi.fn>> {
  const backend = fake({ momentMs: 1 });
  let settings: Settings = firstSettings();
  const asked = answering(backend, {
    settings_read: () => settings,
    settings_write: (request) => (settings = request.settings),
    registries_list: () => registryList([...(entry === null || entry.registry === "docker.io" ? [] : [entry]), ...settings.registries.map((name) => registryEntry(name, { isAdded: true }))]),
    xray_read: () => ({ version: 0, total: 0, requests: [] }),
    ...answers,
  });
  end = begin(backend);
  await openSession();
  if (entry !== null) choose(entry.registry, part);
  render(RegistriesView);
  await screen.findByRole("button", { name: /Docker Hub/ });
  return asked;
}

const card = (name: string): Promise<HTMLElement> => screen.findByRole("region", { name });

describe("the list of registries", () => {
  it("has the practice registry first, then the others, each with what is special about it", async () => {
    await show(registryEntry("ghcr.io", {
      images: 2, login: { username: "mona", place: { type: "session" } }, isPlainHttp: true, hasOwnCertificate: true, mirrors: ["m.example"], isBlocked: true,
      rateLimit: { limit: 100, remaining: 83, windowSeconds: 21_600, source: null, seenAt: "2026-01-01T00:00:00Z" },
    }));
    choose(null);
    const rows = within(await card("List of registries")).getAllByRole("listitem");
    expect(rows[0]?.textContent).toContain("Practice registry");
    expect(rows[1]?.textContent).toContain("Docker Hub");
    for (const words of ["ghcr.io", "2 images here", "signed in as mona", "no TLS", "own certificate", "mirror", "blocked", "83 of 100 pulls left"]) expect(rows[2]?.textContent).toContain(words);
  });

  it("takes a registry up by its address and looks at it, and takes it off again", async () => {
    const asked = await show(null);
    await fireEvent.input(screen.getByRole("textbox", { name: "Add a registry" }), { target: { value: " https://Quay.example:5000/ " } });
    await fireEvent.click(screen.getByRole("button", { name: "Add" }));
    expect(await screen.findByRole("heading", { name: "quay.example:5000" })).toBeTruthy();
    expect(asked).toHaveBeenCalledWith("settings_write", { settings: expect.objectContaining({ registries: ["quay.example:5000"] }) });
    await fireEvent.click(screen.getByRole("button", { name: "Take off the list" }));
    await expect.poll(() => screen.queryByText("quay.example:5000")).toBeNull();
  });

  it("knows a registry by another of its names", async () => {
    const asked = await show(null, "access", {
      reference_explain: () => ({ registry: "docker.io", repository: "library/repository", tag: "latest", digest: null, full: "", familiar: "" }),
    });
    await fireEvent.input(screen.getByRole("textbox", { name: "Add a registry" }), { target: { value: "index.docker.io" } });
    await fireEvent.click(screen.getByRole("button", { name: "Add" }));
    expect(await screen.findByRole("heading", { name: "Docker Hub" })).toBeTruthy();
    expect(asked.mock.calls.some(([name]) => name === "settings_write")).toBe(false);
  });

  it.each(["not a host", "just-a-word"])("says that %j is no registry", async (typed) => {
    await show(null);
    const field = screen.getByRole("textbox", { name: "Add a registry" });
    await fireEvent.input(field, { target: { value: typed } });
    await fireEvent.click(screen.getByRole("button", { name: "Add" }));
    expect((await screen.findByRole("alert")).textContent).toContain("This is no registry");
    expect(field.getAttribute("aria-invalid")).toBe("true");
  });
});

describe("the practice registry", () => {
  it("shows its address, how other tools use it, and what its samples teach", async () => {
    await show(null);
    const practice = await card("Practice registry");
    expect(await within(practice).findByText("localhost:5150")).toBeTruthy();
    expect(within(practice).getByText("docker pull localhost:5150/practice/hello:1.0")).toBeTruthy();
    expect(within(practice).getByText("Deleting does not shrink")).toBeTruthy();
  });

  it("pulls a sample", async () => {
    await show(null);
    await fireEvent.click(await screen.findByRole("button", { name: "Pull localhost:5150/practice/greeter:1.0" }));
    await expect.poll(() => allJobs()[0]?.title).toBe("localhost:5150/practice/greeter:1.0");
  });

  it("is switched off and on", async () => {
    await show(null);
    const practice = await card("Practice registry");
    const lever = screen.getByRole("switch", { name: "Practice registry" });
    await expect.poll(() => lever.getAttribute("aria-checked")).toBe("true");
    await expect.poll(() => lever.hasAttribute("disabled")).toBe(false);
    await fireEvent.click(lever);
    expect(await within(practice).findByText("off")).toBeTruthy();
    expect(screen.queryByText("localhost:5150")).toBeNull();
    await fireEvent.click(lever);
    expect(await screen.findByText("localhost:5150")).toBeTruthy();
  });
});

describe("who we are", () => {
  it.each([
    [{ type: "session" } as const, "Kept until Strata ends."],
    [{ type: "keychain" } as const, "Kept in the system's keychain."],
    [{ type: "helper", name: "pass" } as const, "Kept by the helper pass."],
  ])("says where a login is kept: %j", async (place, words) => {
    await show(registryEntry("ghcr.io", { login: { username: "mona", place } }));
    const who = await card("Who you are");
    expect(within(who).getByText("Signed in as mona")).toBeTruthy();
    expect(within(who).getByText(words)).toBeTruthy();
    expect(within(who).getByRole("button", { name: "Sign out" })).toBeTruthy();
  });

  it("says whose file holds a login, and how that is removed: Strata does not write there", async () => {
    await show(registryEntry("ghcr.io", { login: { username: "mona", place: { type: "file", path: "/etc/docker/config.json" } } }));
    const who = await card("Who you are");
    expect(within(who).getByText(/Kept in \/etc\/docker\/config\.json/)).toBeTruthy();
    expect(within(who).getByText("docker logout ghcr.io")).toBeTruthy();
    expect(within(who).queryByRole("button", { name: "Sign out" })).toBeNull();
  });

  it.each([
    ["/etc/docker/config.json", "ghcr.io", "docker logout ghcr.io"],
    ["/run/containers/auth.json", "ghcr.io", "podman logout ghcr.io"],
    ["/etc/docker/config.json", "docker.io", "docker logout"],
  ])("says after signing out that %s still has a login for %s, and that %s removes it", async (path, registry, command) => {
    let out = false;
    const entry = registryEntry(registry, { login: { username: "mona", place: { type: "session" } } });
    const file = { username: "mona", place: { type: "file", path } } as const;
    await show(entry, "access", {
      registries_list: () => ({ ...registryList([]), registries: [{ ...entry, login: out ? file : entry.login }, ...(registry === "docker.io" ? [] : [registryEntry("docker.io")])] }),
      sign_out: () => {
        out = true;
        return { left: file };
      },
    });
    await fireEvent.click(within(await card("Who you are")).getByRole("button", { name: "Sign out" }));
    expect(await screen.findByText(`Signed out here. ${path} still has a login, and that one is used from now on. This command removes it:`)).toBeTruthy();
    expect(within(await card("Who you are")).getByText(command)).toBeTruthy();
  });

  it("says so when nothing is left", async () => {
    let out = false;
    await show(registryEntry("ghcr.io"), "access", {
      registries_list: () => registryList([registryEntry("ghcr.io", { login: out ? null : { username: "mona", place: { type: "keychain" } } })]),
      sign_out: () => {
        out = true;
        return { left: null };
      },
    });
    await fireEvent.click(await screen.findByRole("button", { name: "Sign out" }));
    expect(await screen.findByText("Signed out.")).toBeTruthy();
    expect(screen.getByRole("form", { name: "Sign in to ghcr.io" })).toBeTruthy();
  });

  it("offers the form at once where nobody is signed in, and says afterwards who is", async () => {
    let signedIn = false;
    await show(registryEntry("ghcr.io"), "access", {
      registries_list: () => registryList([registryEntry("ghcr.io", { login: signedIn ? { username: "me", place: { type: "keychain" } } : null })]),
      sign_in: () => {
        signedIn = true;
        return null;
      },
    });
    await fireEvent.input(await screen.findByRole("textbox", { name: "User" }), { target: { value: "me" } });
    await fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("Signed in as me")).toBeTruthy();
    expect(screen.getByText(/Signed in to ghcr\.io/)).toBeTruthy();
    expect(screen.queryByRole("form", { name: "Sign in to ghcr.io" })).toBeNull();
  });
});

describe("the test of a connection", () => {
  const test = async (): Promise<void> => {
    await fireEvent.click(await screen.findByRole("button", { name: "Test the connection" }));
  };

  it.each([
    [null, false, "Nobody is signed in."],
    [{ username: "mona", place: { type: "session" } } as const, true, "You are signed in."],
    [{ username: "mona", place: { type: "session" } } as const, false, "It did not ask who you are."],
  ])("says that it answers, and who we are to it", async (login, isSignedIn, who) => {
    await show(registryEntry("ghcr.io", { login }), "access", { registry_test: () => ({ error: null, isSignedIn, httpVersion: "HTTP/2.0", millis: 84 }) });
    await test();
    expect(await screen.findByText(`✓ It answers, with HTTP/2, in 84 ms. ${who}`)).toBeTruthy();
  });

  it("says in words what is wrong, and leads to the certificate where that helps", async () => {
    const error = userError("tlsFailed", { params: { reason: "the certificate is of an unknown issuer" }, actions: [{ type: "retry" }, { type: "addCertificate", registry: "ghcr.io" }] });
    await show(registryEntry("ghcr.io"), "access", { registry_test: () => ({ error, isSignedIn: false, httpVersion: null, millis: 12 }) });
    await test();
    expect(await screen.findByText(/the certificate is of an unknown issuer/)).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Trust a certificate" }));
    expect(await screen.findByRole("textbox", { name: "Certificate, as text (PEM)" })).toBeTruthy();
  });

  it("asks about a sign-in service inline, and tests again once it is allowed", async () => {
    let allowed = false;
    const error = userError("realmUnknown", { params: { registry: "ghcr.io", host: "auth.example" }, actions: [{ type: "approveRealm", registry: "ghcr.io", host: "auth.example" }] });
    await show(registryEntry("ghcr.io", { login: { username: "mona", place: { type: "session" } } }), "access", {
      registry_test: () => ({ error: allowed ? null : error, isSignedIn: allowed, httpVersion: "HTTP/1.1", millis: 9 }),
      realm_approve: () => {
        allowed = true;
        return null;
      },
    });
    await test();
    await fireEvent.click(await screen.findByRole("button", { name: "Allow auth.example" }));
    expect(await screen.findByText("✓ It answers, with HTTP/1.1, in 9 ms. You are signed in.")).toBeTruthy();
  });

  it("puts the cursor into the form where signing in helps", async () => {
    const error = userError("signInNeeded", { actions: [{ type: "signIn", registry: "ghcr.io" }] });
    await show(registryEntry("ghcr.io"), "access", { registry_test: () => ({ error, isSignedIn: false, httpVersion: null, millis: 3 }) });
    await test();
    await fireEvent.click(within(await screen.findByRole("alert")).getByRole("button", { name: "Sign in" }));
    await expect.poll(() => document.activeElement).toBe(screen.getByRole("textbox", { name: "User" }));
  });

  it("has what was asked for it, and only that, folded below", async () => {
    const request = { id: 8, atMillis: 0, purpose: "ping", outcome: "answered", method: "GET", origin: "https://ghcr.io", path: "/v2/", registry: "ghcr.io", subject: null, signed: "no", rangeFrom: null, attempt: 1, status: 200, millis: 5, bytes: 2, httpVersion: "HTTP/2.0", detail: null, loginDropped: false, requestId: null, warnings: [], reason: null } as const;
    await show(registryEntry("ghcr.io"), "access", {
      registry_test: () => ({ error: null, isSignedIn: false, httpVersion: "HTTP/2.0", millis: 5 }),
      xray_read: (read) => ({ version: 9, total: 7, requests: read.since > 8 ? [] : [{ ...request, id: 7, warnings: [] }, { ...request, warnings: [] }, { ...request, id: 9, registry: "quay.io", warnings: [] }] }),
    });
    await test();
    const fold = await screen.findByText("What was asked, step by step");
    const details = fold.closest("details");
    if (details === null) throw new Error("it is not folded");
    details.open = true;
    await fireEvent(details, new Event("toggle"));
    const rows = await screen.findAllByRole("listitem", { name: /GET \/v2\// });
    expect(rows.map((row) => row.getAttribute("aria-label"))).toEqual(["8. GET /v2/, registry, 200 · answered: There is a registry, and it lets us in."]);
  });
});

describe("pulls that are left", () => {
  it("are asked for, and shown with window and source", async () => {
    await show(registryEntry("ghcr.io"), "access", { rate_limit_read: () => ({ limit: 100, remaining: 83, windowSeconds: 21_600, source: "203.0.113.9", seenAt: new Date().toISOString() }) });
    const rate = await card("Pulls left");
    expect(within(rate).getByText(/Not known yet/)).toBeTruthy();
    await fireEvent.click(within(rate).getByRole("button", { name: "Ask now" }));
    const meter = await within(rate).findByRole("meter");
    expect(meter.getAttribute("aria-valuetext")).toBe("83 of 100 pulls left");
    expect(within(rate).getByText("A new window every 6 hr · counted by your address, 203.0.113.9 · told now")).toBeTruthy();
  });

  it("are not limited, as far as the registry tells", async () => {
    await show(registryEntry("ghcr.io"), "access", { rate_limit_read: () => null });
    await fireEvent.click(within(await card("Pulls left")).getByRole("button", { name: "Ask now" }));
    expect(await screen.findByText("This registry tells no limit.")).toBeTruthy();
  });

  it("go with what the registry wants people to know", async () => {
    await show(registryEntry("ghcr.io", { warnings: ["This registry closes in May."] }));
    expect(await screen.findByText("This registry closes in May.")).toBeTruthy();
  });
});

describe("browsing", () => {
  it("reads a page after another, filters what was read, and looks at what is chosen", async () => {
    await show(registryEntry("ghcr.io"), "browse", {
      repositories_list: (read) => (read.next === null ? { names: ["acme/api", "acme/web"], next: "page 2" } : { names: ["tools/lint"], next: null }),
    });
    expect(await screen.findByText("2 read")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Read more" }));
    expect(await screen.findByText("3 read")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Read more" })).toBeNull();
    await fireEvent.input(screen.getByRole("searchbox", { name: "Filter the repositories" }), { target: { value: "LINT" } });
    expect(screen.queryByRole("button", { name: "acme/api" })).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "tools/lint" }));
    expect(route().screen).toBe("pull");
    expect(pullRequest.text).toBe("ghcr.io/tools/lint");
    expect(looked.reference).toBe("ghcr.io/tools/lint");
  });

  it("says in a plain sentence that a registry lists nothing, and takes a typed name all the same", async () => {
    await show(registryEntry("ghcr.io"), "browse", {
      repositories_list: () => {
        throw userError("catalogMissing");
      },
    });
    expect(await screen.findByText(/does not tell what it holds/)).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
    await fireEvent.input(screen.getByRole("textbox", { name: "Name of a repository" }), { target: { value: "owner/app" } });
    await fireEvent.click(screen.getByRole("button", { name: "Look at it" }));
    expect(looked.reference).toBe("ghcr.io/owner/app");
  });

  it("searches Docker Hub, and looks at what is chosen", async () => {
    const asked = await show(registryEntry("docker.io"), "browse", {
      hub_search: () => [{ name: "nginx", description: "Official build of Nginx.", stars: 20_500, pulls: 12_000_000_000, isOfficial: true }, { name: "bitnami/nginx", description: "", stars: 1, pulls: 3, isOfficial: false }],
    });
    await fireEvent.input(await screen.findByRole("searchbox", { name: "Search Docker Hub" }), { target: { value: " nginx " } });
    await fireEvent.click(screen.getByRole("button", { name: "Search" }));
    const results = await screen.findByRole("list", { name: "Found on Docker Hub" });
    const [first, second] = within(results).getAllByRole("listitem");
    for (const words of ["nginx", "✓ official", "21K stars", "12B pulls", "Official build of Nginx."]) expect(first?.textContent).toContain(words);
    expect(second?.textContent).toContain("1 star");
    expect(asked).toHaveBeenCalledWith("hub_search", { query: "nginx" });
    await fireEvent.click(within(second as HTMLElement).getByRole("button"));
    expect(looked.reference).toBe("bitnami/nginx");
  });

  it("says in a plain sentence that there is no search without a network", async () => {
    await show(registryEntry("docker.io"), "browse", {
      hub_search: () => {
        throw userError("searchFailed", { subject: "hub.docker.com", params: { reason: "no route" } });
      },
    });
    await fireEvent.input(await screen.findByRole("searchbox", { name: "Search Docker Hub" }), { target: { value: "nginx" } });
    await fireEvent.click(screen.getByRole("button", { name: "Search" }));
    expect(await screen.findByText(/Type the name of the image: a pull does not need the search/)).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("trust", () => {
  it("takes a certificate as text, says that there is one, and takes it away again", async () => {
    let pem = "";
    const asked = await show(registryEntry("ghcr.io"), "trust", {
      registries_list: () => registryList([registryEntry("ghcr.io", { hasOwnCertificate: pem !== "", certificateFolders: pem === "" ? [] : ["/data/certs.d/ghcr.io"] })]),
      certificate_write: (request) => {
        pem = request.pem;
        return null;
      },
    });
    const text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    await fireEvent.input(await screen.findByRole("textbox", { name: "Certificate, as text (PEM)" }), { target: { value: text } });
    await fireEvent.click(screen.getByRole("button", { name: "Trust it" }));
    expect(await screen.findByText("✓ A certificate that was added here is trusted.")).toBeTruthy();
    expect(screen.getByText("/data/certs.d/ghcr.io")).toBeTruthy();
    expect(asked).toHaveBeenCalledWith("certificate_write", { registry: "ghcr.io", pem: text });
    await fireEvent.click(screen.getByRole("button", { name: "Trust it no more" }));
    expect(await screen.findByText("✓ Not trusted any more.")).toBeTruthy();
    expect(asked).toHaveBeenCalledWith("certificate_write", { registry: "ghcr.io", pem: "" });
  });

  it("says what is no certificate", async () => {
    await show(registryEntry("ghcr.io"), "trust", {
      certificate_write: () => {
        throw userError("certificateInvalid", { params: { reason: "there is none in it" } });
      },
    });
    await fireEvent.input(await screen.findByRole("textbox", { name: "Certificate, as text (PEM)" }), { target: { value: "nonsense" } });
    await fireEvent.click(screen.getByRole("button", { name: "Trust it" }));
    expect(within(await screen.findByRole("alert")).getByText("This is no certificate")).toBeTruthy();
  });

  it("adds mirrors, orders them, removes them, and shows those of other tools' files", async () => {
    const written = (): unknown[] => asked.mock.calls.filter(([name]) => name === "settings_write").map(([, request]) => request.settings.mirrors.map((mirror: { location: string }) => mirror.location));
    const asked = await show(registryEntry("ghcr.io", { mirrors: ["followed.example"] }), "trust");
    const mirrors = await card("Mirrors");
    expect(within(mirrors).getByText("followed.example")).toBeTruthy();
    const add = async (location: string): Promise<void> => {
      await fireEvent.input(within(mirrors).getByRole("textbox"), { target: { value: location } });
      await fireEvent.click(within(mirrors).getByRole("button", { name: "Add" }));
    };
    await add("one.example:5000/hub");
    await within(mirrors).findByText("one.example:5000/hub");
    await add("two.example");
    await fireEvent.click(await within(mirrors).findByRole("button", { name: "Ask two.example earlier" }));
    await fireEvent.click(await within(mirrors).findByRole("button", { name: "Remove one.example:5000/hub" }));
    await expect.poll(written).toEqual([["one.example:5000/hub"], ["one.example:5000/hub", "two.example"], ["two.example", "one.example:5000/hub"], ["two.example"]]);
    expect(within(mirrors).queryByRole("button", { name: /followed\.example/ })).toBeNull();
  });

  it("takes no address with https:// for a mirror", async () => {
    await show(registryEntry("ghcr.io"), "trust");
    const mirrors = await card("Mirrors");
    await fireEvent.input(within(mirrors).getByRole("textbox"), { target: { value: "https://one.example" } });
    await fireEvent.click(within(mirrors).getByRole("button", { name: "Add" }));
    expect(within(mirrors).getByRole("alert").textContent).toContain("without https://");
  });

  it("speaks without TLS only where that is switched on, and warns", async () => {
    const asked = await show(registryEntry("ghcr.io"), "trust");
    expect(await screen.findByText(/Everybody on the way can then read and change/)).toBeTruthy();
    await fireEvent.click(screen.getByRole("switch", { name: "Speak to it without TLS" }));
    await expect.poll(() => asked.mock.calls.some(([name, request]) => name === "settings_write" && request.settings.plainHttp.includes("ghcr.io"))).toBe(true);
  });

  it("lists sign-in services that were allowed, to allow them no more", async () => {
    const asked = await show(registryEntry("ghcr.io", { trustedRealms: ["auth.example:5001"] }), "trust", { realm_approve: () => null });
    await fireEvent.click(await screen.findByRole("button", { name: "Allow auth.example:5001 no more" }));
    await expect.poll(() => asked.mock.calls.find(([name]) => name === "realm_approve")?.[1]).toEqual({ registry: "ghcr.io", host: "auth.example:5001", allow: false });
  });
});

describe("the parts of a registry", () => {
  it("are walked through by the arrows", async () => {
    await show(registryEntry("ghcr.io"), "access", { repositories_list: () => ({ names: [], next: null }) });
    const access = await screen.findByRole("tab", { name: "Access" });
    access.focus();
    await fireEvent.keyDown(access, { key: "ArrowRight" });
    const browse = screen.getByRole("tab", { name: "Browse" });
    expect(browse.getAttribute("aria-selected")).toBe("true");
    expect(document.activeElement).toBe(browse);
    await fireEvent.keyDown(browse, { key: "ArrowLeft" });
    await fireEvent.keyDown(access, { key: "ArrowLeft" });
    expect(screen.getByRole("tab", { name: "X-ray" }).getAttribute("aria-selected")).toBe("true");
  });
});

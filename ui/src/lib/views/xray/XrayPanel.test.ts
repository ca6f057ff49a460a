import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { setBackend, type Backend } from "../../api";
import type { JobSnapshot, Xray, XrayRequest } from "../../api/generated/types";
import { fake } from "../../api/fake";
import { setLanguage } from "../../i18n";
import { followJobs } from "../../stores/jobs.svelte";
import { openSession } from "../../stores/session.svelte";
import { pullRequests, xrayRequest } from "./sample-requests";
import XrayPanel from "./XrayPanel.svelte";

let ends: (() => void)[] = [];
afterEach(() => {
  ends.forEach((end) => end());
  ends = [];
});

/** A backend whose ladder grows: each answer brings what was added since the version that is asked from. */
function ladder(first: XrayRequest[], jobs: Partial<JobSnapshot>[] = []): { backend: Backend; add: (request: XrayRequest) => void; asked: () => number } {
  const backend = fake();
  const rows = [...first];
  let asked = 0;
  const call = backend.call;
  vi.spyOn(backend, "call").mockImplementation((name, request) => {
    if (name === "jobs_list") return Promise.resolve(jobs) as never;
    if (name !== "xray_read") return call(name, request);
    asked += 1;
    const since = (request as unknown as { since: number }).since;
    return Promise.resolve({ version: rows.length, total: rows.length, requests: rows.slice(since) } satisfies Xray) as never;
  });
  setBackend(backend);
  setLanguage("en");
  return { backend, add: (request) => rows.push(request), asked: () => asked };
}

describe("X-ray", () => {
  it("shows each request as a labelled row with what it means", async () => {
    ladder(pullRequests());
    render(XrayPanel, { scope: { type: "session" } });
    const rows = await screen.findAllByRole("listitem", { name: /^\d+\. / });
    expect(rows).toHaveLength(6);
    expect(rows[0]?.getAttribute("aria-label")).toBe("1. GET /v2/library/nginx/manifests/1.27, registry, 401 · who are you?: The registry asks who you are (401). That is normal: it names the token service.");
    expect(within(rows[3] as HTMLElement).getByText("login stayed behind")).toBeTruthy();
    expect(screen.getByText("6 requests")).toBeTruthy();
    expect(document.body.textContent).not.toContain("s3cret");
  });

  it("grows while somebody looks at it", async () => {
    const { add } = ladder(pullRequests());
    render(XrayPanel, { scope: { type: "session" } });
    await screen.findByText("6 requests");
    add(xrayRequest({ id: 7 }));
    expect(await screen.findByText("7 requests")).toBeTruthy();
  });

  it("is read once, and not again, where the job has ended", async () => {
    const job = { id: 3, kind: "pull", title: "nginx:1.27", reference: "nginx:1.27", outcome: { type: "stopped" } } as Partial<JobSnapshot>;
    const { asked } = ladder(pullRequests(), [job]);
    ends.push(followJobs());
    render(XrayPanel, { scope: { type: "job", id: 3 } });
    await screen.findByText("6 requests");
    const before = asked();
    await new Promise((done) => setTimeout(done, 700));
    expect(asked()).toBe(before);
  });

  it("asks nothing any more once it is gone", async () => {
    const { asked } = ladder(pullRequests());
    const { unmount } = render(XrayPanel, { scope: { type: "session" } });
    await screen.findByText("6 requests");
    unmount();
    const before = asked();
    await new Promise((done) => setTimeout(done, 700));
    expect(asked()).toBe(before);
  });

  it("shows failures only where that is wanted", async () => {
    ladder(pullRequests());
    render(XrayPanel, { scope: { type: "session" } });
    await fireEvent.click(await screen.findByRole("button", { name: "Failures 1" }));
    const rows = screen.getAllByRole("listitem", { name: /^\d+\. / });
    expect(rows.map((row) => row.getAttribute("aria-label")?.slice(0, 2))).toEqual(["5."]);
  });

  it("shows only what went to one registry, and only what is new, where that is wanted", async () => {
    ladder([...pullRequests(), xrayRequest({ id: 7, registry: "ghcr.io" }), xrayRequest({ id: 8 })]);
    render(XrayPanel, { scope: { type: "session" }, registry: "docker.io", after: 6 });
    expect(await screen.findByText("1 request")).toBeTruthy();
    expect(screen.getByRole("listitem", { name: /^8\. / })).toBeTruthy();
  });

  it("is walked through by the arrows, and tells all of the row that is chosen", async () => {
    ladder(pullRequests());
    render(XrayPanel, { scope: { type: "session" } });
    const [first] = await screen.findAllByRole("listitem", { name: /^\d+\. / });
    first?.focus();
    await fireEvent.keyDown(first as HTMLElement, { key: "ArrowDown" });
    await expect.poll(() => document.activeElement?.getAttribute("aria-label")).toMatch(/^2\. /);
    const details = screen.getByRole("region", { name: "Request 2" });
    expect(within(details).getByText("GET https://auth.docker.io/token?service=registry.docker.io&scope=repository:library/nginx:pull")).toBeTruthy();
    await fireEvent.keyDown(document.activeElement as HTMLElement, { key: "End" });
    await expect.poll(() => document.activeElement?.getAttribute("aria-label")).toMatch(/^6\. /);
    await fireEvent.keyDown(document.activeElement as HTMLElement, { key: "Escape" });
    expect(screen.queryByRole("region", { name: /^Request/ })).toBeNull();
  });

  it("makes only the rows that can be seen, of two thousand", async () => {
    ladder(Array.from({ length: 2000 }, (_, at) => xrayRequest({ id: at + 1 })));
    render(XrayPanel, { scope: { type: "session" } });
    expect(await screen.findByText("2,000 requests")).toBeTruthy();
    const rows = screen.getAllByRole("listitem", { name: /^[\d,]+\. / });
    expect(rows.length).toBeLessThan(40);
    expect(rows[0]?.getAttribute("aria-setsize")).toBe("2000");
  });

  it("is copied as a report without a secret", async () => {
    const { backend } = ladder(pullRequests());
    setBackend(backend);
    await openSession();
    setLanguage("en");
    const writeText = vi.fn((_text: string) => Promise.resolve());
    vi.stubGlobal("navigator", { ...navigator, userAgent: "test", clipboard: { writeText } });
    render(XrayPanel, { scope: { type: "session" } });
    await screen.findByText("6 requests");
    await fireEvent.click(screen.getByRole("button", { name: "Copy as report" }));
    expect(await screen.findByText("copied")).toBeTruthy();
    vi.unstubAllGlobals();
    const text = writeText.mock.calls[0]?.[0] ?? "";
    expect(text).toContain("Strata 0.1.0");
    expect(text.match(/^#\d+/gm)).toHaveLength(6);
    expect(text).not.toContain("s3cret");
  });

  it("says so when nothing was asked yet", async () => {
    ladder([]);
    render(XrayPanel, { scope: { type: "session" } });
    expect(await screen.findByText("Nothing has been asked yet.")).toBeTruthy();
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import type { XrayOutcome, XrayPurpose, XraySigned } from "../../api/generated/types";
import { setLanguage } from "../../i18n";
import { lookUp } from "../../i18n/messages";
import { pullRequests, xrayRequest } from "./sample-requests";
import { hostOf, lanesOf } from "./xray-lanes";
import { withBreaks } from "./xray-breaks";
import { xrayReport } from "./xray-report";
import { withoutSecrets } from "./xray-secrets";
import { isFailure, outcomeWords, sentence, sentenceKey } from "./xray-words";

const PURPOSES: readonly XrayPurpose[] = ["ping", "token", "manifest", "blob", "tags", "catalog", "referrers", "hub"];
const OUTCOMES: readonly XrayOutcome[] = ["waiting", "answered", "part", "challenged", "redirected", "notFound", "refused", "limited", "serverFailed", "broken"];
const SIGNED: readonly XraySigned[] = ["no", "basic", "bearer"];
const FACTS = { info: { version: "1.2.3", storePath: "/data", hostPlatform: "linux/amd64", locale: "en", downloads: "/d" }, scope: { type: "job", id: 7 }, about: "nginx:1.27", total: 6, writtenAt: new Date(0), agent: "test" } as const;

beforeEach(() => setLanguage("en"));

describe("every purpose with every outcome", () => {
  const all = PURPOSES.flatMap((purpose) => OUTCOMES.map((outcome) => [purpose, outcome] as const));

  it.each(all)("%s that is %s is explained in both languages, whatever else is known of it", (purpose, outcome) => {
    for (const signed of SIGNED)
      for (const bytes of [null, 5_000])
        for (const rangeFrom of [null, 9_000])
          for (const detail of [null, "Bearer, Basic"])
            for (const loginDropped of [false, true])
              for (const reason of [null, "it was reset"]) {
                const request = xrayRequest({ purpose, outcome, signed, bytes, rangeFrom, detail, loginDropped, reason, subject: null, status: null });
                const key = sentenceKey(request);
                for (const language of ["en", "ko"] as const) {
                  expect(lookUp(language, key), `${language} ${key}`).toBeTypeOf("string");
                  setLanguage(language);
                  expect(sentence(request)).not.toMatch(/\{|undefined|null/);
                  expect(outcomeWords(request)).not.toContain(".");
                }
              }
  });
});

describe("a request", () => {
  it.each([
    [0, "The registry asks who you are (401). That is normal: it names the token service."],
    [1, "The token service gave leave. The token itself is never shown."],
    [2, "The manifest of 1.27: the list of the image's parts, or of its platforms."],
    [3, "The layer lies on another server, cdn.example; the login stays behind."],
    [4, "It broke off after 3.1 MB; the rest is asked for from there."],
    [5, "The rest from 3.1 MB on: what had arrived is not asked for again."],
  ])("of a pull, the one at %d, says: %s", (at, text) => {
    const request = pullRequests()[at];
    expect(request && sentence(request)).toBe(text);
  });

  it("that asked only for a digest says that it cost nothing", () => {
    expect(sentence(xrayRequest({ method: "HEAD" }))).toContain("Only its digest was asked for");
  });

  it("that is asked again after it was signed says that the signature was not enough", () => {
    expect(sentence(xrayRequest({ outcome: "challenged", signed: "bearer", status: 401 }))).toContain("does not accept how this was signed");
  });

  it("counts as failed only if something is wrong", () => {
    expect(pullRequests().filter(isFailure).map((request) => request.id)).toEqual([5]);
    expect(isFailure(xrayRequest({ purpose: "referrers", outcome: "notFound" }))).toBe(false);
    expect(isFailure(xrayRequest({ purpose: "token", outcome: "challenged", signed: "basic" }))).toBe(true);
    expect(isFailure(xrayRequest({ outcome: "notFound" }))).toBe(true);
  });
});

describe("a body that broke off", () => {
  const blob = { purpose: "blob", subject: "sha256:aa" } as const;
  const outcomes = (requests: Parameters<typeof withBreaks>[0]): string[] => withBreaks(requests).map((request) => request.outcome);

  it("is known by its rest being asked for, however often", () => {
    const first = xrayRequest({ id: 1, ...blob, bytes: 1_000 });
    const second = xrayRequest({ id: 2, ...blob, rangeFrom: 1_000, outcome: "part", bytes: 500 });
    const third = xrayRequest({ id: 3, ...blob, rangeFrom: 1_500, outcome: "part", bytes: 700 });
    expect(outcomes([first, second, third])).toEqual(["broken", "broken", "part"]);
    expect(sentence(withBreaks([first, second])[0] ?? first)).toBe("It broke off after 1 kB; the rest is asked for from there.");
  });

  it("is not one that came whole, nor one of another blob", () => {
    expect(outcomes([xrayRequest({ id: 1, ...blob, bytes: 1_000 }), xrayRequest({ id: 2, ...blob, subject: "sha256:bb", rangeFrom: 1_000 })])).toEqual(["answered", "answered"]);
    expect(outcomes([xrayRequest({ id: 1, ...blob, rangeFrom: 1_000, outcome: "part", bytes: 10 }), xrayRequest({ id: 2, ...blob, bytes: 1_000 })])).toEqual(["part", "answered"]);
  });
});

describe("the columns", () => {
  it("tell the registry from its token service and from where it sends us", () => {
    const requests = pullRequests();
    const lanes = lanesOf(requests);
    expect(requests.map(lanes.of)).toEqual(["registry", "tokens", "registry", "registry", "elsewhere", "elsewhere"]);
    expect(lanes.hosts).toEqual({ registry: ["registry-1.docker.io"], tokens: ["auth.docker.io"], elsewhere: ["cdn.example"] });
    expect(requests.map(lanes.target)).toEqual([null, null, null, "elsewhere", null, null]);
  });

  it("are as many as are needed", () => {
    expect(lanesOf([xrayRequest()]).shown).toEqual(["registry"]);
    expect(lanesOf(pullRequests()).shown).toEqual(["registry", "tokens", "elsewhere"]);
  });

  it("keep a mirror that sends back to the registry a registry", () => {
    const mirror = xrayRequest({ id: 1, origin: "https://mirror.example", outcome: "redirected", detail: "registry-1.docker.io" });
    const asked = xrayRequest({ id: 2, outcome: "challenged", status: 401 });
    expect(lanesOf([mirror, asked]).of(asked)).toBe("registry");
  });

  it.each([["https://a.example:443", "a.example"], ["http://a.example:80", "a.example"], ["http://localhost:5000", "localhost:5000"], ["a.example", "a.example"]])("name %s by its host, %s", (origin, host) => {
    expect(hostOf(origin)).toBe(host);
  });
});

describe("a report", () => {
  it("names the versions and every request with what is known of it", () => {
    const text = xrayReport(pullRequests(), FACTS);
    expect(text).toContain("Strata 1.2.3 on linux/amd64");
    expect(text).toContain("scope: job 7, nginx:1.27");
    expect(text).toContain("requests: 6 listed, 6 in all, 1 failed");
    expect(text).toContain("GET https://auth.docker.io/token?service=registry.docker.io&scope=repository:library/nginx:pull");
    expect(text).toContain("to cdn.example, login dropped");
    expect(text).toContain("from byte 3100000, try 2");
    expect(text).toContain("reason: the connection was reset");
    expect(text.match(/^#\d+/gm)).toHaveLength(6);
  });

  it("has no secret, wherever one might hide", () => {
    const hidden = "hunter2TOPsecret99";
    const text = xrayReport(
      [
        xrayRequest({ path: `/blob?X-Amz-Signature=${hidden}&n=100`, requestId: "abc-1" }),
        xrayRequest({ origin: `https://me:${hidden}@proxy.example`, path: "/v2/" }),
        xrayRequest({ outcome: "broken", reason: `cannot send Authorization: Bearer ${hidden}`, warnings: [`299 - "Basic ${hidden}="`] }),
        xrayRequest({ detail: `https://cdn.example/x?sig=${hidden}`, outcome: "redirected" }),
        xrayRequest({ reason: `eyJ${hidden}.eyJ${hidden}.${hidden}` }),
      ],
      { ...FACTS, about: `https://x.example/?token=${hidden}` },
    );
    expect(text).not.toContain(hidden);
    expect(text).toContain("n=100");
    expect(text).toContain("abc-1");
  });

  it.each([["a basic authentication scheme"], ["/v2/_catalog?n=100&last=b"], ["repo/app@sha256:abc"], ["Bearer realm"]])("leaves %s as it is", (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });
});
